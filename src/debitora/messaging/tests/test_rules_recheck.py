"""What stops a notice between approval and sending (scenarios H06 to H10)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.messaging.rules.recheck import (
    PASSING,
    Conditions,
    Facts,
    ItemFact,
    Reason,
    Stop,
    only_passing,
    recheck,
)
from debitora.values.money import Money

TEN, FIVE, NOTHING = Money(1000, "EUR"), Money(500, "EUR"), Money(0, "EUR")
CONDITIONS = Conditions(customer=7, recipient="ap@kunde.example", items={1: TEN, 2: FIVE})
FACTS = Facts(items={1: ItemFact(7, TEN), 2: ItemFact(7, FIVE)}, recipient="ap@kunde.example")


def with_item(item: int, fact: ItemFact) -> Facts:
    return replace(FACTS, items={**FACTS.items, item: fact})


def test_unchanged_conditions_let_it_go() -> None:
    assert recheck(CONDITIONS, FACTS) == ()
    assert not only_passing(())


@pytest.mark.parametrize(
    ("facts", "stops"),
    [
        (with_item(1, ItemFact(7, NOTHING)), [Stop(Reason.PAID, 1, TEN, NOTHING)]),
        (with_item(2, ItemFact(7, TEN)), [Stop(Reason.CHANGED, 2, FIVE, TEN)]),
        (with_item(2, ItemFact(7, Money(500, "USD"))), [Stop(Reason.CHANGED, 2, FIVE, Money(500, "USD"))]),
        (with_item(2, ItemFact(7, FIVE, held=True)), [Stop(Reason.HELD, 2)]),
        (with_item(2, ItemFact(8, FIVE)), [Stop(Reason.CHANGED, 2, FIVE)]),
        (replace(FACTS, items={1: ItemFact(7, TEN)}), [Stop(Reason.CHANGED, 2, FIVE)]),
        (replace(FACTS, customer_held=True), [Stop(Reason.HELD)]),
        (replace(FACTS, recipient="new@kunde.example"), [Stop(Reason.RECIPIENT_CHANGED)]),
        (replace(FACTS, suppressed=True), [Stop(Reason.SUPPRESSED)]),
        (replace(FACTS, customer_parked=True), [Stop(Reason.CUSTOMER_PARKED)]),
        (replace(FACTS, sending_locked=True), [Stop(Reason.LOCKED)]),
        (replace(FACTS, bound_reached=True), [Stop(Reason.BOUND)]),
        (replace(FACTS, allowlisted=False), [Stop(Reason.NOT_ALLOWLISTED)]),
    ],
)
def test_each_condition_stops_alone(facts: Facts, stops: list[Stop]) -> None:
    assert recheck(CONDITIONS, facts) == tuple(stops)
    assert only_passing(recheck(CONDITIONS, facts)) == all(stop.reason in PASSING for stop in stops)


def test_all_reasons_are_named_items_first() -> None:
    facts = Facts(
        items={1: ItemFact(7, NOTHING, held=True)},
        recipient="",
        customer_held=True,
        customer_parked=True,
        suppressed=True,
        sending_locked=True,
        bound_reached=True,
        allowlisted=False,
    )
    stops = recheck(CONDITIONS, facts)
    assert [stop.item for stop in stops[:3]] == [1, 1, 2]
    assert {stop.reason for stop in stops} == set(Reason)
    assert not only_passing(stops)


@given(
    then=st.dictionaries(st.integers(1, 9), st.integers(-5, 5), max_size=5),
    now=st.dictionaries(st.integers(1, 9), st.integers(-5, 5), max_size=5),
)
def test_it_goes_exactly_when_every_sum_is_the_same(then: dict[int, int], now: dict[int, int]) -> None:
    conditions = Conditions(7, "a@b.example", {item: Money(minor, "EUR") for item, minor in then.items()})
    facts = Facts({item: ItemFact(7, Money(minor, "EUR")) for item, minor in now.items()}, "a@b.example")
    assert (recheck(conditions, facts) == ()) == (then.items() <= now.items())
