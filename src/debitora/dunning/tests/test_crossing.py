"""A payment that crosses with a notice (H14): the notice asked for too much, and no next level builds on it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from debitora.dunning.actions import follow
from debitora.dunning.models import Decision, Notice
from debitora.dunning.queries.why import why_item
from debitora.dunning.rules.reasons import Reason
from debitora.dunning.templatetags.why_words import facts_of
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer, a_released_run, a_run, a_strategy
from debitora.messaging.actions import mark_printed
from debitora.messaging.models import Intent
from debitora.people.models import Company
from debitora.receivables.actions import allocate, release_allocation
from debitora.receivables.models import Allocation, Item, ItemState, LevelEvent
from debitora.receivables.testing import an_open_item
from debitora.values.money import Money

DAY = timedelta(days=1)
ADDRESS = {"street": "Weg 1", "postcode": "10115", "city": "Berlin", "email": ""}
CARD = "A payment crossed the last notice, so that its level is repeated"


@pytest.fixture
def customer(acme: Company) -> int:
    """A consumer whose letters say four times, 28 days apart, that 119.00 is late."""
    a_strategy(acme, kind="business", base="de-consumer", name="By letter", grace_days=0)
    return a_late_payer(acme, **ADDRESS)


def remind(company: Company, weeks: int) -> int:
    """The level that a run so many weeks later asks with; its letter leaves on the same day."""
    at, on = MOMENT + timedelta(weeks=weeks), ON + timedelta(weeks=weeks)
    run = a_released_run(company, on=on, at=at)
    letters = list(Intent.objects.filter(state="queued").values_list("id", flat=True))
    mark_printed(company=company.id, intents=letters, by=TESTS, at=at)
    follow(company=company, by=TESTS, at=at)
    return Notice.objects.get(run_id=run).level


def pay(company: Company, customer: int, minor: int, *, paid_on: date, at: datetime) -> Allocation:
    """A part is paid on a day, and put against the item at a moment."""
    credit = an_open_item(company.id, customer, number="Z-1", minor=-minor, kind="payment", on=paid_on, at=at)
    return allocate(
        company=company.id,
        credit_item=credit.id,
        debit_item=Item.objects.get(kind="invoice").id,
        amount=Money(minor, "EUR"),
        on=at.date(),
        by=TESTS,
        at=at,
    )


def test_h14_what_crossed_with_a_payment_is_repeated_before_it_rises(acme: Company, customer: int) -> None:
    assert [remind(acme, 0), remind(acme, 4)] == [1, 2]
    pay(acme, customer, 1_900, paid_on=ON + timedelta(weeks=4), at=MOMENT + timedelta(weeks=4, days=1))
    assert [remind(acme, 8), remind(acme, 12)] == [2, 3]
    assert list(LevelEvent.objects.order_by("id").values_list("raised", flat=True)) == [1, 1, 0, 1]
    repeated = Decision.objects.get(run__on=ON + timedelta(weeks=8))
    assert (repeated.reason, repeated.level_before, repeated.level_to) == (Reason.NOTICE, 2, 2)
    assert list(Notice.objects.order_by("id").values_list("total_minor", flat=True)[2:]) == [10_000, 10_000]


@pytest.mark.parametrize(
    ("paid_after", "known_after", "asked"),
    [
        (-3 * DAY, DAY, 1),  # it was on its way when the letter left
        (0 * DAY, DAY, 1),  # and still on the day itself
        (DAY, DAY, 2),  # paid because of the letter: the rest is late
        (-3 * DAY, -DAY, 2),  # known when the letter was made: it asked for the rest
    ],
)
def test_h14_only_what_had_come_and_was_not_known_crosses(
    acme: Company, customer: int, paid_after: timedelta, known_after: timedelta, asked: int
) -> None:
    told = [
        (known_after, lambda: pay(acme, customer, 1_900, paid_on=ON + paid_after, at=MOMENT + known_after))
    ]
    told.append((0 * DAY, lambda: remind(acme, 0)))
    for _, happens in sorted(told, key=lambda one: one[0]):
        happens()
    assert remind(acme, 4) == asked


def test_h14_a_payment_that_went_back_has_crossed_nothing(acme: Company, customer: int) -> None:
    remind(acme, 0)
    made = pay(acme, customer, 1_900, paid_on=ON, at=MOMENT + DAY)
    release_allocation(company=acme.id, allocation=made.id, on=ON + 2 * DAY, by=TESTS, at=MOMENT + 2 * DAY)
    assert remind(acme, 4) == 2


def test_h14_the_last_step_is_repeated_too_and_then_all_is_done(acme: Company, customer: int) -> None:
    assert [remind(acme, weeks) for weeks in (0, 4, 8, 12)] == [1, 2, 3, 4]
    pay(acme, customer, 1_900, paid_on=ON + timedelta(weeks=12), at=MOMENT + timedelta(weeks=12, days=1))
    assert remind(acme, 16) == 4
    assert dict(a_run(acme, on=ON + timedelta(weeks=20)).decisions) == {"last_step_done": 1}
    assert ItemState.objects.get(item__kind="invoice").level == 4


def test_the_card_says_that_the_level_is_repeated(acme: Company, customer: int) -> None:
    remind(acme, 0)
    item = Item.objects.get().id
    before = why_item(company=acme, item=item, on=ON + timedelta(weeks=4))
    assert CARD not in [one.label for one in facts_of(before.why)]
    pay(acme, customer, 1_900, paid_on=ON, at=MOMENT + DAY)
    card = why_item(company=acme, item=item, on=ON + timedelta(weeks=4))
    assert CARD in [one.label for one in facts_of(card.why)]
    assert card.why.rule is not None
    assert card.why.rule.level == 1
