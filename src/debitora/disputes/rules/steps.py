"""What the steps of a case come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final


class StepKind(StrEnum):
    """What was done with a case."""

    OPENED = "opened"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    COMMENTED = "commented"
    MOVED = "moved"
    CLOSED = "closed"
    REOPENED = "reopened"
    REMINDED = "reminded"
    ESCALATED = "escalated"


class CaseStatus(StrEnum):
    """Where a case stands: an answer is wanted, or there is one, or it is over."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


_LEADS_TO: Final = {
    StepKind.OPENED: CaseStatus.OPEN,
    StepKind.ASSIGNED: CaseStatus.OPEN,
    StepKind.ANSWERED: CaseStatus.ANSWERED,
    StepKind.WITHDRAWN: CaseStatus.OPEN,
    StepKind.CLOSED: CaseStatus.CLOSED,
    StepKind.REOPENED: CaseStatus.OPEN,
    StepKind.REMINDED: CaseStatus.OPEN,
    StepKind.ESCALATED: CaseStatus.OPEN,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step with what it changes. An assignee or a due day of None leaves the one before."""

    kind: StepKind
    assignee: int | None = None
    due_on: date | None = None
    outcome: str = ""
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands after its steps. `outcome` and `until_on` are proposed while it is answered, taken once closed."""

    status: CaseStatus
    assignee: int | None
    due_on: date | None
    outcome: str = ""
    until_on: date | None = None


def after(step: Step, before: Standing | None = None) -> Standing:
    """Where a case stands after one more step. A moved deadline changes nothing else, a comment nothing; a new question drops the answer."""
    known = before or Standing(CaseStatus.OPEN, None, None)
    assignee = known.assignee if step.assignee is None else step.assignee
    due_on = known.due_on if step.due_on is None else step.due_on
    if step.kind in (StepKind.MOVED, StepKind.COMMENTED):
        return replace(known, due_on=due_on)
    return Standing(_LEADS_TO[step.kind], assignee, due_on, step.outcome, step.until_on)


def fold(steps: Iterable[Step]) -> Standing | None:
    """Where a case stands after all of its steps, in their order; None without any."""
    standing: Standing | None = None
    for step in steps:
        standing = after(step, standing)
    return standing
