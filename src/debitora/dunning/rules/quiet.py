"""Quiet days: weekdays and spans of the year on which no notice leaves the house."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EXAMPLE: Final = "fri, 12-24/01-01"
_SPAN: Final = re.compile(r"(\d\d)-(\d\d)/(\d\d)-(\d\d)")
_LEAP_YEAR: Final = 2028
_LONGEST_DAYS: Final = 62
"""Of a span: longer ones are no pause but another strategy."""
_PLACE: Final[Mapping[str, int]] = {name: place for place, name in enumerate(WEEKDAYS)}

Day = tuple[int, int]
"""Month and day of the month."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """A weekday (0 = Monday), or a span of the year with its last day; it may begin in one year and end in the next."""

    weekday: int | None = None
    first: Day = (1, 1)
    last: Day = (1, 1)

    @property
    def text(self) -> str:
        """As a file writes it: `fri`, `12-24/01-01`."""
        if self.weekday is not None:
            return WEEKDAYS[self.weekday]
        return f"{self.first[0]:02}-{self.first[1]:02}/{self.last[0]:02}-{self.last[1]:02}"

    def bites(self, day: date) -> bool:
        """Whether nothing leaves on the day."""
        if self.weekday is not None:
            return day.weekday() == self.weekday
        of_year = day.month, day.day
        if self.first <= self.last:
            return self.first <= of_year <= self.last
        return of_year >= self.first or of_year <= self.last


def quiet_of(text: str) -> Quiet | None:
    """What a file says; None if it is no weekday and no span of at most two months."""
    if text in _PLACE:
        return Quiet(weekday=_PLACE[text])
    found = _SPAN.fullmatch(text)
    if found is None:
        return None
    month, day, last_month, last_day = map(int, found.groups())
    try:
        first, last = date(_LEAP_YEAR, month, day), date(_LEAP_YEAR, last_month, last_day)
    except ValueError:
        return None
    length = (last - first).days % 366 + 1
    return Quiet(first=(month, day), last=(last_month, last_day)) if length <= _LONGEST_DAYS else None


def leaves_room(quiet: tuple[Quiet, ...]) -> bool:
    """Whether working days are left: a weekday of the five, and half of the year outside all spans."""
    weekdays = {one.weekday for one in quiet if one.weekday is not None}
    spans = [one for one in quiet if one.weekday is None]
    year = [date(_LEAP_YEAR, 1, 1) + timedelta(days=days) for days in range(366)]
    free = [day for day in year if not any(span.bites(day) for span in spans)]
    return not weekdays >= {0, 1, 2, 3, 4} and len(free) >= 183


def is_quiet(day: date, quiet: tuple[Quiet, ...]) -> bool:
    """Whether one of them bites on the day."""
    return any(one.bites(day) for one in quiet)
