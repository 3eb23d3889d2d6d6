"""How a step reaches the customer: both ways at once, in which language, and who is named (S22)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from debitora.documents.queries import read_bytes
from debitora.dunning.actions import cancel_notice, follow, withdraw_grounds
from debitora.dunning.models import Notice, NoticeEvent
from debitora.dunning.queries.letters import channels_for
from debitora.dunning.queries.lists import notice_row
from debitora.dunning.queries.papers import history_of
from debitora.dunning.queries.strategies import strategies
from debitora.dunning.rules.composition import Recipient
from debitora.dunning.rules.policy import Channel, Counting
from debitora.dunning.rules.policy_file import as_document, from_document
from debitora.dunning.rules.presets import preset
from debitora.dunning.templatetags.strategy_prose import prose
from debitora.dunning.testing import MOMENT, TESTS, a_late_payer, a_released_run, a_run, a_strategy
from debitora.dunning.tests.test_strategy_pages import here, typed
from debitora.messaging.actions import mark_printed
from debitora.messaging.actions.intents import move
from debitora.messaging.models import Intent
from debitora.messaging.queries import touches
from debitora.messaging.rules.states import Event
from debitora.people.models import Company, User
from debitora.receivables.actions import edit_customer
from debitora.receivables.models import Customer, Item, ItemState, LevelEvent

HOME = {"street": "Weg 1", "postcode": "10115", "city": "Berlin"}
MONDAY = MOMENT
TUESDAY = MOMENT + timedelta(days=1)
STEP = preset("de-business").steps[0]
SENT = (Event.CLAIM, Event.START_DATA, Event.ACCEPT)
REFUSED = (Event.CLAIM, Event.REFUSE_PERM)


def of_both(company: Company, counts: Counting = Counting.LETTER, **step: object) -> None:
    first = replace(STEP, channel=Channel.BOTH, counts=counts, **step)
    a_strategy(company, kind="business", steps=(first, *preset("de-business").steps[1:]))


def message(channel: str) -> Intent:
    return Intent.objects.get(channel=channel)


def mail(*events: Event, at: datetime = MONDAY) -> None:
    """Let the mail go a way that its server decides."""
    for event in events:
        move(message("mail"), event, by=TESTS, at=at)


def letter(company: Company, at: datetime = TUESDAY) -> None:
    """Have the letter printed."""
    mark_printed(company=company.id, intents=[message("letter").id], by=TESTS, at=at)


def level() -> tuple[int, date | None]:
    state = ItemState.objects.get()
    return state.level, state.last_reminded_on


# --------------------------------------------------------------------------------------------------- both ways


def test_a_notice_that_goes_both_ways_is_one_document_and_two_messages(acme: Company) -> None:
    of_both(acme)
    a_late_payer(acme, **HOME)
    a_released_run(acme)
    assert {(one.channel, one.recipient) for one in Intent.objects.all()} == {
        ("mail", "payer10001@debtor.example"),
        ("letter", ""),
    }
    assert len(set(Intent.objects.values_list("document_id", flat=True))) == 1
    assert NoticeEvent.objects.get(kind="rendered").reason == "both"
    assert {one.channel for one in history_of(notice=Notice.objects.get().id)} == {"", "mail", "letter"}
    row = notice_row(notice=Notice.objects.get().id)
    assert row is not None
    assert (row.way, row.sent_to, row.state) == ("both", "payer10001@debtor.example", "queued")


@pytest.mark.parametrize(("known", "ways"), [({"email": ""}, ["letter"]), ({"street": ""}, ["mail"])])
def test_where_one_way_is_open_the_notice_takes_it(
    acme: Company, known: dict[str, str], ways: list[str]
) -> None:
    of_both(acme)
    a_late_payer(acme, **{**HOME, **known})
    a_run(acme)
    before = notice_row(notice=Notice.objects.get().id)
    assert before is not None
    assert [before.way] == ways
    a_released_run(acme)
    assert list(Intent.objects.values_list("channel", flat=True)) == ways


def test_s22_the_letter_counts_and_the_level_rises_once_on_its_day(acme: Company) -> None:
    of_both(acme)
    a_late_payer(acme, **HOME)
    a_released_run(acme)
    mail(*SENT)
    assert follow(company=acme, by=TESTS, at=MONDAY) == {}
    assert level() == (0, None)
    assert a_run(acme, at=MONDAY + timedelta(hours=1)).notices == 0  # still on its way
    letter(acme)
    assert follow(company=acme, by=TESTS, at=TUESDAY) == {"printed": 1}
    assert follow(company=acme, by=TESTS, at=TUESDAY) == {}
    assert level() == (1, TUESDAY.date())
    assert [one.raised for one in LevelEvent.objects.all()] == [1]


def test_s22_the_mail_counts_where_the_policy_says_so(acme: Company) -> None:
    of_both(acme, Counting.MAIL)
    a_late_payer(acme, **HOME)
    a_released_run(acme)
    letter(acme, at=MONDAY)
    assert follow(company=acme, by=TESTS, at=MONDAY) == {}
    mail(*SENT, at=TUESDAY)
    assert follow(company=acme, by=TESTS, at=TUESDAY) == {"accepted": 1}
    assert follow(company=acme, by=TESTS, at=TUESDAY) == {}
    assert level() == (1, TUESDAY.date())


def test_s22_what_counts_and_comes_to_nothing_leaves_it_to_the_other(acme: Company) -> None:
    of_both(acme, Counting.MAIL)
    a_late_payer(acme, **HOME)
    a_released_run(acme)
    mail(*REFUSED)
    assert follow(company=acme, by=TESTS, at=MONDAY) == {}
    letter(acme)
    assert follow(company=acme, by=TESTS, at=TUESDAY) == {"printed": 1}
    assert level() == (1, TUESDAY.date())


def test_s22_where_both_come_to_nothing_the_notice_ends_once_without_a_level(acme: Company) -> None:
    of_both(acme)
    a_late_payer(acme, **HOME)
    a_released_run(acme)
    mail(*REFUSED)
    move(message("letter"), Event.CANCEL, by=TESTS, at=MONDAY)
    assert follow(company=acme, by=TESTS, at=MONDAY) == {"cancelled": 1}
    assert follow(company=acme, by=TESTS, at=MONDAY) == {}
    assert level() == (0, None)


def test_s22_a_counted_mail_that_comes_back_takes_the_level_back_and_another_does_not(acme: Company) -> None:
    of_both(acme, Counting.MAIL)
    a_late_payer(acme, **HOME)
    a_released_run(acme)
    mail(*SENT)
    follow(company=acme, by=TESTS, at=MONDAY)
    letter(acme)
    assert level()[0] == 1
    mail(Event.RETURN, at=TUESDAY)
    assert follow(company=acme, by=TESTS, at=TUESDAY) == {"returned": 1}
    assert level() == (0, None)


def test_s22_a_mail_that_comes_back_beside_a_letter_that_counts_changes_nothing(acme: Company) -> None:
    of_both(acme)
    a_late_payer(acme, **HOME)
    a_released_run(acme)
    mail(*SENT)
    letter(acme)
    follow(company=acme, by=TESTS, at=TUESDAY)
    mail(Event.RETURN, at=TUESDAY)
    assert follow(company=acme, by=TESTS, at=TUESDAY) == {}
    assert level() == (1, TUESDAY.date())


def test_cancelling_when_the_mail_has_left_withdraws_the_letter_alone(acme: Company) -> None:
    of_both(acme)
    a_late_payer(acme, **HOME)
    a_released_run(acme)
    mail(*SENT)
    notice = Notice.objects.get().id
    assert cancel_notice(company=acme.id, notice=notice, reason="by_hand", by=TESTS, at=MONDAY)
    assert not NoticeEvent.objects.filter(kind="cancelled").exists()
    assert follow(company=acme, by=TESTS, at=MONDAY) == {"accepted": 1}
    assert level() == (1, MONDAY.date())


def test_grounds_withdrawn_when_the_mail_has_left_mark_the_notice(acme: Company) -> None:
    of_both(acme)
    a_late_payer(acme, **HOME)
    a_released_run(acme)
    mail(*SENT)
    items = list(Item.objects.values_list("id", flat=True))
    counts = withdraw_grounds(company=acme.id, items=items, by=TESTS, at=MONDAY)
    assert counts == {"cancelled": 0, "ground_withdrawn": 1}
    assert message("letter").state == "cancelled"


def test_both_messages_of_a_notice_are_one_contact(acme: Company) -> None:
    of_both(acme)
    customer = a_late_payer(acme, **HOME)
    a_released_run(acme)
    mail(*SENT)
    letter(acme)
    assert touches(since=MONDAY.date(), time_zone=acme.time_zone) == [(customer, MONDAY.date())]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("mail", [("mail",), (), ("mail",), ()]),
        ("letter", [("letter",), ("letter",), (), ()]),
        ("mail_else_letter", [("mail",), ("letter",), ("mail",), ()]),
        ("both", [("mail", "letter"), ("letter",), ("mail",), ()]),
        ("call", [(), (), (), ()]),
    ],
)
def test_the_ways_of_a_step_are_those_that_are_open(wanted: str, expected: list[tuple[str, ...]]) -> None:
    full = Recipient(1, "Payer", "", "Weg 1", "10115", "Berlin", "DE", "p@debtor.example", "de")
    known = [full, replace(full, email=""), replace(full, street=""), replace(full, street="", email="")]
    assert [channels_for(wanted, one) for one in known] == expected


# ------------------------------------------------------------------------------------- language and the person


def test_a_step_may_write_in_its_own_language_and_name_its_own_person(acme: Company) -> None:
    of_both(acme, language="fr", signed_by="Claire Dubois", signed_phone="+33 1 99")
    customer = a_late_payer(acme, **HOME)
    found = Customer.objects.get(id=customer)
    edit_customer(
        company=acme.id,
        customer=customer,
        version=found.version,
        changes={"language": "nl"},
        by=TESTS,
        at=MOMENT,
    )
    a_released_run(acme)
    sent = message("mail")
    assert sent.language == "fr"
    assert sent.body is not None
    words = read_bytes(sent.body).decode("utf-8", "replace")
    assert "Claire Dubois" in words
    assert "+33 1 99" in words


def test_the_ways_of_a_step_are_kept_in_the_file_and_silent_where_nothing_is_said() -> None:
    plain = preset("de-business")
    assert not {"counts", "language", "signed_by", "signed_phone"} & set(as_document(plain)["steps"][0])
    said = replace(
        STEP,
        channel=Channel.BOTH,
        counts=Counting.MAIL,
        language="nl",
        signed_by="Anna",
        signed_phone="12",
    )
    policy = replace(plain, steps=(said, *plain.steps[1:]))
    assert from_document(as_document(policy)) == (policy, ())
    assert as_document(policy)["steps"][0]["counts"] == "mail"


@pytest.mark.parametrize(
    ("key", "value"),
    [("language", "french"), ("signed_by", ["a"]), ("signed_phone", "1" * 41), ("counts", "fax")],
)
def test_what_is_no_way_is_a_fault_at_its_place(key: str, value: object) -> None:
    document = as_document(preset("de-business"))
    document["steps"][0][key] = value
    policy, faults = from_document(document)
    assert policy is None
    assert [fault.path for fault in faults] == [f"steps[1].{key}"]


def test_the_form_keeps_the_ways_and_the_page_says_them(
    acme: Company, manager: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(manager)
    business = next(row.id for row in strategies() if "business" in row.kinds)
    said = {
        "channel": "both",
        "counts": "mail",
        "language": "fr",
        "signed_by": " Anna Ott ",
        "signed_phone": "12",
    }
    sent = {**typed(client, business), **{f"step-1-{name}": value for name, value in said.items()}}
    client.post(here("strategy_saved", business), sent)
    first = next(row for row in strategies() if row.id == business).policy.steps[0]
    assert (first.channel, first.counts, first.language) == (Channel.BOTH, Counting.MAIL, "fr")
    assert (first.signed_by, first.signed_phone) == ("Anna Ott", "12")
    page = client.get(here("strategy", business)).content.decode()
    assert "<details open>" in page
    assert prose(replace(preset("de-business"), steps=(first,))).steps[0].count("Anna Ott") == 1


@pytest.mark.parametrize(
    ("counts", "words"), [(Counting.LETTER, "The letter counts"), (Counting.MAIL, "The e-mail counts")]
)
def test_prose_says_which_way_counts(counts: Counting, words: str) -> None:
    first = replace(STEP, channel=Channel.BOTH, counts=counts, language="fr")
    said = prose(replace(preset("de-business"), steps=(first,))).steps[0]
    assert words in said
    assert "always written in" in said
