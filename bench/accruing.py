"""Interest of so many items at once: three changes of rate and two part payments each, from frames to frame, no database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

SIZES = (10_000, 100_000, 1_000_000)
UNIT = "items"
FIRST = date(2024, 12, 1)
LAST = date(2026, 7, 2)
"""The German base rate changes three times in between: in January and July 2025 and in July 2026."""


def prepare(size: int) -> Callable[[], object]:
    """Items of drawn sums that bear interest over nineteen months, half of them owed by consumers."""
    import polars as pl

    from debitora.engine.accruing import accrue
    from debitora.values.rates import shipped
    from debitora.values.statutes import interest_law, statutory_periods

    rates = {
        key: statutory_periods(
            interest_law("DE", kind, arisen_on=FIRST), shipped(), start=FIRST, end=LAST + timedelta(days=31)
        )
        for key, kind in ((1, "business"), (2, "consumer"))
    }
    item = pl.int_range(0, size, eager=True).alias("item_id")
    minor = 10_000 + (item * 7_919) % 5_000_000
    items = pl.DataFrame(
        {
            "item_id": item,
            "rates": item % 2 + 1,
            "minor": minor,
            "from_on": _days(FIRST, item % 20),
            "to_on": _days(LAST, item % 30),
        }
    )
    payments = pl.concat(
        [
            pl.DataFrame({"item_id": item, "on": _days(on, item % 60), "minor": minor // part})
            for on, part in ((date(2025, 2, 1), 4), (date(2025, 10, 1), 3))
        ]
    )
    return lambda: accrue(items, payments, rates)


def _days(first: date, later: object) -> object:
    import polars as pl

    return pl.select(pl.lit(first) + pl.duration(days=pl.lit(later))).to_series()
