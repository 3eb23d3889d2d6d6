"""What happens when the day for an answer comes and passes: who answers is reminded once, then the case is passed on once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from debitora.disputes.rules.routing import answer_by
from debitora.values.days import is_working_day


class Urge(StrEnum):
    """What an unanswered case needs."""

    REMIND = "remind"
    ESCALATE = "escalate"


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A case that waits for an answer: since when this person was asked, and what was done about it already.

    `reminded`: of this day, this person; `escalated`: since a person gave the case to somebody; `escalates_after` in working
    days after the last one, None: never.
    """

    assignee: int | None
    due_on: date
    asked_on: date
    reminded: bool
    escalated: bool
    escalates_after: int | None


def urge(case: Unanswered, *, on: date, country: str, subdivision: str = "") -> Urge | None:
    """What the case needs on the day; None while nothing. Passing it on comes before a reminder that is late.

    Nobody is reminded on the day on which she was asked.
    """
    place = (country, subdivision)
    if not case.escalated and case.escalates_after is not None:
        late = first_day_without(case.due_on, case.escalates_after, *place)
        return Urge.ESCALATE if on >= late else _reminder(case, on, *place)
    return _reminder(case, on, *place)


def first_day_without(due_on: date, days: int, country: str, subdivision: str = "") -> date:
    """The day on which a case is passed on: so many working days after its last day, and one at the least."""
    return answer_by(max(days, 1), on=due_on, country=country, subdivision=subdivision)


def _reminder(case: Unanswered, on: date, country: str, subdivision: str) -> Urge | None:
    if case.assignee is None or case.reminded or on <= case.asked_on:
        return None
    return Urge.REMIND if on >= _working_day_before(case.due_on, country, subdivision) else None


def _working_day_before(day: date, country: str, subdivision: str) -> date:
    day -= timedelta(days=1)
    while not is_working_day(day, country, subdivision):
        day -= timedelta(days=1)
    return day
