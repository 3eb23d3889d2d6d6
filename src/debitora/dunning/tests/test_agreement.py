"""The frames and the rows say the same: whatever Hypothesis draws, `engine.dunning` and `rules.decide` agree."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, replace
from typing import Any

import polars as pl
from hypothesis import given, settings

from debitora.dunning.rules.decide import decide
from debitora.dunning.rules.facts import Decided, Facts
from debitora.dunning.rules.policy import Grouping
from debitora.dunning.rules.reasons import Reason
from debitora.dunning.rules.sales import free_bits
from debitora.dunning.rules.ways import stopped_bits
from debitora.dunning.tests.drawn import SEEDS, TODAY, ledger
from debitora.engine import dunning
from debitora.engine.dunning_shapes import (
    CUSTOMERS,
    DECISIONS,
    HOLDS,
    ITEMS,
    LINES,
    NOTICES,
    QUESTIONS,
    TOUCHES,
)
from debitora.engine.dunning_shapes import Reason as EngineReason
from debitora.engine.frames import Schema


@settings(max_examples=60, deadline=None, print_blob=True)
@given(SEEDS)
def test_frames_and_rows_agree(seed: int) -> None:
    customers = ledger(seed, customers=60)
    answered = in_frames(customers)
    one_by_one = [decide(facts, on=TODAY) for facts in customers]
    assert answered.decisions.rows(named=True) == flat(one_by_one, "decisions", by=["item_id"])
    assert answered.notices.rows(named=True) == flat(
        one_by_one, "notices", by=["customer_id", "currency", "part"]
    )
    assert answered.lines.rows(named=True) == flat(one_by_one, "lines", by=["item_id"])
    assert answered.questions.rows(named=True) == flat(one_by_one, "questions", by=["customer_id", "level"])


@settings(max_examples=40, deadline=None, print_blob=True)
@given(SEEDS)
def test_identities_hold(seed: int) -> None:
    customers = ledger(seed, customers=60)
    overdue = {
        item.item_id
        for facts in customers
        for item in facts.items
        if item.open_minor > 0 and item.due_on < TODAY
    }
    for facts in customers:
        decided = decide(facts, on=TODAY)
        told = [decision.item_id for decision in decided.decisions if decision.days_overdue > 0]
        assert sorted(told) == sorted(overdue & {item.item_id for item in facts.items})
        repeated = {item.item_id for item in facts.items if item.crossed and item.level}
        for decision in decided.decisions:
            rises = decision.reason is Reason.NOTICE and decision.item_id not in repeated
            assert decision.level_to - decision.level_before == rises
            assert not decision.notice or decision.held_minor < decision.open_minor
        for notice in decided.notices:
            asked = [
                line for line in decided.lines if (line.currency, line.part) == (notice.currency, notice.part)
            ]
            by_kind = {
                kind: sum(line.open_minor for line in asked if line.kind == kind)
                for kind in {line.kind for line in asked}
            }
            assert notice.total_minor > 0
            assert notice.due_minor == by_kind.get("due", 0) + by_kind.get("upcoming", 0)
            assert notice.also_open_minor == by_kind.get("also_open", 0)
            offset = facts.policy is not None and facts.policy.offset_credits
            assert notice.credit_minor == (by_kind.get("credit", 0) if offset else 0)


@settings(max_examples=40, deadline=None, print_blob=True)
@given(SEEDS)
def test_m05_a_credit_lowers_what_is_asked_and_is_never_reminded(seed: int) -> None:
    for facts in ledger(seed, customers=60):
        decided = decide(facts, on=TODAY)
        negative = {item.item_id for item in facts.items if item.open_minor < 0}
        assert not negative & {decision.item_id for decision in decided.decisions}
        assert {line.kind for line in decided.lines if line.item_id in negative} <= {"credit"}
        if facts.policy is None or facts.policy.contact_cap:
            continue  # under a cap, a currency that a credit has silenced makes room for another
        if facts.policy.grouping is not Grouping.CUSTOMER_CURRENCY:
            continue  # of several notices the first that credits do not cover carries them: test_gathering
        debits = tuple(item for item in facts.items if item.item_id not in negative)
        without = decide(replace(facts, items=debits), on=TODAY)
        asked = {notice.currency: notice for notice in without.notices}
        for notice in decided.notices:
            assert notice.credit_minor <= 0
            before = asked[notice.currency]
            if (
                before.level and not notice.level
            ):  # the credit covers what is due; a word about later items is left
                minimum = facts.policy.step(before.level).notice_minimum(notice.currency)
                assert before.total_minor + notice.credit_minor < max(minimum, 1)
                continue
            assert notice.total_minor - notice.credit_minor == before.total_minor


@settings(max_examples=25, deadline=None, print_blob=True)
@given(SEEDS)
def test_the_order_of_the_rows_does_not_matter(seed: int) -> None:
    customers = ledger(seed, customers=60)
    turned = [replace(facts, items=facts.items[::-1], holds=facts.holds[::-1]) for facts in customers[::-1]]
    first, second = in_frames(customers), in_frames(turned)
    assert first.decisions.equals(second.decisions)
    assert first.notices.equals(second.notices)
    assert first.lines.equals(second.lines)
    assert first.questions.equals(second.questions)


def test_the_draw_reaches_every_reason() -> None:
    """Else the agreement would be an agreement about nothing."""
    customers = [facts for seed in range(60) for facts in ledger(seed, customers=50)]
    seen = Counter(one.reason for facts in customers for one in decide(facts, on=TODAY).decisions)
    assert {reason: seen[reason] for reason in Reason if seen[reason] < 10} == {}


def test_both_number_the_reasons_alike() -> None:
    assert {reason.name: reason.value for reason in Reason} == {
        reason.name: reason.value for reason in EngineReason
    }


def in_frames(customers: list[Facts]) -> Any:
    """Ask the engine about all customers at once."""
    policies = {
        facts.policy_id: facts.policy for facts in customers if facts.policy_id is not None and facts.policy
    }
    return dunning.decide(
        items=frame(
            ITEMS,
            [
                asdict(item) | {"customer_id": facts.customer_id}
                for facts in customers
                for item in facts.items
            ],
        ),
        customers=frame(
            CUSTOMERS,
            [
                {
                    "customer_id": f.customer_id,
                    "policy_id": f.policy_id,
                    "parked": f.parked,
                    "paused": stopped_bits(pause for pause in f.pauses if pause.bites(TODAY)),
                    "released": free_bits(f.gates, has_sales=f.has_sales, on=TODAY),
                }
                for f in customers
            ],
        ),
        holds=frame(
            HOLDS,
            [
                asdict(hold) | {"customer_id": facts.customer_id}
                for facts in customers
                for hold in facts.holds
            ],
        ),
        touches=frame(
            TOUCHES,
            [{"customer_id": f.customer_id, "touched_on": day} for f in customers for day in f.touched_on],
        ),
        policies=policies,
        on=TODAY,
    )


def frame(schema: Schema, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(schema), orient="row")


def flat(answers: list[Decided], name: str, *, by: list[str]) -> list[dict[str, Any]]:
    """The rows of all customers, in the engine's order and shape."""
    shape = {"decisions": DECISIONS, "notices": NOTICES, "lines": LINES, "questions": QUESTIONS}[name]
    rows = [
        {key: plain(value) for key, value in asdict(row).items()}
        for answer in answers
        for row in getattr(answer, name)
    ]
    assert all(list(row) == list(shape) for row in rows)
    return sorted(rows, key=lambda row: [row[key] for key in by])


def plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.value if isinstance(value, Reason) else value
