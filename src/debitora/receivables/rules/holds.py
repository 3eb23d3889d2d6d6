"""Holds: when one is in force, and how much of an item it keeps out of dunning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class HoldSpan:
    """When a hold counts: first and last day included, and the day from which it is released, if it is.

    `amount_minor` is the held part of an item; None holds all of it.
    """

    from_on: date
    until_on: date | None = None
    released_on: date | None = None
    amount_minor: int | None = None


def in_force(hold: HoldSpan, *, on: date) -> bool:
    """Whether the hold stops dunning on the day. On the day of its release it does no more."""
    begun = hold.from_on <= on
    ended = hold.until_on is not None and hold.until_on < on
    released = hold.released_on is not None and hold.released_on <= on
    return begun and not ended and not released


def held_minor(*, open_minor: int, holds: Iterable[HoldSpan], on: date) -> int:
    """How much of an open debit is held on the day by the holds on the item: never more than is open."""
    amounts = [hold.amount_minor for hold in holds if in_force(hold, on=on)]
    if None in amounts:
        return open_minor
    return min(open_minor, sum(amount for amount in amounts if amount is not None))
