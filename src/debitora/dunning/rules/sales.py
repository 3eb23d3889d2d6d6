"""Asking sales before a step: when a question lets its notices go, when it still counts, and which levels wait.

A salesperson answers release, or stop until a day. Silence until the last day says what the step says of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from debitora.dunning.rules.facts import Gate
from debitora.dunning.rules.policy import Silence
from debitora.values.days import next_working_day

GOOD_FOR_DAYS: Final = 30
"""So long a word that lets go counts, its first day included; what is not sent by then is asked about again."""
MOST_STOPPED_DAYS: Final = 366
"""A stop ends at most so many days ahead: what should last is a hold of accounting, or another strategy."""
_MOST_LEVELS: Final = 9
_EVERY_LEVEL: Final = (1 << _MOST_LEVELS) - 1


def answer_by(*, on: date, days: int, country: str, subdivision: str = "") -> date:
    """The last day for an answer: so many working days after the day, by the calendar of the company."""
    for _day in range(days):
        on = next_working_day(on + timedelta(days=1), country, subdivision)
    return on


def goes_from(gate: Gate) -> date | None:
    """The first day on which the question lets its notices go; None as long as nobody releases them."""
    if gate.stopped:
        return None
    if gate.released_on is not None:
        return gate.released_on
    return gate.until_on + timedelta(days=1) if gate.silence is Silence.RELEASE else None


def lets_go(gate: Gate, *, on: date) -> bool:
    """Whether notices of the question's level may go on the day."""
    first = goes_from(gate)
    return first is not None and first <= on < first + timedelta(days=GOOD_FOR_DAYS)


def counts(gate: Gate, *, on: date) -> bool:
    """Whether the question still counts on the day, so that no other is put: unanswered, or its answer not run out."""
    if gate.stopped:
        return gate.stopped_until_on is None or on <= gate.stopped_until_on
    first = goes_from(gate)
    return first is None or on < first + timedelta(days=GOOD_FOR_DAYS)


def waits(gates: Iterable[Gate], *, level: int, asks: bool, has_sales: bool, on: date) -> bool:
    """Whether a notice of the level waits for sales. Where nobody can be asked nothing waits."""
    return asks and has_sales and not any(gate.level == level and lets_go(gate, on=on) for gate in gates)


def free_bits(gates: Iterable[Gate], *, has_sales: bool, on: date) -> int:
    """The levels that need no word of sales any more, as the engine reads them: a bit for each."""
    if not has_sales:
        return _EVERY_LEVEL
    return sum(1 << level - 1 for level in {gate.level for gate in gates if lets_go(gate, on=on)})


def turning_days(gate: Gate) -> list[date]:
    """The days on which time alone changes what the question says."""
    first = goes_from(gate)
    return [] if first is None else [first, first + timedelta(days=GOOD_FOR_DAYS)]
