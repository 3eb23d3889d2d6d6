"""The reminder before the due day: off until it is wanted, once, without a level, in words of its own, and until the due day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.test import Client

from debitora.dunning.actions import approve_run, change_strategy, release_run
from debitora.dunning.models import Assignment, Notice
from debitora.dunning.queries.contents import contents
from debitora.dunning.queries.letters import Stock, compose
from debitora.dunning.queries.strategies import strategy_row
from debitora.dunning.queries.why import why_item
from debitora.dunning.rules.policy import Upcoming
from debitora.dunning.rules.presets import names, preset
from debitora.dunning.rules.reasons import Reason
from debitora.dunning.templatetags.why_words import rule_words
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer, a_run
from debitora.messaging.models import Intent
from debitora.people.models import Company, User
from debitora.receivables.models import Item, ItemState
from debitora.receivables.testing import a_customer, an_open_item

DUE = date(2026, 11, 21)
"""A Saturday, three days after the run."""


@pytest.fixture
def soon(acme: Company) -> Company:
    """A company that reminds businesses five days beforehand; one item is due soon, one is late, each of its own customer."""
    strategy = Assignment.objects.get(customer_kind="business").strategy_id
    policy = replace(
        strategy_row(strategy=strategy).policy, upcoming=Upcoming(days_before=5, text="upcoming")
    )
    change_strategy(company=acme.id, strategy=strategy, version=1, policy=policy, by=TESTS, at=MOMENT)
    early = a_customer(acme.id, "10001", kind="business", email="a@x.example", language="de")
    an_open_item(acme.id, early, number="R-1", due_on=DUE)
    a_late_payer(acme, "10002")
    return acme


@pytest.mark.parametrize("name", names())
def test_no_preset_reminds_beforehand(name: str) -> None:
    assert preset(name).upcoming is None


def test_it_is_written_in_words_of_its_own_and_asks_for_the_due_day(soon: Company) -> None:
    run = a_run(soon).run or 0
    approve_run(company=soon.id, run=run, by=TESTS, at=MOMENT, confirmed=True)
    early = Notice.objects.get(run_id=run, level=0)
    composed = compose(stock=Stock(soon), content=contents(notices=[early.id])[early.id], at=MOMENT)
    assert composed.letter.subject == "Bald fällig: Rechnung R-1"
    assert composed.deadline_on == date(2026, 11, 23)  # the due day is a Saturday
    assert composed.letter.fee is None
    assert release_run(company=soon, run=run, by=TESTS, clock=lambda: MOMENT) == {"rendered": 2}
    assert Intent.objects.filter(subject_id=early.id).count() == 1
    assert ItemState.objects.get(item__number="R-1").level == 0


def test_the_run_tells_it_apart_and_the_card_says_so(
    soon: Company, client_of: Callable[[User], Client], manager: User
) -> None:
    found = a_run(soon)
    assert (found.overdue_items, found.upcoming_items, found.notices) == (1, 1, 2)
    page = client_of(manager).get(f"/c/acme/runs/{found.run}/").content.decode()
    assert "1 more is reminded beforehand" in page
    assert ">beforehand</td>" in page
    card = why_item(company=soon, item=Item.objects.get(number="R-1").id, on=ON)
    assert card.why.reason is Reason.UPCOMING
    assert "one friendly reminder before its due day" in rule_words(card.why, currency="EUR")


def test_it_is_offered_on_the_page_of_a_strategy_and_not_as_a_step(
    soon: Company, client_of: Callable[[User], Client], manager: User
) -> None:
    strategy = Assignment.objects.get(customer_kind="business").strategy_id
    page = client_of(manager).get(f"/c/acme/settings/strategies/{strategy}/").content.decode()
    assert 'name="upcoming_days" value="5"' in page
    assert '<option value="upcoming"' not in page
