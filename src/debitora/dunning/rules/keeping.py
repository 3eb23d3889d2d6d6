"""How long decisions are kept: whole months, and none that is not wholly older than the setting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Final

FEWEST: Final = 3
"""Fewer would take away what open notices and the last weeks' questions stand on."""


class KeptTooShort(ValueError):
    """Decisions are kept for FEWEST months at least."""


def month_of(moment: datetime) -> date:
    """The first day of an aware moment's month in UTC: the month a run's decisions lie in."""
    return moment.astimezone(UTC).date().replace(day=1)


def later(month: date, months: int) -> date:
    """The first day of the month so many months after (below zero: before) another."""
    years, index = divmod(month.year * 12 + month.month - 1 + months, 12)
    return date(years, index + 1, 1)


def too_old(months: Iterable[date], *, on: date, keep: int) -> tuple[date, ...]:
    """The months of which, on a day, not even the last day is younger than `keep` months. Raises KeptTooShort."""
    if keep < FEWEST:
        raise KeptTooShort(keep)
    oldest = later(on.replace(day=1), -keep)
    return tuple(sorted(month for month in months if month < oldest))
