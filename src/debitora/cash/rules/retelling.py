"""Lines that an account may have under other days: banks write value days in one format and booking days in another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

MOST_APART: Final = timedelta(days=7)
"""Between the value day and the booking day of a payment there are weekends and holidays, hardly more."""


class Dated(NamedTuple):
    """A movement: a key, its day, its minor units as the account's holder sees them."""

    key: int
    day: date
    minor: int


def under_other_days(lines: Sequence[Dated], known: Sequence[Dated]) -> list[tuple[Dated, Dated]]:
    """Lines, each beside the known movement of its amount, at most MOST_APART away, that it may be; those of the same day aside.

    Each known movement is one line at most. Lines are taken in the order of their days, and the earliest movement that is near.
    """
    told, had = _without_same(lines, known), _without_same(known, lines)
    left: dict[int, list[Dated]] = defaultdict(list)
    for one in sorted(had, key=_order, reverse=True):
        left[one.minor].append(one)
    found = []
    for line in sorted(told, key=_order):
        near = left[line.minor]
        while near and near[-1].day < line.day - MOST_APART:
            near.pop()
        if near and near[-1].day <= line.day + MOST_APART:
            found.append((line, near.pop()))
    return found


def _without_same(some: Sequence[Dated], others: Sequence[Dated]) -> list[Dated]:
    """Those of which the others have no twin of the same day and amount."""
    twins = Counter((one.day, one.minor) for one in others)
    left = []
    for one in some:
        twins[one.day, one.minor] -= 1
        if twins[one.day, one.minor] < 0:
            left.append(one)
    return left


def _order(one: Dated) -> tuple[date, int]:
    return one.day, one.key
