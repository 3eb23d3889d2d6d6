"""Write-offs: for which reasons something is given up, how far a proposal is, and when a second person has to say yes."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

LONGEST: Final = 1_000


class Ground(StrEnum):
    """Why an amount is given up."""

    CLARIFICATION = "clarification"
    """It came of a case."""
    UNCOLLECTIBLE = "uncollectible"
    """Insolvent, gone, lapsed, or given back by an agency."""
    SMALL = "small"
    """Asking for it costs more than it is."""
    GOODWILL = "goodwill"
    OTHER = "other"


class StepKind(StrEnum):
    """What becomes of a proposal. Booked may be reversed; the others are its end."""

    BOOKED = "booked"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REVERSED = "reversed"


PROPOSED: Final = "proposed"
STATES: Final = (PROPOSED, *(one.value for one in StepKind))
_FROM: Final = {
    StepKind.BOOKED: PROPOSED,
    StepKind.DECLINED: PROPOSED,
    StepKind.WITHDRAWN: PROPOSED,
    StepKind.REVERSED: StepKind.BOOKED,
}


def follows(step: StepKind, *, state: str) -> bool:
    """Whether the step can be taken in the state."""
    return _FROM[step] == state


def within_limit(minor: int, currency: str, *, limit_minor: int, limit_currency: str) -> bool:
    """Whether whoever proposes may book it alone. The limit is in the company's currency; beyond it, and in any other
    currency, a second person decides."""
    return currency == limit_currency and minor <= limit_minor
