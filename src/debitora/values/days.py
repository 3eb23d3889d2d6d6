"""Business days: weekends and public holidays of a country, and of its parts where they differ."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays


@lru_cache(maxsize=512)
def _public_holidays(country: str, subdivision: str, year: int) -> frozenset[date]:
    calendar = holidays.country_holidays(country, subdiv=subdivision or None, years=year)
    return frozenset(calendar.keys())


def is_working_day(day: date, country: str, subdivision: str = "") -> bool:
    """Whether the day is neither Saturday, Sunday nor a public holiday there (ISO 3166 country code)."""
    return day.weekday() < 5 and day not in _public_holidays(country, subdivision, day.year)


def next_working_day(day: date, country: str, subdivision: str = "") -> date:
    """The day itself if it is a working day, else the next one (as § 193 BGB moves the end of a deadline)."""
    while not is_working_day(day, country, subdivision):
        day += timedelta(days=1)
    return day


def month_end(day: date) -> date:
    """The last day of the day's month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def add_days(day: date, days: int) -> date:
    """The calendar day so many days later."""
    return day + timedelta(days=days)
