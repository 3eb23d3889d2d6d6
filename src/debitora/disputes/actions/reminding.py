"""Remind whoever owes an answer, then pass the case on: a step each, once each, however often and by however many this is asked."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from debitora.disputes.actions.steps import Doing, Locked, append, locked
from debitora.disputes.models import CaseStep
from debitora.disputes.queries.reminding import unanswered_case
from debitora.disputes.queries.routing import facts_of_case
from debitora.disputes.rules.reminding import Urge, urge
from debitora.disputes.rules.routing import Rule, answer_by, asked_of
from debitora.disputes.rules.steps import Step, StepKind
from debitora.kit.failpoints import failpoint
from debitora.people.models import Company
from debitora.trail.rules import Actor


def remind_or_escalate(*, company: Company, case: int, on: date, by: Actor, at: datetime) -> CaseStep | None:
    """This will do what the case needs on the day, and nothing twice; None where it needs nothing.

    A case that is passed on is put to whom its rule says, for as many working days as the rule gives; it stays where it is
    when nobody else is there. Raises CaseUnknown.
    """
    doing = Doing(company, by, on, at)
    with transaction.atomic():
        found = locked(doing, case)
        waiting = unanswered_case(company=company.id, case=case)
        if waiting is None:
            return None
        wanted = urge(waiting[0], on=on, country=company.country, subdivision=company.subdivision)
        if wanted is None:
            return None
        row = _escalated(doing, found, waiting[1]) if wanted is Urge.ESCALATE else _reminded(doing, found)
        failpoint("case_urged")
    return row


def _reminded(doing: Doing, found: Locked) -> CaseStep:
    standing = found.standing
    return append(doing, found, Step(StepKind.REMINDED, standing.assignee, standing.due_on))


def _escalated(doing: Doing, found: Locked, rule: Rule) -> CaseStep:
    """The step is kept even if the case stays with the same person: it is not tried again, and the board shows it."""
    company = doing.company
    facts = facts_of_case(company=company, case=found.case.id, on=doing.on)
    target = asked_of(rule.escalates_to, facts) if rule.escalates_to else None
    due_on = answer_by(
        max(rule.days, 1), on=doing.on, country=company.country, subdivision=company.subdivision
    )
    return append(doing, found, Step(StepKind.ESCALATED, target or found.standing.assignee, due_on))
