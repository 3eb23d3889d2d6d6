"""Aging: what is open, by how long it has been due. From the due date, in calendar days; weekends move nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

import polars as pl

from debitora.engine.frames import expect

ITEMS: Final = {"currency": pl.String, "due_on": pl.Date, "open_minor": pl.Int64}
"""One row per open item. `open_minor` is signed: a credit is negative and ages by its own due date."""

_FOREVER: Final = 4_000_000

BANDS: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        "not_due": (-_FOREVER, 0),
        "d1_30": (1, 30),
        "d31_60": (31, 60),
        "d61_90": (61, 90),
        "d90_plus": (91, _FOREVER),
    }
)
"""First and last number of days overdue of each band; the due day itself is not overdue."""


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
    amount = pl.col("open_minor").cast(pl.Int128)
    overdue = (pl.lit(on) - pl.col("due_on")).dt.total_days()
    sums = [
        amount.filter(overdue.is_between(first, last)).sum().alias(band)
        for band, (first, last) in BANDS.items()
    ]
    return items.lazy().group_by(keys).agg(*sums, total=amount.sum()).sort(keys).collect()
