"""When claims lapse, the last safe day, and what each step left would still do: as rules, and as a list with its totals."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.dunning.rules.limitation import (
    MARGIN_DAYS,
    arisen_in,
    arose_on,
    lapses_on,
    limitation_law,
    safe_until,
    steps_left,
)
from debitora.dunning.rules.policy import DebtorKind, Policy, Step
from debitora.values.days import is_working_day

DAYS = st.dates(date(1996, 1, 1), date(2060, 12, 31))
GERMAN = limitation_law("DE")
POLICY = Policy(
    name="three steps",
    debtor=DebtorKind.BUSINESS,
    country="DE",
    language="de",
    steps=(
        Step(text="first", days_after_due=7),
        Step(text="second", days_after_due=21, min_gap_days=14),
        Step(text="third", days_after_due=35, min_gap_days=14),
    ),
)


@pytest.mark.parametrize(
    ("issued_on", "due_on", "lapses"),
    [
        (date(2023, 1, 1), date(2023, 1, 15), date(2026, 12, 31)),
        (date(2023, 12, 31), date(2024, 1, 14), date(2026, 12, 31)),
        (date(2024, 2, 29), date(2024, 3, 14), date(2027, 12, 31)),
        (None, date(2024, 1, 1), date(2027, 12, 31)),
        (date(2024, 6, 1), date(2023, 6, 1), date(2026, 12, 31)),
    ],
)
def test_a_german_claim_lapses_three_years_after_the_end_of_its_year(
    issued_on: date | None, due_on: date, lapses: date
) -> None:
    assert GERMAN is not None
    assert lapses_on(GERMAN, arose_on(issued_on=issued_on, due_on=due_on)) == lapses


@pytest.mark.parametrize("country", ["AT", "CH", "NL", "BE", "FR", "XX", ""])
def test_other_countries_are_not_known_here(country: str) -> None:
    assert limitation_law(country) is None


def test_the_last_safe_day_is_a_working_day_with_the_margin_to_spare() -> None:
    assert safe_until(date(2026, 12, 31), "DE") == date(2026, 12, 1)
    assert safe_until(date(2024, 12, 31), "DE") == date(2024, 11, 29)  # 1 December 2024 is a Sunday


@given(issued_on=st.none() | DAYS, due_on=DAYS)
def test_over_leap_years_a_claim_has_at_least_three_whole_years_and_less_than_four(
    issued_on: date | None, due_on: date
) -> None:
    assert GERMAN is not None
    arose = arose_on(issued_on=issued_on, due_on=due_on)
    lapses = lapses_on(GERMAN, arose)
    assert arose <= due_on
    assert (lapses.month, lapses.day) == (12, 31)
    assert 3 * 365 <= (lapses - arose).days < 4 * 366
    assert arisen_in(GERMAN, lapses.year) == arose.year
    safe = safe_until(lapses, "DE")
    assert is_working_day(safe, "DE")
    assert MARGIN_DAYS <= (lapses - safe).days <= MARGIN_DAYS + 5


@given(first=DAYS, second=DAYS)
def test_who_arises_later_never_lapses_earlier(first: date, second: date) -> None:
    assert GERMAN is not None
    early, late = sorted([first, second])
    assert lapses_on(GERMAN, early) <= lapses_on(GERMAN, late)


@given(level=st.integers(0, 3), due_on=DAYS, ago=st.none() | st.integers(0, 400), on=DAYS)
def test_the_steps_left_come_in_their_order_and_keep_their_days_and_gaps(
    level: int, due_on: date, ago: int | None, on: date
) -> None:
    reminded = None if ago is None else on - timedelta(days=ago)
    left = list(steps_left(POLICY, level=level, due_on=due_on, last_reminded_on=reminded, on=on))
    assert [one.level for one in left] == list(range(level + 1, 4))
    for one in left:
        assert one.on >= max(on, due_on + timedelta(days=POLICY.step(one.level).days_after_due))
    days = [(one.on, POLICY.step(one.level).min_gap_days) for one in left]
    if reminded is not None:
        days.insert(0, (reminded, 0))
    for (before, _), (day, gap) in pairwise(days):
        assert (day - before).days >= gap


def test_an_item_never_reminded_could_be_reminded_today_and_then_by_the_gaps() -> None:
    today = date(2026, 11, 18)
    left = steps_left(POLICY, level=0, due_on=date(2024, 1, 1), last_reminded_on=None, on=today)
    assert [one.on for one in left] == [today, date(2026, 12, 2), date(2026, 12, 16)]
