"""Whether a statement fits to what an account has: opening + lines = closing, and each opening is the last closing (TRUST I7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Place(StrEnum):
    """Where a statement stands to those that the account has."""

    FIRST = "first"  # the account has none
    AFTER = "after"  # it ends last
    AROUND = "around"  # it begins first and ends last
    BEFORE = "before"  # it begins first
    WITHIN = "within"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of an account with both balances, in minor units. Over applied statements closing - opening = lines + gaps."""

    opened_on: date
    opening_minor: int
    closed_on: date
    closing_minor: int

    @property
    def moved_minor(self) -> int:
        """What its lines come to."""
        return self.closing_minor - self.opening_minor


@dataclass(frozen=True, slots=True)
class Fit:
    """Where a statement belongs, and what is missing between it and the account: 0 where it fits."""

    place: Place
    missing_minor: int
    span: Span
    """The account with the statement, what is missing counted in."""


def continues(known: Span | None, statement: Span | None) -> bool:
    """Whether the statement begins where the account ends."""
    if known is None or statement is None:
        return False
    return statement.opening_minor == known.closing_minor and statement.opened_on >= known.closed_on


def adjoins(known: Span | None, statement: Span | None) -> bool:
    """Whether one of the two begins where the other ends."""
    return continues(known, statement) or continues(statement, known)


def fit(known: Span | None, statement: Span, *, new_minor: int) -> Fit:
    """Where a statement belongs whose new lines sum up to `new_minor`.

    Of the places that its days allow, the one at which nothing is missing; else the first. Positive: money came in between that
    no statement tells of.
    """
    if known is None:
        return Fit(Place.FIRST, statement.moved_minor - new_minor, statement)
    fits = [_fit(place, known, statement, new_minor) for place in _places(known, statement)]
    return min(fits, key=lambda one: one.missing_minor != 0)


def _places(known: Span, statement: Span) -> list[Place]:
    """In the order of likelihood: statements come one after the other."""
    ends_last = statement.closed_on >= known.closed_on
    begins_first = statement.opened_on <= known.opened_on
    allowed = [
        (Place.AFTER, ends_last),
        (Place.AROUND, ends_last and begins_first),
        (Place.BEFORE, begins_first),
        (Place.WITHIN, True),
    ]
    return [place for place, possible in allowed if possible]


def _fit(place: Place, known: Span, statement: Span, new_minor: int) -> Fit:
    first = statement if place in (Place.AROUND, Place.BEFORE) else known
    last = statement if place in (Place.AROUND, Place.AFTER) else known
    span = Span(first.opened_on, first.opening_minor, last.closed_on, last.closing_minor)
    return Fit(place, span.moved_minor - known.moved_minor - new_minor, span)
