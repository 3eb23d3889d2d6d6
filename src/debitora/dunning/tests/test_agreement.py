"""The frames and the rows say the same: whatever Hypothesis draws, `engine.dunning` and `rules.decide` agree."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from debitora.dunning.rules.decide import decide
from debitora.dunning.rules.facts import Decided, Facts, Hold, Item
from debitora.dunning.rules.policy import ContactCap, DebtorKind, Policy, Step, Upcoming
from debitora.dunning.rules.reasons import Reason
from debitora.engine import dunning
from debitora.engine.dunning_shapes import CUSTOMERS, DECISIONS, HOLDS, ITEMS, LINES, NOTICES, TOUCHES
from debitora.engine.dunning_shapes import Reason as EngineReason
from debitora.engine.frames import Schema
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
def customers(draw: st.DrawFn, number: int, policies: list[Policy], ids: Any) -> Facts:
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


@settings(max_examples=120, deadline=None, print_blob=True)
@given(ledgers())
def test_frames_and_rows_agree(ledger: list[Facts]) -> None:
    answered = in_frames(ledger)
    one_by_one = [decide(facts, on=TODAY) for facts in ledger]
    assert answered.decisions.rows(named=True) == flat(one_by_one, "decisions", by=["item_id"])
    assert answered.notices.rows(named=True) == flat(one_by_one, "notices", by=["customer_id", "currency"])
    assert answered.lines.rows(named=True) == flat(one_by_one, "lines", by=["item_id"])


@settings(max_examples=60, deadline=None, print_blob=True)
@given(ledgers())
def test_identities_hold(ledger: list[Facts]) -> None:
    overdue = {
        item.item_id
        for facts in ledger
        for item in facts.items
        if item.open_minor > 0 and item.due_on < TODAY
    }
    for facts in ledger:
        decided = decide(facts, on=TODAY)
        told = [decision.item_id for decision in decided.decisions if decision.days_overdue > 0]
        assert sorted(told) == sorted(overdue & {item.item_id for item in facts.items})
        for decision in decided.decisions:
            assert decision.level_to - decision.level_before == (decision.reason is Reason.NOTICE)
            assert not decision.notice or decision.held_minor < decision.open_minor
        for notice in decided.notices:
            asked = [line for line in decided.lines if line.currency == notice.currency]
            by_kind = {
                kind: sum(line.open_minor for line in asked if line.kind == kind)
                for kind in {line.kind for line in asked}
            }
            assert notice.total_minor > 0
            assert notice.due_minor == by_kind.get("due", 0) + by_kind.get("upcoming", 0)
            assert notice.also_open_minor == by_kind.get("also_open", 0)
            assert notice.credit_minor == by_kind.get("credit", 0)


@settings(max_examples=25, deadline=None, print_blob=True)
@given(ledgers(), st.randoms())
def test_the_order_of_the_rows_does_not_matter(ledger: list[Facts], random: Any) -> None:
    shuffled = list(ledger)
    random.shuffle(shuffled)
    first, second = in_frames(ledger), in_frames(shuffled)
    assert first.decisions.equals(second.decisions)
    assert first.notices.equals(second.notices)
    assert first.lines.equals(second.lines)


def test_both_number_the_reasons_alike() -> None:
    assert {reason.name: reason.value for reason in Reason} == {
        reason.name: reason.value for reason in EngineReason
    }


def in_frames(ledger: list[Facts]) -> Any:
    """Ask the engine about all customers at once."""
    policies = {
        facts.policy_id: facts.policy for facts in ledger if facts.policy_id is not None and facts.policy
    }
    return dunning.decide(
        items=frame(
            ITEMS,
            [asdict(item) | {"customer_id": facts.customer_id} for facts in ledger for item in facts.items],
        ),
        customers=frame(
            CUSTOMERS,
            [{"customer_id": f.customer_id, "policy_id": f.policy_id, "parked": f.parked} for f in ledger],
        ),
        holds=frame(
            HOLDS,
            [asdict(hold) | {"customer_id": facts.customer_id} for facts in ledger for hold in facts.holds],
        ),
        touches=frame(
            TOUCHES,
            [{"customer_id": f.customer_id, "touched_on": day} for f in ledger for day in f.touched_on],
        ),
        policies=policies,
        on=TODAY,
    )


def frame(schema: Schema, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(schema), orient="row")


def flat(answers: list[Decided], name: str, *, by: list[str]) -> list[dict[str, Any]]:
    """The rows of all customers, in the engine's order and shape."""
    shape = {"decisions": DECISIONS, "notices": NOTICES, "lines": LINES}[name]
    rows = [
        {key: plain(value) for key, value in asdict(row).items()}
        for answer in answers
        for row in getattr(answer, name)
    ]
    assert all(list(row) == list(shape) for row in rows)
    return sorted(rows, key=lambda row: [row[key] for key in by])


def plain(value: Any) -> Any:
    return value.value if isinstance(value, Reason) else value
