"""Aging bands: their boundaries, their sums, and that nothing overflows."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debitora.engine import aging
from debitora.engine.aging import Bands
from debitora.engine.frames import WrongFrame
from debitora.values.money import MAX_MINOR

ON = date(2026, 3, 16)


def items(*given: tuple[str, int, int]) -> pl.DataFrame:
    """Rows of (currency, days overdue, open in minor units)."""
    columns = [(currency, ON - timedelta(days=days), minor) for currency, days, minor in given]
    return pl.DataFrame(columns, schema=dict(aging.ITEMS), orient="row")


@pytest.mark.parametrize(
    ("days", "band"),
    [
        (-20, "not_due"),
        (0, "not_due"),
        (1, "d1_30"),
        (30, "d1_30"),
        (31, "d31_60"),
        (60, "d31_60"),
        (61, "d61_90"),
        (90, "d61_90"),
        (91, "d90_plus"),
        (4_000, "d90_plus"),
    ],
)
def test_a_band_ends_with_its_last_day(days: int, band: str) -> None:
    found = aging.bands(items(("EUR", days, 1_250)), on=ON)["EUR"]
    assert {name: getattr(found, name) for name in aging.BANDS if getattr(found, name)} == {band: 1_250}
    assert found.total == 1_250


def test_a_credit_lowers_the_band_of_its_own_due_date() -> None:
    found = aging.bands(items(("EUR", 5, 1_000), ("EUR", 40, -300)), on=ON)["EUR"]
    assert found == Bands(not_due=0, d1_30=1_000, d31_60=-300, d61_90=0, d90_plus=0, total=700)


def test_no_items_have_no_currencies() -> None:
    assert aging.bands(items(), on=ON) == {}


def test_a_million_of_the_largest_amounts_do_not_overflow() -> None:
    largest = MAX_MINOR - 1
    many = pl.concat([items(("EUR", 3, largest))] * 20).sample(1_000_000, with_replacement=True, seed=1)
    assert aging.bands(many, on=ON)["EUR"].total == 1_000_000 * largest


def test_any_columns_may_be_the_key() -> None:
    ledger = items(("EUR", 1, 10), ("EUR", 1, 20), ("USD", 1, 30)).with_columns(
        customer_id=pl.Series([7, 8, 8])
    )
    table = aging.by(ledger, "customer_id", "currency", on=ON)
    assert table.select("customer_id", "currency", "d1_30", "total").rows() == [
        (7, "EUR", 10, 10),
        (8, "EUR", 20, 20),
        (8, "USD", 30, 30),
    ]


def test_a_frame_without_due_dates_is_refused() -> None:
    with pytest.raises(WrongFrame, match="items: no column due_on"):
        aging.bands(items().drop("due_on"), on=ON)


@settings(max_examples=30, deadline=None, print_blob=True)
@given(st.integers(0, 2**32 - 1))
def test_bands_add_up_to_what_is_open(seed: int) -> None:
    random = Random(seed)
    drawn = [
        (random.choice(["EUR", "USD", "JPY"]), random.randint(-40, 130), random.randint(-500, 900))
        for _ in range(80)
    ]
    expected: dict[str, int] = defaultdict(int)
    for currency, _, minor in drawn:
        expected[currency] += minor
    found = aging.bands(items(*drawn), on=ON)
    assert {currency: bands.total for currency, bands in found.items()} == expected
    for bands in found.values():
        assert sum(getattr(bands, name) for name in aging.BANDS) == bands.total
