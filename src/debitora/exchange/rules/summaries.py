"""What a list would do, in figures and examples that a person can judge: per kind of change, per currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from debitora.engine.lists import ListDiff

SHOWN: Final = 5
"""Examples of each kind of change; the largest sums come first."""

_MOVES: Final = {
    "opened": "to_reopen",
    "paid": "to_pay",
    "settled": "to_settle",
    "corrected": "to_correct",
    "reappeared": "reappeared",
}
_STAY: Final = ("terms", "groups")
"""What changes no amount."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts by kind of change; signed sums by kind and currency, in minor units; some examples of each kind.

    An example is {item, customer, name, number, currency, before, after, due} with amounts in minor units; `item` is None
    where the item does not exist yet, and only then `name` is the customer's name. `listed` is the list's own sum per
    currency.
    """

    counts: dict[str, int] = field(default_factory=dict)
    sums: dict[str, dict[str, int]] = field(default_factory=dict)
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    listed: dict[str, int] = field(default_factory=dict)


def summary(*, changes: ListDiff, listed: pl.DataFrame, known: pl.DataFrame) -> Summary:
    """Sum up what a list (LISTED) changes of what is known (KNOWN)."""
    kinds = {kind: _moved(changes, kind, known) for kind in _MOVES}
    kinds["opened"] = pl.concat([_openings(changes), kinds["opened"]])
    kinds["terms"] = _terms(changes, known)
    kinds["groups"] = _groups(changes, known)
    return Summary(
        counts=counts_of(changes),
        sums={
            kind: _per_currency(frame) for kind, frame in kinds.items() if kind not in _STAY and frame.height
        },
        examples={kind: _examples(frame) for kind, frame in kinds.items() if frame.height},
        listed=_sums(listed, pl.col("open_minor")),
    )


def counts_of(changes: ListDiff) -> dict[str, int]:
    """How many items change in which way."""
    return {
        "opened": changes.to_open.height + changes.to_reopen.height,
        "paid": changes.to_pay.height,
        "corrected": changes.to_correct.height,
        "reappeared": changes.reappeared.height,
        "terms": changes.terms_changed.height,
        "groups": changes.regrouped.height,
        "settled": changes.to_settle.height,
        "behind": changes.behind.height,
        "caught_up": changes.caught_up.height,
        "unchanged": changes.unchanged,
    }


def without_names(examples: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The examples as they may be kept for ever: names live in party rows only."""
    return {kind: [{**each, "name": ""} for each in found] for kind, found in examples.items()}


def _openings(changes: ListDiff) -> pl.DataFrame:
    return changes.to_open.select(
        item=pl.lit(None, dtype=pl.Int64),
        customer="customer_number",
        name="customer_name",
        number="number",
        currency="currency",
        before=pl.lit(0, dtype=pl.Int64),
        after="open_minor",
        due="due_on",
    )


def _moved(changes: ListDiff, kind: str, known: pl.DataFrame) -> pl.DataFrame:
    moves: pl.DataFrame = getattr(changes, _MOVES[kind])
    beside = known.select("item_id", "customer_key", "number_key", "currency", "due_on")
    return moves.join(beside, on="item_id", how="left").select(
        item="item_id",
        customer="customer_key",
        name=pl.lit(""),
        number="number_key",
        currency="currency",
        before="open_minor",
        after="target_minor",
        due="due_on",
    )


def _terms(changes: ListDiff, known: pl.DataFrame) -> pl.DataFrame:
    """Items whose due day moves: their amount stays; `due` is the new day."""
    return _staying(changes.terms_changed.join(known.drop("due_on"), on="item_id", how="left"))


def _groups(changes: ListDiff, known: pl.DataFrame) -> pl.DataFrame:
    """Items of which the list names another product group."""
    return _staying(changes.regrouped.join(known.drop("product_group"), on="item_id", how="left"))


def _staying(beside: pl.DataFrame) -> pl.DataFrame:
    return beside.select(
        item="item_id",
        customer="customer_key",
        name=pl.lit(""),
        number="number_key",
        currency="currency",
        before="open_minor",
        after="open_minor",
        due="due_on",
    )


def _per_currency(frame: pl.DataFrame) -> dict[str, int]:
    return _sums(frame, pl.col("after") - pl.col("before"))


def _sums(frame: pl.DataFrame, amount: pl.Expr) -> dict[str, int]:
    totals = frame.group_by("currency").agg(total=amount.sum()).sort("currency")
    return {currency: int(total) for currency, total in totals.iter_rows()}


def _examples(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """The largest few; only those are put in order, for a list may bring a million."""
    size = (pl.col("after") - pl.col("before")).abs()
    largest = frame.filter(size >= size.top_k(SHOWN).min()).with_columns(size=size)
    ordered = largest.sort(["size", "number", "customer"], descending=[True, False, False]).drop("size")
    return ordered.head(SHOWN).with_columns(pl.col("due").cast(pl.String)).to_dicts()
