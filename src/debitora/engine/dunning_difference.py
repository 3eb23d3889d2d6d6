"""What two answers of the dunning run say differently: how many by reason and level, which sums, whom."""

from __future__ import annotations

from typing import Final

import polars as pl

from debitora.engine.dunning_shapes import Decided
from debitora.engine.frames import Schema

DIFFERENCES: Final[Schema] = {
    "customer_id": pl.Int64,
    "currency": pl.String,
    "items": pl.Int64,  # how many items are decided differently; 0 where only the notice differs
    "reason_before": pl.Int16,  # of the first item that differs; null = not decided
    "reason_after": pl.Int16,
    "level_before": pl.Int16,  # of the notice; null = none
    "level_after": pl.Int16,
    "total_before": pl.Int64,  # what the notice asks for, in minor units; null = none
    "total_after": pl.Int64,
}
"""One row per customer and currency that differ."""
_PAIR: Final = ["customer_id", "currency"]


def counted(before: pl.DataFrame, after: pl.DataFrame, by: str) -> list[tuple[int, int, int]]:
    """(value, rows before, rows after) for each value of the column in either frame, sorted by it."""
    both = _count(before, by).join(_count(after, by), on=by, how="full", coalesce=True, suffix="_after")
    return both.fill_null(0).sort(by).rows()


def summed(before: pl.DataFrame, after: pl.DataFrame) -> list[tuple[str, int, int]]:
    """(currency, sum before, sum after) of what notices ask for, in minor units."""
    both = _sum(before).join(_sum(after), on="currency", how="full", coalesce=True, suffix="_after")
    return both.fill_null(0).sort("currency").rows()


def differences(before: Decided, after: Decided) -> pl.DataFrame:
    """Whom the two answers treat differently, shaped as DIFFERENCES: the largest change of a customer's sums first."""
    both = _items(before, after).join(
        _notices(before, after), on=_PAIR, how="full", coalesce=True, maintain_order="left_right"
    )
    change = pl.col("total_after").fill_null(0) - pl.col("total_before").fill_null(0)
    return (
        both.with_columns(pl.col("items").fill_null(0), weight=change.abs().max().over("customer_id"))
        .sort("weight", *_PAIR, descending=[True, False, False])
        .select(pl.col(name).cast(kind) for name, kind in DIFFERENCES.items())
    )


def _items(before: Decided, after: Decided) -> pl.DataFrame:
    """Per customer and currency: how many items are decided differently, and the first of them."""
    said = ["reason", "level_to"]
    key = ["item_id", *_PAIR]
    both = before.decisions.select(*key, *said).join(
        after.decisions.select(*key, *said), on=key, how="full", coalesce=True, suffix="_after"
    )
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_after")) for name in said)
    return (
        both.filter(differs)
        .sort("item_id")
        .group_by(_PAIR, maintain_order=True)
        .agg(
            items=pl.len(),
            reason_before=pl.col("reason").first(),
            reason_after=pl.col("reason_after").first(),
        )
    )


def _notices(before: Decided, after: Decided) -> pl.DataFrame:
    """Per customer and currency: level and sum of both notices, of those with a difference in them or in their items."""
    said = {"level": "level_before", "total_minor": "total_before"}
    old = _by_pair(before.notices).rename(said)
    new = _by_pair(after.notices).rename({"level": "level_after", "total_minor": "total_after"})
    both = old.join(new, on=_PAIR, how="full", coalesce=True)
    levels = pl.col("level_before").eq_missing(pl.col("level_after"))
    same = levels & pl.col("total_before").eq_missing(pl.col("total_after"))
    changed = _items(before, after).select(_PAIR).with_columns(touched=True)
    return (
        both.join(changed, on=_PAIR, how="left")
        .filter(~same | pl.col("touched").fill_null(False))
        .drop("touched")
    )


def _by_pair(notices: pl.DataFrame) -> pl.DataFrame:
    """The highest level and the sum of all that a customer gets in a currency."""
    return notices.group_by(_PAIR, maintain_order=True).agg(
        pl.col("level").max(), pl.col("total_minor").sum()
    )


def _count(rows: pl.DataFrame, by: str) -> pl.DataFrame:
    return rows.group_by(by).agg(rows=pl.len().cast(pl.Int64))


def _sum(notices: pl.DataFrame) -> pl.DataFrame:
    total = pl.col("total_minor").cast(pl.Int128).sum().cast(pl.Int64)
    return notices.group_by("currency").agg(total=total)
