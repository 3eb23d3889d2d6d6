"""Another bank account on letters needs a second person (invoice fraud), and everybody is warned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from debitora.messaging.actions import (
    NeedsAnotherPerson,
    NoOpenChange,
    RoleIsNewer,
    TooEarly,
    confirm_account,
    save_sender,
    withdraw_account,
)
from debitora.messaging.actions.telling import tell_of_account
from debitora.messaging.models import AccountChange, AccountChangeEnd, Sender
from debitora.messaging.queries.accounts import confirmed_lately, open_change
from debitora.messaging.rules.accounts import (
    ALONE_AFTER,
    SHOWN_FOR,
    Refusal,
    Standing,
    needs_second_person,
    refusal,
)
from debitora.messaging.testing import MOMENT, SENDER, TESTS, a_sender
from debitora.people.actions import add_user, grant
from debitora.people.models import Company, User
from debitora.trail.models import Record
from debitora.trail.rules import Actor
from tests.smtp_server import SmtpServer

Sign = Callable[[Any], Client]
OLD = Standing(SENDER["iban"], "")
NEW = "DE89370400440532013000"
THIRD = "AT611904300234573201"


def as_actor(user: User) -> Actor:
    return Actor(user.id, "user", user.login)


@pytest.fixture
def second(company: Company) -> User:
    """Another credit manager."""
    user = add_user(
        login="second", name="Zwo", password="correct horse battery", email="second@acme.example",
        language="de", at=MOMENT,
    )  # fmt: skip
    grant(company=company, user=user, role="manager", by=TESTS, at=MOMENT)
    return user


def ask(company: Company, by: User, *, at: datetime = MOMENT, iban: str = NEW, **more: str) -> Sender:
    return save_sender(company=company.id, changes={"iban": iban, **more}, by=as_actor(by), at=at)


def confirm(company: Company, by: User, *, at: datetime = MOMENT) -> Sender:
    change = open_change()
    return confirm_account(company=company, change=change.id if change else 0, by=as_actor(by), at=at)


# --------------------------------------------------------------------------------------------- rules


@pytest.mark.parametrize(
    ("known", "wanted", "needs"),
    [
        (Standing(), Standing(NEW), False),
        (OLD, OLD, False),
        (OLD, Standing(), False),
        (OLD, Standing(OLD.iban, "BYLADEM1001"), False),
        (OLD, Standing(NEW), True),
        (Standing(OLD.iban, "BYLADEM1001"), Standing(OLD.iban, "COBADEFFXXX"), True),
        (Standing(OLD.iban, "BYLADEM1001"), OLD, True),
    ],
)
def test_which_changes_need_a_second_person(known: Standing, wanted: Standing, needs: bool) -> None:
    assert needs_second_person(known=known, wanted=wanted) is needs


@pytest.mark.parametrize(
    ("by", "hours", "alone", "against"),
    [
        (2, 0, False, None),
        (1, 99, False, Refusal.OWN),
        (1, 23, True, Refusal.TOO_EARLY),
        (1, 24, True, None),
        (None, 99, True, Refusal.OWN),
    ],
)
def test_who_may_confirm(by: int | None, hours: int, alone: bool, against: Refusal | None) -> None:
    at = MOMENT + timedelta(hours=hours)
    found = refusal(proposed_by=1, by=by, proposed_at=MOMENT, at=at, since=MOMENT, alone=alone)
    assert found is against


@pytest.mark.parametrize(
    ("since", "against"),
    [(MOMENT, None), (MOMENT + timedelta(seconds=1), Refusal.NEW), (None, Refusal.NEW)],
)
def test_who_got_her_role_after_the_proposal_may_not_confirm(
    since: datetime | None, against: Refusal | None
) -> None:
    late = MOMENT + timedelta(days=9)
    assert refusal(proposed_by=1, by=2, proposed_at=MOMENT, at=late, since=since, alone=False) is against


# ------------------------------------------------------------------------------------------- actions


def test_the_first_account_needs_nobody(company: Company, manager: User) -> None:
    assert ask(company, manager).iban == NEW
    assert open_change() is None


def test_h03_another_account_waits_for_another_person(company: Company, manager: User, second: User) -> None:
    a_sender(company.id)
    saved = ask(company, manager, bank="Neue Bank", city="Bremen")
    assert (saved.iban, saved.bank, saved.city) == (SENDER["iban"], "", "Bremen")
    with pytest.raises(NeedsAnotherPerson):
        confirm(company, manager, at=MOMENT + timedelta(days=9))
    confirmed = confirm(company, second)
    assert (confirmed.iban, confirmed.bank) == (NEW, "Neue Bank")
    with pytest.raises(NoOpenChange):
        confirm(company, second)
    told = Record.objects.filter(verb__startswith="account.").order_by("id")
    assert [(one.verb, one.actor_label) for one in told] == [
        ("account.proposed", manager.login),
        ("account.confirmed", "second"),
    ]
    assert told[1].facts == {"iban": NEW, "before": SENDER["iban"]}


def test_h03_a_second_login_that_was_made_for_it_cannot_confirm(
    company: Company, client_of: Sign, manager: User, second: User
) -> None:
    """Who proposed it gives somebody the role; whoever had it before still confirms."""
    a_sender(company.id)
    ask(company, manager)
    later = MOMENT + timedelta(hours=1)
    third = add_user(
        login="third", name="Drei", password="correct horse battery", email="third@acme.example",
        language="en", at=later,
    )  # fmt: skip
    grant(company=company, user=third, role="manager", by=as_actor(manager), at=later)
    with pytest.raises(RoleIsNewer):
        confirm(company, third, at=MOMENT + timedelta(days=9))
    page = client_of(third).get("/c/acme/settings/sender/").content.decode()
    assert "you got your role after it was proposed" in page
    assert "Confirm the account" not in page
    change = {"change": AccountChange.objects.get().id}
    confirmation = "/c/acme/settings/sender/account/confirmation/"
    refused = client_of(third).post(confirmation, change, follow=True).content.decode()
    assert "you got your role after it was proposed" in refused
    assert confirm(company, second).iban == NEW


def test_the_only_manager_waits_a_day(company: Company, manager: User) -> None:
    a_sender(company.id)
    ask(company, manager)
    with pytest.raises(TooEarly):
        confirm(company, manager, at=MOMENT + ALONE_AFTER - timedelta(seconds=1))
    assert confirm(company, manager, at=MOMENT + ALONE_AFTER).iban == NEW


def test_emptying_first_is_no_way_round(company: Company, manager: User) -> None:
    a_sender(company.id)
    assert ask(company, manager, iban="").iban == ""
    assert ask(company, manager).iban == ""
    assert open_change() is not None
    assert ask(company, manager, iban=SENDER["iban"]).iban == SENDER["iban"]


def test_a_newer_proposal_takes_the_place_of_an_older(company: Company, manager: User, second: User) -> None:
    a_sender(company.id)
    ask(company, manager)
    ask(company, manager)
    assert AccountChange.objects.count() == 1
    ask(company, second, iban=THIRD)
    assert AccountChangeEnd.objects.get().kind == "replaced"
    with pytest.raises(NeedsAnotherPerson):
        confirm(company, second)
    assert confirm(company, manager).iban == THIRD


def test_a_proposal_can_be_withdrawn(company: Company, manager: User) -> None:
    a_sender(company.id)
    ask(company, manager)
    change = AccountChange.objects.get()
    withdraw_account(company=company.id, change=change.id, by=as_actor(manager), at=MOMENT)
    assert open_change() is None
    with pytest.raises(NoOpenChange):
        withdraw_account(company=company.id, change=change.id, by=as_actor(manager), at=MOMENT)


def test_a_confirmed_change_is_shown_for_two_weeks(company: Company, manager: User, second: User) -> None:
    a_sender(company.id)
    ask(company, manager)
    confirm(company, second)
    assert confirmed_lately(at=MOMENT + SHOWN_FOR - timedelta(seconds=1)) is not None
    assert confirmed_lately(at=MOMENT + SHOWN_FOR) is None


def test_the_managers_are_told_by_mail(company: Company, manager: User, second: User) -> None:
    with SmtpServer() as sink:
        a_sender(company.id, port=sink.port)
        ask(company, manager)
        change = AccountChange.objects.get().id
        told = tell_of_account(company=company, change=change, verb="account.proposed", at=MOMENT)
    assert told == len(sink.mails)
    assert ("second@acme.example",) in [mail.recipients for mail in sink.mails]
    data = sink.mails[0].data
    assert b"Auto-Submitted: auto-generated" in data


# --------------------------------------------------------------------------------------------- pages


def test_from_the_form_to_the_second_person(
    company: Company, client_of: Sign, manager: User, second: User, clerk: User
) -> None:
    a_sender(company.id)
    sender = Sender.objects.get()
    form = {**SENDER, "smtp_port": 2525, "daily_bound": 5000, "version": sender.version, "iban": NEW}
    answer = client_of(manager).post("/c/acme/settings/sender/edit/", form, follow=True).content.decode()
    assert "waits for a second person" in answer
    assert "you proposed it" in answer
    assert "DE89 3704" in answer
    change = {"change": AccountChange.objects.get().id}
    confirmation = "/c/acme/settings/sender/account/confirmation/"
    refused = client_of(manager).post(confirmation, change, follow=True).content.decode()
    assert "Another credit manager has to confirm" in refused
    warning = client_of(clerk).get("/c/acme/deliveries/account/").content.decode()
    assert "Another bank account waits" in warning
    assert client_of(clerk).post(confirmation, change).status_code == 403
    page = client_of(second).get("/c/acme/settings/sender/").content.decode()
    assert "Confirm the account" in page
    done = client_of(second).post(confirmation, change, follow=True).content.decode()
    assert "stands on letters from now on" in done
    assert (
        "does not wait any more" in client_of(second).post(confirmation, change, follow=True).content.decode()
    )
    assert "has changed lately" in client_of(clerk).get("/c/acme/deliveries/account/").content.decode()


def test_nothing_to_warn_of_is_empty(company: Company, client_of: Sign, clerk: User) -> None:
    assert client_of(clerk).get("/c/acme/deliveries/account/").content.strip() == b""


def test_a_proposal_is_withdrawn_on_the_page(company: Company, client_of: Sign, manager: User) -> None:
    a_sender(company.id)
    ask(company, manager)
    form = {"change": AccountChange.objects.get().id}
    address = "/c/acme/settings/sender/account/withdrawal/"
    assert (
        "The account in force stays" in client_of(manager).post(address, form, follow=True).content.decode()
    )
    assert "does not wait any more" in client_of(manager).post(address, form, follow=True).content.decode()
