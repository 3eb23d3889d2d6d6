"""The days around a step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from debitora.dunning.rules import steps
from debitora.dunning.rules.policy import RunBound, Upcoming
from debitora.dunning.rules.presets import preset
from debitora.dunning.rules.quiet import Quiet, quiet_of
from debitora.values.money import Money

POLICY = preset("de-business")
MONDAY = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("day", "leaves"),
    [
        (MONDAY, MONDAY),
        (date(2026, 3, 14), MONDAY),  # a Saturday
        (date(2026, 4, 3), date(2026, 4, 7)),  # Good Friday, then Easter Monday
    ],
)
def test_a_notice_leaves_on_a_working_day(day: date, leaves: date) -> None:
    assert steps.sending_day(day, POLICY, "DE") == leaves
    assert steps.sending_day(day, replace(POLICY, send_on_working_days=False), "DE") == day


@pytest.mark.parametrize(
    ("day", "quiet", "leaves"),
    [
        pytest.param(date(2026, 12, 23), "12-24/01-01", date(2026, 12, 23), id="the day before"),
        pytest.param(date(2026, 12, 24), "12-24/01-01", date(2027, 1, 4), id="over New Year and a weekend"),
        pytest.param(date(2027, 1, 1), "12-24/01-01", date(2027, 1, 4), id="its last day"),
        pytest.param(date(2026, 8, 3), "08-03/08-07", date(2026, 8, 10), id="within a year"),
        pytest.param(date(2026, 3, 20), "fri", date(2026, 3, 23), id="a weekday"),
        pytest.param(date(2028, 2, 29), "02-29/02-29", date(2028, 3, 1), id="leap day"),
    ],
)
def test_nothing_leaves_on_quiet_days(day: date, quiet: str, leaves: date) -> None:
    told = quiet_of(quiet)
    assert told is not None
    assert told.text == quiet
    assert steps.sending_day(day, replace(POLICY, quiet_days=(told,)), "DE") == leaves


def test_a_quiet_day_may_be_left_for_a_weekend_where_that_is_allowed() -> None:
    policy = replace(POLICY, quiet_days=(Quiet(weekday=4),), send_on_working_days=False)
    assert steps.sending_day(date(2026, 3, 20), policy, "DE") == date(2026, 3, 21)


def test_where_no_day_is_left_the_search_ends() -> None:
    policy = replace(POLICY, quiet_days=tuple(Quiet(weekday=day) for day in range(7)))
    assert steps.sending_day(date(2026, 3, 20), policy, "DE") > date(2026, 3, 20)


@pytest.mark.parametrize(
    ("currency", "total", "waits"),
    [("EUR", 1_000_000, False), ("EUR", 1_000_001, True), ("USD", 1, True)],
)
def test_a_notice_above_the_limit_waits_for_a_person(currency: str, total: int, waits: bool) -> None:
    policy = replace(POLICY, approval_above=(Money(1_000_000, "EUR"),))
    assert steps.needs_person(policy, currency=currency, total_minor=total) is waits
    assert not steps.needs_person(POLICY, currency=currency, total_minor=total)


def test_a_regional_holiday_counts_where_it_is_one() -> None:
    epiphany = date(2026, 1, 6)
    assert steps.sending_day(epiphany, POLICY, "DE") == epiphany
    assert steps.sending_day(epiphany, POLICY, "DE", "BY") == date(2026, 1, 7)


@pytest.mark.parametrize(
    ("sent_on", "ends_on"),
    [
        (date(2026, 3, 16), date(2026, 3, 26)),
        (date(2026, 3, 18), date(2026, 3, 30)),  # ten days end on a Saturday
        (date(2026, 3, 24), date(2026, 4, 7)),  # ten days end on Good Friday
    ],
)
def test_a_deadline_ends_on_a_working_day(sent_on: date, ends_on: date) -> None:
    """§ 193 BGB."""
    assert POLICY.steps[0].deadline_days == 10
    assert steps.deadline(sent_on, POLICY.steps[0], "DE") == ends_on


def test_a_step_is_reached_so_many_days_after_the_due_day() -> None:
    assert steps.reached_on(POLICY, 1, MONDAY) == date(2026, 3, 23)
    assert steps.reached_on(replace(POLICY, grace_days=2), 2, MONDAY) == date(2026, 4, 8)
    early = replace(POLICY, upcoming=Upcoming(days_before=3, text="upcoming"), grace_days=2)
    assert steps.reached_on(early, 0, MONDAY) == date(2026, 3, 13)


@pytest.mark.parametrize("level", [0, 4])
def test_there_is_no_step_beyond_the_ladder(level: int) -> None:
    with pytest.raises(IndexError):
        POLICY.step(level)


@pytest.mark.parametrize(
    ("notices", "usual", "waits"),
    [(50, None, False), (51, None, True), (51, 17, False), (52, 17, True), (60, 0, True), (300, 100, False)],
)
def test_an_unlikely_run_waits_for_a_person(notices: int, usual: int | None, waits: bool) -> None:
    assert steps.exceeds(RunBound(factor=3, floor=50), notices=notices, usual=usual) is waits
