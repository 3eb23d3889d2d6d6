"""What the business says, by examples and properties; and that rows, frames and SQL say the same."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.engine import aging
from debitora.receivables.rules.holds import HoldSpan, held_minor, in_force
from debitora.receivables.rules.items import BANDS, band, days_overdue, due_days_of

ON = date(2026, 11, 18)
DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))


def day(offset: int) -> date:
    return ON + timedelta(days=offset)


@pytest.mark.parametrize(
    ("overdue_for", "expected"),
    [(-5, "not_due"), (0, "not_due"), (1, "d1_30"), (30, "d1_30"), (31, "d31_60"), (60, "d31_60")]
    + [(61, "d61_90"), (90, "d61_90"), (91, "d90_plus"), (9000, "d90_plus")],
)
def test_bands_begin_and_end(overdue_for: int, expected: str) -> None:
    assert band(due_on=day(-overdue_for), on=ON) == expected


@given(due_on=DAYS, on=DAYS)
def test_row_frame_and_range_of_due_days_agree_on_the_band(due_on: date, on: date) -> None:
    frame = pl.DataFrame({"currency": ["EUR"], "due_on": [due_on], "open_minor": [1]})
    mine = band(due_on=due_on, on=on)
    assert getattr(aging.bands(frame, on=on)["EUR"], mine) == 1
    ranges = {name: due_days_of(name, on=on) for name in BANDS}
    assert [name for name, (first, last) in ranges.items() if first <= due_on <= last] == [mine]
    assert (days_overdue(due_on=due_on, on=on) > 0) == (mine != "not_due")


def test_no_band_of_another_name() -> None:
    with pytest.raises(KeyError):
        due_days_of("d120", on=ON)


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (HoldSpan(day(0)), True),
        (HoldSpan(day(1)), False),
        (HoldSpan(day(-5), day(0)), True),
        (HoldSpan(day(-5), day(-1)), False),
        (HoldSpan(day(-5), None, day(0)), False),
        (HoldSpan(day(-5), None, day(1)), True),
        (HoldSpan(day(-5), day(9), day(-1)), False),
    ],
)
def test_a_hold_is_in_force_from_first_to_last_day(span: HoldSpan, expected: bool) -> None:
    assert in_force(span, on=ON) is expected


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [([], 0), ([30], 30), ([30, 50], 80), ([70, 50], 100), ([None], 100), ([1, None], 100)],
)
def test_held_amounts_add_up_to_no_more_than_is_open(amounts: list[int | None], expected: int) -> None:
    holds = [HoldSpan(ON, amount_minor=amount) for amount in amounts]
    assert held_minor(open_minor=100, holds=[*holds, HoldSpan(day(1))], on=ON) == expected
