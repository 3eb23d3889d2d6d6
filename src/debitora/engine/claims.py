"""What may be claimed beside items, for many at once: since when each is in default, its interest, its lump sum.

`defaulted` says the same as `debitora.dunning.rules.default` says of one debt; a test holds the two together. Amounts are minor units.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from debitora.engine.accruing import accrue
from debitora.engine.frames import Schema, expect
from debitora.engine.interest import DayCount
from debitora.values.statutes import RatePeriod

DEBTS: Final[Schema] = {
    "item_id": pl.Int64,  # unique
    "terms": pl.Int64,  # key of its terms
    "due_on": pl.Date,
    "issued_on": pl.Date,  # null = not known
    "received_on": pl.Date,  # the first notice after the due day that reached the debtor; null = none
    "principal_minor": pl.Int64,  # before payments
    "rates": pl.Int64,  # key of its rates; null = its interest is not known, or not claimed
    "rated_from": pl.Date,  # its rates are not known before
    "lump_sum": pl.Boolean,  # the lump sum may be claimed
    "lump_sum_minor": pl.Int64,  # what is open of the lump sum that was claimed already; null = none was
    "settled_minor": pl.Int64,  # interest that was waived, paid or booked already
}
CLAIMED: Final[Schema] = {
    "item_id": pl.Int64,  # sorted by it
    "from_on": pl.Date,  # the first day of default; null = never
    "interest_minor": pl.Int64,  # from default until the day before, less what is settled; 0 = none
    "lump_sum_minor": pl.Int64,
}
LUMP_SUM_MINOR: Final = 4_000
"""EUR 40 (§ 288 V BGB, directive 2011/7/EU art. 6)."""
_BY_POST: Final = 3
_THIRTY: Final = 30
_FOURTEEN: Final = 14
_WITHOUT_REMINDER: Final = ("FR", "NL", "BE")
_AFTER_FREE_REMINDER: Final = ("NL", "BE")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a strategy states of its debts. kind: "business" or "consumer"; agreed and told as in `rules.default.Debt`."""

    country: str
    kind: str
    agreed: bool = False
    told: bool = False
    day_count: DayCount = DayCount.ACT_365


def claimed(
    debts: pl.DataFrame,
    payments: pl.DataFrame,
    *,
    terms: Mapping[int, Terms],
    rates: Mapping[int, Sequence[RatePeriod]],
    working: Callable[[date], date],
    on: date,
) -> pl.DataFrame:
    """What notices of the day may claim of each debt (DEBTS), shaped as CLAIMED. Payments as in `engine.accruing`.

    working: the day itself, or the next working day. Raises WrongFrame, and what `accrue` raises.
    """
    known = defaulted(debts, terms=terms, working=working)
    in_default = known.filter(pl.col("from_on") <= pl.lit(on))
    borne = _borne(in_default, payments, terms, rates, on)
    lump_sum = pl.when("lump_sum", pl.col("from_on") <= pl.lit(on)).then(
        pl.col("lump_sum_minor").fill_null(LUMP_SUM_MINOR)
    )
    interest = pl.col("interest_minor").fill_null(0) - pl.col("settled_minor")
    return (
        known.join(borne, on="item_id", how="left")
        .select(
            "item_id",
            "from_on",
            interest_minor=pl.when(pl.col("interest_minor") > 0)
            .then(pl.max_horizontal(interest, 0))
            .otherwise(0)
            .cast(pl.Int64),
            lump_sum_minor=lump_sum.fill_null(0).cast(pl.Int64),
        )
        .sort("item_id")
    )


def _borne(
    debts: pl.DataFrame,
    payments: pl.DataFrame,
    terms: Mapping[int, Terms],
    rates: Mapping[int, Sequence[RatePeriod]],
    on: date,
) -> pl.DataFrame:
    """Interest of what is in default and whose rates are known from its first day."""
    bearing = debts.filter(pl.col("rates").is_not_null() & (pl.col("from_on") >= pl.col("rated_from")))
    parts = []
    for count in sorted({one.day_count for one in terms.values()}):
        keys = [key for key, one in terms.items() if one.day_count is count]
        part = bearing.filter(pl.col("terms").is_in(keys)).select(
            "item_id", "rates", "from_on", minor="principal_minor", to_on=pl.lit(on)
        )
        paid = payments.join(part.select("item_id"), on="item_id", how="semi")
        parts.append(accrue(part, paid, rates, day_count=count))
    none = pl.DataFrame(schema={"item_id": pl.Int64, "interest_minor": pl.Int64})
    return pl.concat([none, *parts])


def defaulted(
    debts: pl.DataFrame, *, terms: Mapping[int, Terms], working: Callable[[date], date]
) -> pl.DataFrame:
    """The debts with the first day of default (`from_on`; null = nothing that is known ever causes it)."""
    known = expect(debts, DEBTS, name="debts").collect().join(_stated(terms), on="terms", how="left")
    last = pl.max_horizontal("due_on", pl.col("issued_on") + pl.duration(days=_BY_POST)) + pl.duration(
        days=_THIRTY
    )
    known = known.with_columns(last_on=pl.when("by_thirty", pl.col("issued_on").is_not_null()).then(last))
    due, later = _working(known["due_on"], working), _working(known["last_on"], working)
    told = pl.when(pl.col("received_on") > pl.col("due_on")).then("received_on")
    day = pl.duration(days=1)
    from_on = (
        pl.when("free")
        .then(told + pl.duration(days=_FOURTEEN + 1))
        .when("without")
        .then(due + day)
        .otherwise(pl.min_horizontal(pl.when("agreed").then(due + day), told + day, later + day))
    )
    return known.with_columns(from_on=from_on).select(*DEBTS, "from_on")


def _stated(terms: Mapping[int, Terms]) -> pl.DataFrame:
    """Which grounds of default each strategy knows."""
    rows = [
        (
            key,
            one.kind == "consumer" and one.country in _AFTER_FREE_REMINDER,
            one.kind == "business" and one.country in _WITHOUT_REMINDER,
            one.agreed,
            one.country == "DE" and (one.kind == "business" or one.told),
        )
        for key, one in terms.items()
    ]
    schema = {
        "terms": pl.Int64,
        "free": pl.Boolean,
        "without": pl.Boolean,
        "agreed": pl.Boolean,
        "by_thirty": pl.Boolean,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _working(days: pl.Series, working: Callable[[date], date]) -> pl.Expr:
    """The column of days, each moved to a working day; every day is asked for once."""
    moved = {day: working(day) for day in days.drop_nulls().unique().to_list()}
    return pl.col(days.name).replace_strict(moved, default=None, return_dtype=pl.Date)
