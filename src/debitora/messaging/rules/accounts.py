"""Who may change the bank account that letters name, and how long a change is shown: against invoice fraud.

Whoever can put her own IBAN on a company's letters gets its money, so one person alone never can.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

ALONE_AFTER: Final = timedelta(hours=24)
"""How long the only manager of a company waits before she may confirm her own change: time for the mail to be read."""
SHOWN_FOR: Final = timedelta(days=14)
"""How long runs and letters say that the account has changed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An account as it stands on letters; all empty: none yet."""

    iban: str = ""
    bic: str = ""


class Refusal(StrEnum):
    """Why a person may not confirm a change."""

    OWN = "own"
    """She proposed it herself, and others could confirm it."""
    TOO_EARLY = "too_early"
    """She proposed it herself, nobody else could confirm it, and ALONE_AFTER has not passed."""
    NEW = "new"
    """She got her role after the proposal: perhaps from who proposed it, and for this."""


def needs_second_person(*, known: Standing, wanted: Standing) -> bool:
    """Whether an account waits for another person. Not the first one, nor none at all, nor a BIC that was missing.

    `known` is the account in force, or the last one before it was emptied: emptying and filling in is no way round.
    """
    if not known.iban or not wanted.iban or known == wanted:
        return False
    return known.iban != wanted.iban or bool(known.bic)


def refusal(
    *,
    proposed_by: int | None,
    by: int | None,
    proposed_at: datetime,
    at: datetime,
    since: datetime | None,
    alone: bool,
) -> Refusal | None:
    """Why this person may not confirm; None: she may. `since`: when she got her role; `alone`: nobody but her has it."""
    if by is not None and by != proposed_by:
        return Refusal.NEW if since is None or since > proposed_at else None
    if by is None or not alone:
        return Refusal.OWN
    return None if at >= proposed_at + ALONE_AFTER else Refusal.TOO_EARLY
