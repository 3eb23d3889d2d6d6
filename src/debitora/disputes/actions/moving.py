"""Put a case to somebody else, answer it, or give its answer another day."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from debitora.disputes.actions.steps import (
    CaseIsClosed,
    Doing,
    Locked,
    append,
    locked,
    refuse_assignee,
    refuse_day,
)
from debitora.disputes.models import CaseStep
from debitora.disputes.queries.sheet import answered_by
from debitora.disputes.rules.outcomes import OutcomeRefusal, Proposal, refusal
from debitora.disputes.rules.steps import CaseStatus, Step, StepKind
from debitora.people.models import Company
from debitora.trail.rules import Actor


class OutcomeRefused(Exception):
    """The outcome cannot be taken; `why` says what is wrong with it."""

    def __init__(self, why: OutcomeRefusal) -> None:
        super().__init__(why.value)
        self.why = why


class NoAnswerOfYours(Exception):
    """The last word on the case is no answer of this person."""


def assign_case(
    *,
    company: Company,
    case: int,
    assignee: int,
    on: date,
    by: Actor,
    at: datetime,
    note: str = "",
    due_on: date | None = None,
) -> CaseStep:
    """This will put the case to a person, until the day if one is given; an answer that was there counts no more.

    Raises CaseUnknown, CaseIsClosed, AssigneeMayNotAnswer and DayIsPast.
    """
    doing = Doing(company, by, on, at)
    with transaction.atomic():
        found = pending(doing, case)
        refuse_assignee(doing, assignee, found.salesperson)
        refuse_day(doing, due_on)
        return append(doing, found, Step(StepKind.ASSIGNED, assignee, due_on), note=note)


def move_deadline(
    *, company: Company, case: int, due_on: date, on: date, by: Actor, at: datetime, note: str = ""
) -> CaseStep:
    """This will give the answer another last day. Raises CaseUnknown, CaseIsClosed and DayIsPast."""
    doing = Doing(company, by, on, at)
    with transaction.atomic():
        found = pending(doing, case)
        refuse_day(doing, due_on)
        return append(doing, found, Step(StepKind.MOVED, due_on=due_on), note=note)


def answer_case(
    *,
    company: Company,
    case: int,
    proposal: Proposal,
    on: date,
    by: Actor,
    at: datetime,
    note: str = "",
    way: str = "",
) -> CaseStep:
    """This will keep an answer with the outcome that it proposes; everything stays held until the case is closed.

    Raises CaseUnknown, CaseIsClosed and OutcomeRefused.
    """
    doing = Doing(company, by, on, at, way)
    with transaction.atomic():
        found = pending(doing, case)
        refuse_outcome(doing, found, proposal)
        step = Step(StepKind.ANSWERED, outcome=proposal.outcome, until_on=proposal.until_on)
        return append(doing, found, step, note=note, amount_minor=proposal.amount_minor)


def withdraw_answer(
    *, company: Company, case: int, on: date, by: Actor, at: datetime, way: str = ""
) -> CaseStep:
    """This will take an answer back, as long as it is hers and the last word on the case: an answer is wanted again.

    Raises CaseUnknown, CaseIsClosed and NoAnswerOfYours.
    """
    doing = Doing(company, by, on, at, way)
    with transaction.atomic():
        found = pending(doing, case)
        if answered_by(company=company.id, case=case) != by.id or by.id is None:
            raise NoAnswerOfYours(case)
        return append(doing, found, Step(StepKind.WITHDRAWN))


def comment_case(
    *, company: Company, case: int, note: str, on: date, by: Actor, at: datetime, way: str = ""
) -> CaseStep:
    """This will keep what somebody says about a case; it changes nothing. Raises CaseUnknown."""
    doing = Doing(company, by, on, at, way)
    with transaction.atomic():
        return append(doing, locked(doing, case), Step(StepKind.COMMENTED), note=note)


def pending(doing: Doing, case: int) -> Locked:
    """The case, locked, if it is not closed. Raises CaseUnknown and CaseIsClosed."""
    found = locked(doing, case)
    if found.standing.status is CaseStatus.CLOSED:
        raise CaseIsClosed(case)
    return found


def refuse_outcome(doing: Doing, found: Locked, proposal: Proposal) -> None:
    """Raises OutcomeRefused."""
    disputed = sum(one.minor for one in found.disputed)
    if (why := refusal(proposal, disputed_minor=disputed, on=doing.on)) is not None:
        raise OutcomeRefused(why)
