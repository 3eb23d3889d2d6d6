"""Simple interest on many items at once, as frames; says the same as `debitora.engine.interest` says for one.

Interest is linear: what a principal bears over its days, less what each payment would have borne from its own day on. With
the rates summed up by day beforehand, an item costs two looks into that sum and a payment one, however many rates there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import polars as pl

from debitora.engine.frames import Schema, expect
from debitora.engine.interest import DayCount, RateMissing
from debitora.values.statutes import RatePeriod

BEARING: Final[Schema] = {
    "item_id": pl.Int64,  # unique
    "rates": pl.Int64,  # key of its rates
    "minor": pl.Int64,  # the principal on `from_on`, before payments
    "from_on": pl.Date,  # the first day that bears interest
    "to_on": pl.Date,  # the first that does not
}
PAID: Final[Schema] = {"item_id": pl.Int64, "on": pl.Date, "minor": pl.Int64}
"""Payments, above zero and of one item together no more than its principal."""
ACCRUED: Final[Schema] = {"item_id": pl.Int64, "interest_minor": pl.Int64}

_YEAR: Final = {DayCount.ACT_365: 365, DayCount.ACT_ACT: 365 * 366}
"""Into so many parts a year is cut, so that the weight of a day is whole."""
_NARROW: Final = 2**62


class PaidTooMuch(Exception):
    """Payments of an item exceed its principal; the text names the item."""


def accrue(
    items: pl.DataFrame,
    payments: pl.DataFrame,
    rates: Mapping[int, Sequence[RatePeriod]],
    *,
    day_count: DayCount = DayCount.ACT_365,
) -> pl.DataFrame:
    """The interest of every item (BEARING) less its payments (PAID), shaped as ACCRUED and sorted by item, rounded half up.

    `rates` by key, each without a gap. Raises RateMissing where rates do not cover an item's days, PaidTooMuch, WrongFrame.
    """
    bearing = (
        expect(items, BEARING, name="items")
        .filter(pl.col("from_on") < pl.col("to_on"))
        .sort("item_id")
        .collect()
    )
    paid = expect(payments, PAID, name="payments").collect()
    sums = _Sums.of(rates, day_count)
    whole = bearing.with_columns(
        begins=sums.until("rates", "from_on"), ends=sums.until("rates", "to_on"), ended_on="to_on"
    )
    if whole.select(pl.any_horizontal(pl.col("begins", "ends").is_null()).any()).item():
        missing = whole.filter(pl.any_horizontal(pl.col("begins", "ends").is_null()))
        raise RateMissing(str(missing["item_id"][0]))
    exact = _wide(whole, sums)
    lowered = _lowered(whole, paid, sums, exact)
    owed = pl.col("minor").cast(exact) * (pl.col("ends") - pl.col("begins")) - pl.col("less").fill_null(0)
    parts = 10_000 * _YEAR[day_count]
    borne = whole.join(lowered, on="item_id", how="left", maintain_order="left").select(
        "item_id", interest_minor=_half_up(owed, parts).cast(pl.Int64)
    )
    idle = items.filter(pl.col("from_on") >= pl.col("to_on")).select(
        "item_id", interest_minor=pl.lit(0, pl.Int64)
    )
    return pl.concat([borne, idle]).sort("item_id") if idle.height else borne


def _lowered(whole: pl.DataFrame, paid: pl.DataFrame, sums: _Sums, exact: type[pl.DataType]) -> pl.DataFrame:
    """What the payments of each item would have borne until its end."""
    counted = (
        paid.join(
            whole.select("item_id", "rates", "from_on", "ends", "ended_on", whole_minor="minor"), on="item_id"
        )
        .filter(pl.col("on") < pl.col("ended_on"))
        .with_columns(counts_on=pl.max_horizontal("on", "from_on"))
        .with_columns(counts=sums.until("rates", "counts_on"))
    )
    lowered = counted.group_by("item_id").agg(
        less=(pl.col("minor").cast(exact) * (pl.col("ends") - pl.col("counts"))).sum(),
        paid=pl.col("minor").sum(),
        whole=pl.col("whole_minor").first(),
    )
    over = lowered.filter(pl.col("paid") > pl.col("whole"))
    if over.height:
        raise PaidTooMuch(str(over["item_id"].min()))
    return lowered.select("item_id", "less")


def _wide(whole: pl.DataFrame, sums: _Sums) -> type[pl.DataType]:
    """The narrowest whole numbers that hold the products."""
    largest: int = whole.select(pl.col("minor").max().fill_null(0)).item()
    return pl.Int64 if largest * max(sums.largest, 1) < _NARROW else pl.Int128


def _half_up(owed: pl.Expr, parts: int) -> pl.Expr:
    """Rounded to whole minor units, a half away from zero."""
    return owed.sign() * ((owed.abs() * 2 + parts) // (2 * parts))


class _Sums:
    """Basis points times days, in parts of a year, summed up until every day: of all rates in one row, one after the other."""

    def __init__(self, first: date, days: int, places: Mapping[int, int], sums: pl.Series) -> None:
        self._first, self._days, self._places, self._sums = first, days, places, sums
        self.largest = max((abs(int(one)) for one in (sums.min(), sums.max()) if one is not None), default=0)  # type: ignore[arg-type]

    @classmethod
    def of(cls, rates: Mapping[int, Sequence[RatePeriod]], day_count: DayCount) -> _Sums:
        """Summed up from the first day of any rates to the last."""
        first = min((periods[0].from_on for periods in rates.values() if periods), default=date(2000, 1, 1))
        last = max((periods[-1].to_on for periods in rates.values() if periods), default=first)
        days = (last - first).days + 1
        rows = [_summed(rates[key], first, days, day_count) for key in sorted(rates)]
        places = {key: place for place, key in enumerate(sorted(rates))}
        return cls(first, days, places, pl.concat(rows) if rows else pl.Series([], dtype=pl.Int64))

    def until(self, key: str, day: str) -> pl.Expr:
        """The sum over the days before the one in the column, by the rates of the key; null where they do not know it."""
        offset = (pl.col(day) - pl.lit(self._first)).dt.total_days()
        known = offset.is_between(0, self._days - 1)
        place = pl.col(key).replace_strict(self._places, default=None, return_dtype=pl.Int64)
        at = pl.when(known).then(place * self._days + offset)
        return at.map_batches(self._looked_up, return_dtype=pl.Int64)

    def _looked_up(self, at: pl.Series) -> pl.Series:
        return self._sums.gather(at) if self._sums.len() else pl.Series([None] * at.len(), dtype=pl.Int64)


def _summed(periods: Sequence[RatePeriod], first: date, days: int, day_count: DayCount) -> pl.Series:
    """Of one row of rates, per day: the sum over all days before it; null outside the rates. Raises RateMissing at a gap."""
    for before, then in pairwise(periods):
        if before.to_on != then.from_on:
            raise RateMissing(before.to_on.isoformat())
    steps = pl.DataFrame(
        [(one.from_on, one.to_on, one.bp) for one in periods],
        schema={"day": pl.Date, "to_on": pl.Date, "bp": pl.Int64},
        orient="row",
    )
    every = pl.DataFrame({"day": pl.date_range(first, first + timedelta(days=days - 1), eager=True)})
    leap = pl.when(pl.col("day").dt.is_leap_year()).then(365).otherwise(366)
    weight = leap if day_count is DayCount.ACT_ACT else pl.lit(1)
    inside = pl.col("day") < pl.col("to_on")
    weighed = pl.when(inside).then(pl.col("bp") * weight).otherwise(0).cast(pl.Int64)
    until = weighed.cum_sum() - weighed
    return every.join_asof(steps, on="day", strategy="backward").select(
        until=pl.when(inside | (pl.col("day") == pl.col("to_on"))).then(until)
    )["until"]
