"""Interest in slices and in frames, beside an oracle that adds up every day in exact fractions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.engine.accruing import ACCRUED, BEARING, PAID, PaidTooMuch, accrue
from debitora.engine.interest import (
    DayCount,
    Interest,
    Order,
    Payment,
    RateMissing,
    half_up,
    interest,
    years,
)
from debitora.values.rates import shipped
from debitora.values.statutes import RatePeriod, interest_law, statutory_periods

FIRST = date(2019, 1, 1)
LAST = date(2026, 1, 1)


def rates(*steps: tuple[date, int], until: date = LAST) -> tuple[RatePeriod, ...]:
    ends = [day for day, _bp in steps[1:]] + [until]
    return tuple(RatePeriod(day, end, bp, "drawn") for (day, bp), end in zip(steps, ends, strict=True))


def day_by_day(
    principal: int,
    start: date,
    end: date,
    periods: Sequence[RatePeriod],
    payments: Sequence[Payment],
    day_count: DayCount,
) -> Fraction:
    """Every day by itself: what is owed on it, at its rate, a 365th or 366th of a year."""
    total, day = Fraction(0), start
    while day < end:
        owed = max(principal - sum(one.minor for one in payments if one.on <= day), 0)
        (bp,) = [one.bp for one in periods if one.from_on <= day < one.to_on]
        leap = day.year % 400 == 0 or (day.year % 4 == 0 and day.year % 100 != 0)
        year = 366 if leap and day_count is DayCount.ACT_ACT else 365
        total += Fraction(owed * bp, 10_000 * year)
        day += timedelta(days=1)
    return total


days = st.dates(FIRST, date(2022, 6, 1))
drawn_rates = st.lists(
    st.tuples(st.dates(date(2019, 1, 2), date(2023, 1, 1)), st.integers(-100, 2000)), max_size=4
).map(lambda found: rates((FIRST, 812), *sorted(dict(found).items())))
payment = st.builds(
    Payment, on=st.dates(date(2018, 6, 1), date(2023, 6, 1)), minor=st.integers(1, 10_000_000)
)


@given(
    st.integers(0, 10**12),
    days,
    st.integers(0, 500),
    drawn_rates,
    st.lists(payment, max_size=4),
    st.sampled_from(DayCount),
)
def test_m07_slices_say_what_every_day_says(
    principal: int,
    start: date,
    length: int,
    periods: tuple[RatePeriod, ...],
    payments: list[Payment],
    day_count: DayCount,
) -> None:
    end = start + timedelta(days=length)
    found = interest(principal, start=start, end=end, periods=periods, payments=payments, day_count=day_count)
    assert found.total_minor == half_up(day_by_day(principal, start, end, periods, payments, day_count))
    assert sum(one.minor for one in found.slices) == found.total_minor
    assert all(one.balance_minor > 0 and one.days > 0 for one in found.slices)
    exact = [
        Fraction(one.balance_minor * one.bp, 10_000) * years(one.from_on, one.to_on, day_count)
        for one in found.slices
    ]
    assert all(abs(one.minor - borne) < 1 for one, borne in zip(found.slices, exact, strict=True))


@given(
    st.integers(1, 10**10),
    days,
    st.integers(1, 400),
    drawn_rates,
    st.lists(payment, max_size=4),
    st.integers(0, 20_000),
)
def test_by_section_367_costs_and_interest_go_first(
    principal: int,
    start: date,
    length: int,
    periods: tuple[RatePeriod, ...],
    payments: list[Payment],
    costs: int,
) -> None:
    end = start + timedelta(days=length)
    asked = {"start": start, "end": end, "periods": periods, "payments": payments}
    first = interest(principal, **asked, order=Order.INTEREST, costs_minor=costs)  # type: ignore[arg-type]
    other = interest(principal, **asked)  # type: ignore[arg-type]
    paid = sum(one.minor for one in payments if one.on < end)
    owed = principal + costs + first.total_minor
    left = first.balance_minor + first.unpaid_minor + first.costs_minor
    assert left == max(owed - paid, 0) or (first.balance_minor == 0 and left >= owed - paid)
    if all(period.bp >= 0 for period in periods):
        assert first.total_minor >= other.total_minor - len(payments) - 1


def test_by_section_367_step_by_step() -> None:
    """1,000.00 at 10 % for a year, 150.00 after 73 days: 20.00 interest, so 130.00 go against the principal."""
    found = interest(
        100_000,
        start=date(2023, 1, 1),
        end=date(2024, 1, 1),
        periods=rates((FIRST, 1000)),
        payments=[Payment(date(2023, 3, 15), 15_000)],
        order=Order.INTEREST,
    )
    assert [(one.balance_minor, one.days, one.minor) for one in found.slices] == [
        (100_000, 73, 2_000),
        (87_000, 292, 6_960),
    ]
    assert (found.total_minor, found.unpaid_minor, found.balance_minor) == (8_960, 6_960, 87_000)


def test_costs_are_settled_before_interest() -> None:
    found = interest(
        100_000,
        start=date(2023, 1, 1),
        end=date(2023, 3, 15),
        periods=rates((FIRST, 1000)),
        payments=[Payment(date(2022, 12, 1), 500), Payment(date(2023, 2, 1), 600)],
        order=Order.INTEREST,
        costs_minor=1_000,
    )
    assert (found.costs_minor, found.balance_minor) == (0, 100_000)
    assert found.total_minor - found.unpaid_minor == 100


@pytest.mark.parametrize(
    ("minor", "start", "end", "bp", "total"),
    [
        (10_000, date(2023, 1, 1), date(2023, 1, 16), 1000, 41),  # ERPNext's own case: 100.00, 15 days, 10 %
        (10_000, date(2023, 1, 1), date(2024, 1, 1), 912, 912),
        (10_000, date(2024, 1, 1), date(2025, 1, 1), 912, 914),  # a leap year of 366 days by act/365
        (1, date(2023, 1, 1), date(2023, 1, 2), 912, 0),
        (0, date(2023, 1, 1), date(2024, 1, 1), 912, 0),
    ],
)
def test_worked_cases(minor: int, start: date, end: date, bp: int, total: int) -> None:
    assert interest(minor, start=start, end=end, periods=rates((FIRST, bp))).total_minor == total


def test_a_rate_that_changes_at_the_half_year() -> None:
    """ERPNext's request 37095: 10.62 % until the end of June 2023, then 12.12 %."""
    law = interest_law("DE", "business", arisen_on=date(2023, 1, 1))
    start, end = date(2023, 6, 1), date(2023, 8, 1)
    periods = statutory_periods(law, shipped(), start=start, end=end)
    found = interest(100_000, start=start, end=end, periods=periods)
    assert [(one.days, one.bp, one.minor) for one in found.slices] == [(30, 1062, 873), (31, 1212, 1029)]
    assert found.total_minor == 1902


def test_act_act_weighs_the_days_of_a_leap_year_less() -> None:
    asked = {"start": date(2023, 12, 31), "end": date(2024, 1, 2), "periods": rates((FIRST, 1000))}
    assert years(date(2023, 12, 31), date(2024, 1, 2), DayCount.ACT_ACT) == Fraction(1, 365) + Fraction(
        1, 366
    )
    found = interest(100_000_000, **asked, day_count=DayCount.ACT_ACT)  # type: ignore[arg-type]
    assert found.total_minor == half_up(Fraction(10_000_000) * (Fraction(1, 365) + Fraction(1, 366)))
    assert years(date(2024, 1, 1), date(2025, 1, 1), DayCount.ACT_ACT) == 1
    assert years(date(2000, 1, 1), date(2001, 1, 1), DayCount.ACT_ACT) == 1
    assert years(date(2100, 2, 1), date(2100, 2, 2), DayCount.ACT_ACT) == Fraction(1, 365)


def test_a_payment_counts_from_its_own_day() -> None:
    asked = {"start": date(2023, 1, 1), "end": date(2023, 1, 11), "periods": rates((FIRST, 3650))}

    def paid(day: date) -> Interest:
        return interest(100_000, **asked, payments=[Payment(day, 100_000)])  # type: ignore[arg-type]

    assert paid(date(2023, 1, 5)).total_minor == 400
    assert paid(date(2023, 1, 1)).slices == ()
    assert paid(date(2022, 12, 1)).total_minor == 0
    assert paid(date(2023, 1, 11)).total_minor == 1000
    assert paid(date(2023, 1, 11)).balance_minor == 100_000


def test_nothing_bears_interest_when_no_day_does() -> None:
    found = interest(5_000, start=FIRST, end=FIRST, periods=(), payments=[Payment(FIRST, 1_000)])
    assert (found.slices, found.total_minor, found.balance_minor) == ((), 0, 4_000)


def test_a_day_without_a_rate_is_refused() -> None:
    gap = (RatePeriod(FIRST, date(2020, 1, 1), 800, "x"), RatePeriod(date(2020, 2, 1), LAST, 900, "x"))
    with pytest.raises(RateMissing, match="2020-01-01"):
        interest(100, start=date(2019, 12, 1), end=date(2020, 3, 1), periods=gap)
    with pytest.raises(RateMissing, match="2018-12-31"):
        interest(100, start=date(2018, 12, 31), end=date(2020, 1, 1), periods=gap)
    with pytest.raises(RateMissing, match="2026-01-01"):
        interest(100, start=date(2025, 12, 1), end=date(2026, 2, 1), periods=gap)


def test_a_provisional_rate_makes_the_whole_provisional() -> None:
    known = RatePeriod(FIRST, date(2020, 1, 1), 800, "x")
    carried = RatePeriod(date(2020, 1, 1), LAST, 800, "x", provisional=True)
    asked = {"start": date(2019, 12, 1), "periods": (known, carried)}
    assert interest(100, **asked, end=date(2020, 1, 2)).provisional  # type: ignore[arg-type]
    assert not interest(100, **asked, end=date(2020, 1, 1)).provisional  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("exact", "whole"),
    [
        (Fraction(1, 2), 1),
        (Fraction(-1, 2), -1),
        (Fraction(49, 100), 0),
        (Fraction(3, 2), 2),
        (Fraction(-49, 100), 0),
    ],
)
def test_a_half_goes_away_from_zero(exact: Fraction, whole: int) -> None:
    assert half_up(exact) == whole


# ------------------------------------------------------------------------------------------------- in frames


@given(st.data(), st.sampled_from(DayCount))
def test_frames_say_what_slices_say(data: st.DataObject, day_count: DayCount) -> None:
    series = {7: data.draw(drawn_rates), 9: data.draw(drawn_rates)}
    rows, paid, wanted = [], [], []
    for item in range(data.draw(st.integers(0, 6))):
        minor = data.draw(st.integers(1, 10**14))
        start = data.draw(days)
        end = start + timedelta(days=data.draw(st.integers(-3, 600)))
        key = data.draw(st.sampled_from([7, 9]))
        parts = data.draw(st.lists(st.integers(1, max(minor // 4, 1)), max_size=3 if minor > 3 else 0))
        payments = [Payment(start + timedelta(days=data.draw(st.integers(-40, 700))), part) for part in parts]
        rows.append((item, key, minor, start, end))
        paid += [(item, one.on, one.minor) for one in payments]
        found = interest(
            minor,
            start=start,
            end=max(start, end),
            periods=series[key],
            payments=payments,
            day_count=day_count,
        )
        wanted.append((item, found.total_minor))
    got = accrue(
        pl.DataFrame(rows, schema=dict(BEARING), orient="row"),
        pl.DataFrame(paid, schema=dict(PAID), orient="row"),
        series,
        day_count=day_count,
    )
    assert got.schema == dict(ACCRUED)
    assert got.rows() == wanted


def bearing(*rows: tuple[int, int, int, date, date]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(BEARING), orient="row")


NOTHING_PAID = pl.DataFrame(schema=dict(PAID))


def test_frames_refuse_a_day_without_a_rate() -> None:
    known = {1: rates((FIRST, 800))}
    with pytest.raises(RateMissing, match="5"):
        accrue(bearing((5, 1, 100, FIRST, date(2026, 1, 2))), NOTHING_PAID, known)
    with pytest.raises(RateMissing, match="5"):
        accrue(bearing((5, 1, 100, date(2018, 12, 31), LAST)), NOTHING_PAID, known)
    with pytest.raises(RateMissing, match="6"):
        accrue(bearing((6, 2, 100, FIRST, LAST)), NOTHING_PAID, known)
    with pytest.raises(RateMissing, match="6"):
        accrue(bearing((6, 2, 100, FIRST, LAST)), NOTHING_PAID, {})
    gap = (RatePeriod(FIRST, date(2020, 1, 1), 800, "x"), RatePeriod(date(2020, 2, 1), LAST, 900, "x"))
    with pytest.raises(RateMissing, match="2020-01-01"):
        accrue(bearing((6, 2, 100, FIRST, date(2019, 3, 1))), NOTHING_PAID, {2: gap})


def test_frames_refuse_more_paid_than_owed() -> None:
    paid = pl.DataFrame([(3, FIRST, 60), (3, FIRST, 50)], schema=dict(PAID), orient="row")
    with pytest.raises(PaidTooMuch, match="3"):
        accrue(bearing((3, 1, 100, FIRST, LAST)), paid, {1: rates((FIRST, 800))})


def test_items_that_bear_nothing_bear_nothing() -> None:
    got = accrue(
        bearing((2, 1, 100, LAST, FIRST), (1, 1, 36_500, FIRST, date(2019, 1, 11))),
        NOTHING_PAID,
        {1: rates((FIRST, 1000))},
    )
    assert got.rows() == [(1, 100), (2, 0)]
    assert accrue(bearing(), NOTHING_PAID, {}).rows() == []
