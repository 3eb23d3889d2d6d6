"""A pause of a group of customers: whom it is meant for, and when it is in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from debitora.dunning.rules.assignment import Segment, Traits
from debitora.dunning.rules.facts import Pause

MOST_DAYS: Final = 366
"""A pause is no longer than this: what should last is a strategy."""


@dataclass(frozen=True, slots=True)
class GroupPause:
    """A pause that was not lifted; `group` has its id and the attributes of its customers."""

    group: Segment
    span: Pause


def meant_for(pauses: Iterable[GroupPause], traits: Traits) -> tuple[Pause, ...]:
    """The pauses that are meant for a customer with these attributes."""
    return tuple(one.span for one in pauses if one.group.fits(traits))


def in_force(pauses: Iterable[GroupPause], *, on: date) -> tuple[GroupPause, ...]:
    """The pauses in force on the day."""
    return tuple(one for one in pauses if one.span.bites(on))
