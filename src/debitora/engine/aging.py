"""Aging: what is open, by how long it has been due. From the due date, in calendar days; weekends move nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from debitora.engine.frames import expect

ITEMS: Final = {"currency": pl.String, "due_on": pl.Date, "open_minor": pl.Int64}
"""One row per open item. `open_minor` is signed: a credit is negative and ages by its own due date."""

BANDS: Final = ("not_due", "d1_30", "d31_60", "d61_90", "d90_plus")
"""Not due (the due day itself included), then 1 to 30, 31 to 60, 61 to 90 and more than 90 days overdue."""


@dataclass(frozen=True, slots=True)
class Bands:
    """Sums of one currency in minor units. The five bands add up to `total`; credits lower the band they stand in."""

    not_due: int
    d1_30: int
    d31_60: int
    d61_90: int
    d90_plus: int
    total: int


def bands(items: pl.DataFrame, *, on: date) -> dict[str, Bands]:
    """The bands of each currency that has an item, by currency code. Exact at any size of sum."""
    table = by(items, "currency", on=on)
    return {row.pop("currency"): Bands(**row) for row in table.iter_rows(named=True)}


def by(items: pl.DataFrame, *keys: str, on: date) -> pl.DataFrame:
    """The bands for each combination of `keys` (columns of `items`, such as customer_id), sorted by them.

    Sums are 128-bit integers, for a million items at the largest amount would overflow 64 bits.
    """
    expect(items, ITEMS, name="items")
    aged = items.lazy().with_columns(_band(on), pl.col("open_minor").cast(pl.Int128))
    return aged.group_by(keys).agg(*_sums(BANDS), total=pl.col("open_minor").sum()).sort(keys).collect()


def _band(on: date) -> pl.Expr:
    overdue = (pl.lit(on) - pl.col("due_on")).dt.total_days()
    return overdue.cut([0, 30, 60, 90], labels=list(BANDS)).cast(pl.String).alias("band")


def _sums(names: Sequence[str]) -> list[pl.Expr]:
    amount = pl.col("open_minor")
    return [amount.filter(pl.col("band") == name).sum().alias(name) for name in names]
