"""The engine by itself: shapes, refusals, sizes. What it decides is held to the row-wise rules in dunning/tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from debitora.engine import dunning
from debitora.engine.dunning_shapes import (
    CUSTOMERS,
    DECISIONS,
    HOLDS,
    ITEMS,
    LINES,
    NOTICES,
    TOUCHES,
    Decided,
    Reason,
)
from debitora.engine.frames import Schema, WrongFrame, empty
from debitora.values.money import MAX_MINOR

ON = date(2026, 3, 16)


@dataclass(frozen=True)
class OneStep:
    """Seven days after the due day, from five to ten in any currency."""

    days_after_due: int = 7
    month_end: bool = False
    min_gap_days: int = 0
    way: int = 1
    asks_sales: bool = False

    def item_minimum(self, currency: str) -> int:
        return 500

    def notice_minimum(self, currency: str) -> int:
        return 1_000


@dataclass(frozen=True)
class OnePolicy:
    """The least that the engine asks of a policy."""

    steps: tuple[OneStep, ...] = (OneStep(),)
    grace_days: int = 0
    consider_credits: bool = True
    offset_credits: bool = True
    grouping: str = "customer_currency"
    contact_cap: None = None
    upcoming_days: None = None
    upcoming_way: int = 0


def rows(schema: Schema, *given: dict[str, Any], **defaults: Any) -> pl.DataFrame:
    return pl.DataFrame([defaults | row for row in given], schema=dict(schema), orient="row")


def items(*given: dict[str, Any]) -> pl.DataFrame:
    numbered = [{"item_id": number, **row} for number, row in enumerate(given, start=1)]
    return rows(
        ITEMS,
        *numbered,
        customer_id=1,
        currency="EUR",
        due_on=ON - timedelta(days=10),
        open_minor=2_000,
        level=0,
        list_behind=False,
        pending=False,
        crossed=False,
    )


def run(ledger: pl.DataFrame, **frames: pl.DataFrame) -> Decided:
    inputs = {
        "customers": rows(CUSTOMERS, {"customer_id": 1, "policy_id": 5, "parked": False}),
        "holds": empty(HOLDS),
        "touches": empty(TOUCHES),
    }
    return dunning.decide(items=ledger, **(inputs | frames), policies={5: OnePolicy()}, on=ON)


def test_one_item_becomes_one_notice() -> None:
    decided = run(items({}))
    assert decided.decisions.row(0, named=True) == {
        "item_id": 1,
        "customer_id": 1,
        "currency": "EUR",
        "reason": Reason.NOTICE,
        "level_before": 0,
        "level_to": 1,
        "days_overdue": 10,
        "open_minor": 2_000,
        "held_minor": 0,
        "policy_id": 5,
        "notice": True,
    }
    assert decided.notices.row(0) == (1, "EUR", 0, 5, 1, 2_000, 0, 0, 2_000, 1)
    assert decided.lines.row(0) == (1, 1, "EUR", 0, "due", 0, 1, 2_000)


def test_the_answer_has_its_shape_even_without_rows() -> None:
    decided = run(empty(ITEMS), customers=empty(CUSTOMERS))
    assert decided.decisions.schema == dict(DECISIONS)
    assert decided.notices.schema == dict(NOTICES)
    assert decided.lines.schema == dict(LINES)
    assert (decided.decisions.height, decided.notices.height, decided.lines.height) == (0, 0, 0)


def test_without_any_policy_everything_waits_for_a_strategy() -> None:
    decided = dunning.decide(
        items=items({}),
        customers=empty(CUSTOMERS),
        holds=empty(HOLDS),
        touches=empty(TOUCHES),
        policies={},
        on=ON,
    )
    assert decided.decisions["reason"].to_list() == [Reason.NO_STRATEGY]


def test_an_item_whose_customer_is_not_given_is_decided_all_the_same() -> None:
    decided = run(items({"customer_id": 2}))
    assert decided.decisions["reason"].to_list() == [Reason.NO_STRATEGY]
    assert decided.decisions["policy_id"].to_list() == [None]


def test_a_customer_given_twice_is_refused() -> None:
    twice = rows(CUSTOMERS, *[{"customer_id": 1, "policy_id": 5, "parked": False}] * 2)
    with pytest.raises(pl.exceptions.ComputeError):
        run(items({}), customers=twice)


def test_a_frame_that_lacks_a_column_is_refused_by_name() -> None:
    with pytest.raises(WrongFrame, match="items: no column level"):
        run(items({}).drop("level"))


def test_a_frame_with_another_type_is_refused_by_name() -> None:
    with pytest.raises(WrongFrame, match="items: open_minor is Float64, needs Int64"):
        run(items({}).with_columns(pl.col("open_minor").cast(pl.Float64)))


def test_further_columns_do_no_harm() -> None:
    assert run(items({}).with_columns(policy_id=pl.lit(9), number=pl.lit("R-1"))).notices.height == 1


def test_a_part_of_an_item_can_be_held_by_several_holds() -> None:
    parts = rows(HOLDS, {"amount_minor": 300}, {"amount_minor": 400}, item_id=1, customer_id=1, from_on=ON)
    decided = run(items({}), holds=parts)
    assert decided.decisions["held_minor"].to_list() == [700]
    assert decided.lines["open_minor"].to_list() == [1_300]


def test_a_hold_of_more_than_the_item_holds_all_of_it() -> None:
    parts = rows(HOLDS, *[{"amount_minor": MAX_MINOR - 1}] * 3, item_id=1, customer_id=1, from_on=ON)
    decided = run(items({}), holds=parts)
    assert decided.decisions.select("reason", "held_minor").row(0) == (Reason.HELD_ITEM, 2_000)


def test_sums_at_the_largest_amounts_are_exact() -> None:
    largest = MAX_MINOR - 1
    decided = run(items(*[{"open_minor": largest}] * 9))
    assert decided.notices["due_minor"].to_list() == [9 * largest]


def test_a_sum_beyond_sixty_four_bits_is_refused_not_wrapped() -> None:
    ledger = pl.concat([items({"open_minor": MAX_MINOR - 1})] * 9_500).with_columns(
        item_id=pl.int_range(pl.len())
    )
    with pytest.raises(pl.exceptions.InvalidOperationError):
        run(ledger)


def test_currencies_are_never_mixed() -> None:
    decided = run(items({"currency": "USD"}, {"currency": "EUR"}, {"currency": "EUR"}))
    assert decided.notices.select("currency", "due_minor", "items").rows() == [
        ("EUR", 4_000, 2),
        ("USD", 2_000, 1),
    ]
