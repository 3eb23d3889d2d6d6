"""Ledgers drawn by Hypothesis: a few customers with everything that a dunning decision looks at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from hypothesis import strategies as st

from debitora.dunning.rules.facts import Facts, Hold, Item
from debitora.dunning.rules.policy import ContactCap, DebtorKind, Policy, Step, Upcoming
from debitora.values.money import Money

TODAY = date(2026, 3, 16)

# Small numbers on purpose: boundaries and ties meet often.
AMOUNTS = st.integers(1, 12)
DAYS = st.integers(-12, 12).map(lambda days: TODAY + timedelta(days=days))
CURRENCIES = st.sampled_from(["EUR", "USD", "JPY"])
MINIMUMS = st.dictionaries(CURRENCIES, st.integers(1, 15), max_size=2).map(
    lambda found: tuple(Money(minor, code) for code, minor in sorted(found.items()))
)
STEPS = st.builds(
    Step,
    text=st.just("reminder"),
    days_after_due=st.integers(1, 6),
    min_gap_days=st.integers(0, 5),
    minimum_item=MINIMUMS,
    minimum_notice=MINIMUMS,
)
POLICIES = st.builds(
    Policy,
    name=st.just("drawn"),
    debtor=st.just(DebtorKind.BUSINESS),
    country=st.just("DE"),
    language=st.just("de"),
    steps=st.lists(STEPS, min_size=1, max_size=3).map(tuple),
    grace_days=st.integers(0, 2),
    contact_cap=st.none() | st.builds(ContactCap, touches=st.integers(1, 3), days=st.integers(1, 6)),
    consider_credits=st.booleans(),
    upcoming=st.none() | st.builds(Upcoming, days_before=st.integers(1, 6), text=st.just("soon")),
)
RARELY = st.sampled_from([False] * 7 + [True])


@st.composite
def ledgers(draw: st.DrawFn) -> list[Facts]:
    """A few customers with everything that counts for them; item ids are shuffled among them."""
    policies = draw(st.lists(POLICIES, min_size=1, max_size=2))
    ids = iter(draw(st.permutations(range(1, 40))))
    return [draw(customers(number, policies, ids)) for number in range(1, 1 + draw(st.integers(1, 5)))]


@st.composite
def customers(draw: st.DrawFn, number: int, policies: list[Policy], ids: Iterator[int]) -> Facts:
    items = tuple(draw(items_of(next(ids))) for _ in range(draw(st.integers(0, 6))))
    chosen = draw(st.sampled_from([*range(len(policies)), None]))
    return Facts(
        customer_id=number,
        items=items,
        policy=None if chosen is None else policies[chosen],
        policy_id=chosen,
        holds=tuple(draw(st.lists(holds_on([item.item_id for item in items]), max_size=3))),
        touched_on=tuple(draw(st.lists(DAYS, max_size=3))),
        parked=draw(RARELY),
    )


@st.composite
def items_of(draw: st.DrawFn, item_id: int) -> Item:
    level = draw(st.integers(0, 3))
    return Item(
        item_id=item_id,
        currency=draw(CURRENCIES),
        due_on=draw(DAYS),
        open_minor=draw(AMOUNTS) * draw(st.sampled_from([1, 1, 1, -1])),
        level=level,
        last_reminded_on=draw(st.none() | DAYS.filter(lambda day: day <= TODAY)),
        list_behind=draw(RARELY),
        pending=draw(RARELY),
    )


@st.composite
def holds_on(draw: st.DrawFn, item_ids: list[int]) -> Hold:
    item_id = draw(st.sampled_from([*item_ids, *item_ids, *item_ids, None]))
    return Hold(
        from_on=draw(DAYS),
        until_on=draw(st.none() | DAYS),
        item_id=item_id,
        amount_minor=None if item_id is None else draw(st.none() | AMOUNTS),
    )
