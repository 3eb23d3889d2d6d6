"""TRUST T04: a deadline that ends on a Saturday, Sunday or holiday of the place ends on the next working day (§ 193 BGB)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.values.days import is_working_day, next_working_day

TABLE = [
    ("DE", "", "2026-11-21", "2026-11-23", "a Saturday"),
    ("DE", "", "2026-11-22", "2026-11-23", "a Sunday"),
    ("DE", "", "2026-11-20", "2026-11-20", "a Friday like any other"),
    ("DE", "", "2026-04-03", "2026-04-07", "Good Friday, and Easter until Monday"),
    ("DE", "", "2026-12-25", "2026-12-28", "Christmas before a weekend"),
    ("DE", "NW", "2026-06-04", "2026-06-05", "Corpus Christi where it is kept"),
    ("DE", "BE", "2026-06-04", "2026-06-04", "and where it is not"),
    ("DE", "SN", "2026-11-18", "2026-11-19", "the day of repentance in Saxony"),
    ("DE", "HH", "2026-11-18", "2026-11-18", "and nowhere else"),
    ("DE", "BY", "2026-01-06", "2026-01-07", "Epiphany in Bavaria"),
    ("AT", "", "2026-10-26", "2026-10-27", "the national day of Austria"),
    ("CH", "", "2026-08-01", "2026-08-03", "the national day of Switzerland, a Saturday"),
    ("NL", "", "2026-04-27", "2026-04-28", "the King's day of the Netherlands"),
    ("BE", "", "2026-07-21", "2026-07-22", "the national day of Belgium"),
    ("FR", "", "2026-07-14", "2026-07-15", "the national day of France"),
]


@pytest.mark.parametrize(("country", "part", "day", "moved", "what"), TABLE)
def test_t04_deadlines_move_over_free_days(country: str, part: str, day: str, moved: str, what: str) -> None:
    assert next_working_day(date.fromisoformat(day), country, part) == date.fromisoformat(moved), what


@given(
    day=st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    place=st.sampled_from([(country, part) for country, part, *_ in TABLE]),
)
def test_t04_never_earlier_and_never_past_a_working_day(day: date, place: tuple[str, str]) -> None:
    moved = next_working_day(day, *place)
    assert is_working_day(moved, *place)
    between = [day + timedelta(days=passed) for passed in range((moved - day).days)]
    assert not any(is_working_day(each, *place) for each in between)
