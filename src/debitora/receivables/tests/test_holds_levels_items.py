"""Holds, levels and single items: what they do, and what is refused twice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from debitora.people.models import Company
from debitora.receivables.actions import (
    CustomerUnknown,
    ItemUnknown,
    NewItem,
    extend_hold,
    open_item,
    place_hold,
    raise_levels,
    release_hold,
    withdraw_levels,
)
from debitora.receivables.actions.holds import (
    HeldAmountIsNotOpen,
    HoldAlreadyReleased,
    HoldEndsBeforeItBegins,
    HoldNeedsAnItem,
    HoldReasonUnknown,
    HoldUnknown,
    ItemOfAnotherCustomer,
)
from debitora.receivables.actions.items import AmountHasTheWrongSign, ItemAlreadyKnown, ItemKindUnknown
from debitora.receivables.models import Hold, Item, ItemState, LevelEvent
from debitora.receivables.queries import (
    CustomerUnknown as NoSuchCustomer,
)
from debitora.receivables.queries import (
    conditions,
    dunning_frames,
    holds_about_to_end,
    holds_in_force,
    item_facts,
    items_of_customer,
    items_page,
)
from debitora.receivables.rules.items import ItemFilters
from debitora.receivables.testing import MOMENT, ON, TESTS, a_customer, a_source, an_open_item
from debitora.values.money import Money
from tests.ledger_oracle import findings


def day(offset: int) -> date:
    return ON + timedelta(days=offset)


def hold(company: Company, customer: int, **options: Any) -> Hold:
    given = {"reason": "promise", "from_on": ON, "by": TESTS, "at": MOMENT, **options}
    return place_hold(company=company.id, customer=customer, **given)


def held(company: Company, item: Item, on: date = ON) -> tuple[bool, int]:
    found = conditions(customer=item.customer_id, items=[item.id], on=on)
    return found.customer_held, found.items[0].held_minor


def test_a_hold_is_in_force_until_its_last_day_and_everybody_sees_it(company: Company) -> None:
    item = an_open_item(company.id, a_customer(company.id))
    placed = hold(company, item.customer_id, item=item.id, until_on=day(3), note="Anruf")
    assert [held(company, item, day(offset)) for offset in (-1, 0, 3, 4)] == [
        (False, 0),
        (False, 10_000),
        (False, 10_000),
        (False, 0),
    ]
    assert [row.item for row in items_page(filters=ItemFilters(held=True), on=ON).rows] == [item.id]
    assert not items_page(filters=ItemFilters(held=True), on=day(4)).rows
    assert [(row.hold, row.note, row.number) for row in holds_about_to_end(on=ON)] == [
        (placed.id, "Anruf", "R-1")
    ]
    assert not holds_about_to_end(on=ON, days=2)
    assert [row.hold for row in holds_in_force(on=ON, item=item.id)] == [placed.id]
    assert dunning_frames(on=ON).holds.rows() == [(item.id, item.customer_id, None, ON, day(3))]


def test_part_of_an_item_and_a_whole_customer_are_held(company: Company) -> None:
    item = an_open_item(company.id, a_customer(company.id))
    hold(company, item.customer_id, item=item.id, amount=Money(3_000, "EUR"))
    assert held(company, item) == (False, 3_000)
    hold(company, item.customer_id, item=item.id, amount=Money(9_000, "EUR"))
    assert held(company, item) == (False, 10_000)
    hold(company, item.customer_id)
    assert held(company, item) == (True, 10_000)
    assert conditions(customer=item.customer_id, items=[item.id], on=ON).items[0].held
    assert len(holds_in_force(on=ON, customer=item.customer_id)) == 3


def test_lists_tell_held_items_from_others(company: Company) -> None:
    """A hold on a customer holds each of her items, and one that is released holds none."""
    one, other = a_customer(company.id), a_customer(company.id, number="10002")
    first, second, third = (
        an_open_item(company.id, customer, number=f"R-{number}")
        for number, customer in enumerate((one, one, other))
    )
    free = an_open_item(company.id, other, number="R-9")
    hold(company, third.customer_id, item=third.id)
    hold(company, first.customer_id)
    ended = hold(company, free.customer_id, item=free.id)
    release_hold(company=company.id, hold=ended.id, on=ON, by=TESTS, at=MOMENT)

    def listed(held: bool) -> set[int]:
        return {row.item for row in items_page(filters=ItemFilters(held=held), on=ON).rows}

    assert (listed(True), listed(False)) == ({first.id, second.id, third.id}, {free.id})


def test_a_released_hold_stops_nothing_from_that_day(company: Company) -> None:
    item = an_open_item(company.id, a_customer(company.id))
    placed = hold(company, item.customer_id, item=item.id)
    release_hold(company=company.id, hold=placed.id, on=day(2), by=TESTS, at=MOMENT)
    assert [held(company, item, day(offset))[1] for offset in (1, 2)] == [10_000, 0]
    with pytest.raises(HoldAlreadyReleased):
        release_hold(company=company.id, hold=placed.id, on=ON, by=TESTS, at=MOMENT)
    with pytest.raises(HoldUnknown):
        release_hold(company=company.id, hold=999_999, on=ON, by=TESTS, at=MOMENT)


def test_an_extended_hold_leaves_no_gap(company: Company) -> None:
    item = an_open_item(company.id, a_customer(company.id))
    placed = hold(
        company, item.customer_id, item=item.id, until_on=day(3), amount=Money(500, "EUR"), note="Anruf"
    )
    later = extend_hold(company=company.id, hold=placed.id, until_on=day(9), on=day(2), by=TESTS, at=MOMENT)
    assert [held(company, item, day(offset))[1] for offset in range(11)] == [500] * 10 + [0]
    assert later.wording is not None
    assert later.wording.text == "Anruf"
    assert later.wording_id != placed.wording_id
    without_end = extend_hold(company=company.id, hold=later.id, until_on=None, on=ON, by=TESTS, at=MOMENT)
    assert (without_end.from_on, without_end.until_on) == (day(2), None)
    with pytest.raises(HoldEndsBeforeItBegins):
        extend_hold(company=company.id, hold=without_end.id, until_on=day(-9), on=ON, by=TESTS, at=MOMENT)
    facts = item_facts(item=item.id, on=ON)
    assert facts is not None
    assert len(facts.holds) == 3


def test_holds_that_make_no_sense_are_refused(company: Company) -> None:
    one, two = a_customer(company.id, "1"), a_customer(company.id, "2")
    item = an_open_item(company.id, one)
    for refusal, customer, options in (
        (HoldReasonUnknown, one, {"reason": "mood"}),
        (HoldEndsBeforeItBegins, one, {"until_on": day(-1)}),
        (HoldNeedsAnItem, one, {"amount": Money(1, "EUR")}),
        (CustomerUnknown, 999_999, {}),
        (ItemUnknown, one, {"item": 999_999}),
        (ItemOfAnotherCustomer, two, {"item": item.id}),
        (HeldAmountIsNotOpen, one, {"item": item.id, "amount": Money(10_001, "EUR")}),
        (HeldAmountIsNotOpen, one, {"item": item.id, "amount": Money(0, "EUR")}),
        (HeldAmountIsNotOpen, one, {"item": item.id, "amount": Money(1, "USD")}),
    ):
        with pytest.raises(refusal):
            hold(company, customer, **options)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("hold_reason_known", {"reason": "mood"}),
        ("hold_ends_after_it_begins", {"until_on": day(-1)}),
        ("hold_amount_needs_item", {"amount_minor": 1}),
    ],
)
def test_the_database_refuses_them_too(company: Company, constraint: str, fields: dict[str, Any]) -> None:
    row = {"reason": "other", "from_on": ON, "recorded_at": MOMENT, "placed_by_label": "tests"} | fields
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Hold.objects.create(company=company, customer_id=a_customer(company.id), **row)


def reach(company: Company, notice: int, item: Item, level: int, on: date = ON) -> int:
    return raise_levels(company=company.id, notice=notice, items=[(item.id, level)], on=on, at=MOMENT)


def stands(item: Item) -> tuple[int, date | None]:
    state = ItemState.objects.get(item=item)
    return state.level, state.last_reminded_on


def test_a_level_rises_by_one_per_notice_and_falls_back(company: Company) -> None:
    item = an_open_item(company.id, a_customer(company.id))
    assert reach(company, 1, item, 0) == 1
    assert stands(item) == (0, ON)
    assert reach(company, 2, item, 1, day(1)) == 1
    assert reach(company, 2, item, 1, day(5)) == 0
    assert stands(item) == (1, day(1))
    assert reach(company, 3, item, 5, day(2)) == 1
    assert stands(item) == (2, day(2))
    for expected in (1, 0):
        assert withdraw_levels(company=company.id, notice=3, on=day(3), at=MOMENT) == expected
        assert stands(item) == (1, day(1))
    withdraw_levels(company=company.id, notice=2, on=day(3), at=MOMENT)
    withdraw_levels(company=company.id, notice=1, on=day(3), at=MOMENT)
    assert stands(item) == (0, None)
    assert findings() == []


def test_levels_are_guarded_by_the_database(company: Company) -> None:
    item = an_open_item(company.id, a_customer(company.id))
    reach(company, 1, item, 1)
    with pytest.raises(IntegrityError, match="names no row"), transaction.atomic():
        raise_levels(company=company.id, notice=1, items=[(999_999, 1)], on=ON, at=MOMENT)
    facts = {"company": company, "item": item, "effective_on": ON, "recorded_at": MOMENT, "level": 1}
    for constraint, fields in (
        ("one_rise_per_notice", {"notice_id": 1}),
        ("level_moves_by_one", {"notice_id": 2, "raised": 2}),
        ("level_moves_by_one", {"notice_id": 2, "raised": 1, "withdrawn": True}),
        ("level_event_not_negative", {"notice_id": 2, "level": -1}),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            LevelEvent.objects.create(**(facts | fields))


def new(kind: str = "invoice", minor: int = 100, number: str = "R-1", currency: str = "EUR") -> NewItem:
    return NewItem(kind=kind, number=number, amount=Money(minor, currency), due_on=ON)


def test_an_item_is_opened_once(company: Company) -> None:
    customer, source = a_customer(company.id), a_source(company.id)

    def post(item: NewItem, whose: int = customer) -> Item:
        return open_item(
            company=company.id, source=source, customer=whose, item=item, on=ON, by=TESTS, at=MOMENT
        )

    post(new())
    for refusal, item, whose in (
        (ItemAlreadyKnown, new(number="r-1"), customer),
        (ItemKindUnknown, new(kind="gift"), customer),
        (AmountHasTheWrongSign, new(kind="payment"), customer),
        (AmountHasTheWrongSign, new(minor=-1), customer),
        (AmountHasTheWrongSign, new(minor=0), customer),
        (CustomerUnknown, new(), 999_999),
    ):
        with pytest.raises(refusal), transaction.atomic():
            post(item, whose)
    with pytest.raises(IntegrityError, match="names no row"), transaction.atomic():
        open_item(
            company=company.id,
            source=999_999,
            customer=customer,
            item=new(number="2"),
            on=ON,
            by=TESTS,
            at=MOMENT,
        )
    assert len(items_of_customer(customer=customer, on=ON)) == 1
    assert not items_of_customer(customer=customer, on=ON, settled=True)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("item_kind_known", {"kind": "gift"}),
        ("item_sign_by_kind", {"amount_minor": -1}),
        ("item_amount_in_range", {"amount_minor": 10**15}),
    ],
)
def test_the_database_knows_a_wrong_item(company: Company, constraint: str, fields: dict[str, Any]) -> None:
    row = {
        "kind": "invoice",
        "number": "1",
        "number_key": "1",
        "currency": "EUR",
        "amount_minor": 1,
        "effective_on": ON,
        "recorded_at": MOMENT,
        "source_id": a_source(company.id),
        "customer_id": a_customer(company.id),
    }
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Item.objects.create(company=company, **(row | fields))


def test_the_edge_knows_no_stranger(company: Company) -> None:
    with pytest.raises(NoSuchCustomer):
        conditions(customer=999_999, items=[], on=ON)
    assert item_facts(item=999_999, on=ON) is None


@pytest.mark.parametrize("key", ["customer_id", "item_id", "company_id", "currency"])
def test_what_a_state_is_of_never_changes(company: Company, key: str) -> None:
    item = an_open_item(company.id, a_customer(company.id))
    ItemState.objects.filter(item=item).update(level=1)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        ItemState.objects.filter(item=item).update(**{key: 7})
