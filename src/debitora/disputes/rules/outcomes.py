"""How a case ends, what that does to the holds of its items, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class Outcome(StrEnum):
    """What a clarification came to."""

    VALID = "valid"
    CREDIT_EXPECTED = "credit_expected"
    NEW_DUE_DATE = "new_due_date"
    PROMISED = "promised"
    ALREADY_PAID = "already_paid"
    WRITE_OFF_PROPOSED = "write_off_proposed"


@dataclass(frozen=True, slots=True)
class Effect:
    """The reason of the hold that follows, "" for none; whether it lasts until a day; whether it may be for an amount only."""

    hold: str
    until_a_day: bool
    of_an_amount: bool = False


EFFECTS: Final[Mapping[Outcome, Effect]] = {
    Outcome.VALID: Effect("", until_a_day=False),
    Outcome.CREDIT_EXPECTED: Effect("clarification", until_a_day=True, of_an_amount=True),
    Outcome.NEW_DUE_DATE: Effect("agreement", until_a_day=True),
    Outcome.PROMISED: Effect("promise", until_a_day=True),
    Outcome.ALREADY_PAID: Effect("clarification", until_a_day=True),
    Outcome.WRITE_OFF_PROPOSED: Effect("clarification", until_a_day=False, of_an_amount=True),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """An outcome with what it needs: `until_on` its last day, `amount_minor` what of the disputed sum it is about."""

    outcome: Outcome
    until_on: date | None = None
    amount_minor: int | None = None

    @property
    def effect(self) -> Effect:
        """What it does."""
        return EFFECTS[self.outcome]


class OutcomeRefusal(StrEnum):
    """Why an outcome cannot be taken."""

    DAY_MISSING = "day_missing"
    DAY_PAST = "day_past"
    DAY_UNASKED = "day_unasked"
    AMOUNT_UNASKED = "amount_unasked"
    AMOUNT_NOT_OPEN = "amount_not_open"


def refusal(proposal: Proposal, *, disputed_minor: int, on: date) -> OutcomeRefusal | None:
    """Why the proposal cannot be taken on the day, when so much of the disputed sum is open; None where it can."""
    effect, until_on, amount = proposal.effect, proposal.until_on, proposal.amount_minor
    if effect.until_a_day and until_on is None:
        return OutcomeRefusal.DAY_MISSING
    if until_on is not None:
        if not effect.until_a_day:
            return OutcomeRefusal.DAY_UNASKED
        if until_on < on:
            return OutcomeRefusal.DAY_PAST
    if amount is not None:
        if not effect.of_an_amount:
            return OutcomeRefusal.AMOUNT_UNASKED
        if not 0 < amount <= disputed_minor:
            return OutcomeRefusal.AMOUNT_NOT_OPEN
    return None


@dataclass(frozen=True, slots=True)
class Disputed:
    """An item of a case as it stands: what of it is disputed (None: all) and what of it is open, in minor units."""

    item: int
    amount_minor: int | None
    open_minor: int

    @property
    def minor(self) -> int:
        """What of the disputed part is open."""
        part = self.open_minor if self.amount_minor is None else min(self.amount_minor, self.open_minor)
        return max(part, 0)


def spread(amount_minor: int | None, disputed: Sequence[Disputed]) -> dict[int, int | None]:
    """Item -> what of it is held: what is disputed of each (None: all), or the amount, given to one item after the other.

    Settled items hold nothing.
    """
    held: dict[int, int | None] = {}
    left = amount_minor
    for one in disputed:
        share = one.minor if left is None else min(left, one.minor)
        if share <= 0:
            continue
        held[one.item] = None if left is None and one.amount_minor is None else share
        left = None if left is None else left - share
    return held
