"""What every step of a case does: lock, append, bring the state up to date, hold what is disputed, record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from debitora.disputes.models import Case, CaseHold, CaseItem, CaseState, CaseStep
from debitora.disputes.queries.sheet import holds_of, may_be_asked, steps_of
from debitora.disputes.rules.outcomes import Disputed
from debitora.disputes.rules.steps import Standing, Step, StepKind, after, fold
from debitora.disputes.rules.telling import TOLD
from debitora.kit.queue import defer
from debitora.people.models import Company
from debitora.receivables.actions import place_hold, release_hold
from debitora.receivables.actions.holds import HoldAlreadyReleased
from debitora.receivables.actions.locks import lock_customer, lock_items
from debitora.trail.actions import put_wording, record
from debitora.trail.rules import Actor, Subject
from debitora.values.money import Money


class CaseUnknown(Exception):
    """No case of this company has the id."""


class CaseIsClosed(Exception):
    """The case was closed; reopen it first."""


class AssigneeMayNotAnswer(Exception):
    """The person has no role in which she could answer, or does not see the customer."""


class DayIsPast(Exception):
    """The last day for an answer lies before today."""


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does something with a case, on which day, at which moment; `way` how, where it was not on a page after signing in:
    by the link of a mail (link), by answering one (reply)."""

    company: Company
    by: Actor
    on: date
    at: datetime
    way: str = ""


@dataclass(frozen=True, slots=True)
class Locked:
    """A case whose customer is locked: nothing of hers changes until the end of the transaction."""

    case: Case
    standing: Standing
    disputed: tuple[Disputed, ...]
    salesperson: int | None


def locked(doing: Doing, case: int) -> Locked:
    """The case with its customer and items locked. Raises CaseUnknown."""
    found = Case.objects.filter(company_id=doing.company.id, id=case).first()
    if found is None:
        raise CaseUnknown(case)
    customer = lock_customer(company=doing.company.id, customer=found.customer_id)
    items = list(CaseItem.objects.filter(company_id=doing.company.id, case=found).order_by("item_id"))
    states = lock_items(company=doing.company.id, items=[one.item_id for one in items])
    standing = fold(steps_of(company=doing.company.id, case=case))
    if standing is None:
        raise CaseUnknown(case)
    disputed = tuple(Disputed(one.item_id, one.amount_minor, states[one.item_id].open_minor) for one in items)
    return Locked(found, standing, disputed, customer.salesperson_id)


def refuse_assignee(doing: Doing, assignee: int, salesperson: int | None) -> None:
    """Raises AssigneeMayNotAnswer."""
    if assignee not in may_be_asked(company=doing.company, salesperson=salesperson, on=doing.on):
        raise AssigneeMayNotAnswer(assignee)


def refuse_day(doing: Doing, due_on: date | None) -> None:
    """Raises DayIsPast."""
    if due_on is not None and due_on < doing.on:
        raise DayIsPast(due_on.isoformat())


def append(
    doing: Doing,
    found: Locked,
    step: Step,
    *,
    note: str = "",
    amount_minor: int | None = None,
) -> CaseStep:
    """Keep one more step of a case, bring its state up to date, and record it."""
    row = keep_step(doing, found.case, step, note=note, amount_minor=amount_minor)
    standing = after(step, found.standing)
    CaseState.objects.filter(company_id=doing.company.id, case=found.case).update(
        state=standing.status,
        assignee_id=standing.assignee,
        due_on=standing.due_on,
        outcome=standing.outcome,
        until_on=standing.until_on,
        last_step_at=doing.at,
    )
    record_step(doing, found.case, row, items=[one.item for one in found.disputed], note=note)
    return row


def keep_step(
    doing: Doing, case: Case, step: Step, *, note: str = "", amount_minor: int | None = None
) -> CaseStep:
    """The row of a step."""
    company = doing.company.id
    return CaseStep.objects.create(
        company_id=company,
        case=case,
        kind=step.kind,
        wording=put_wording(company=company, text=note) if note else None,
        assignee_id=step.assignee,
        due_on=step.due_on,
        outcome=step.outcome,
        until_on=step.until_on,
        amount_minor=amount_minor,
        done_on=doing.on,
        recorded_at=doing.at,
        done_by_id=doing.by.id,
        done_by_label=doing.by.label[:64],
    )


def release_holds(doing: Doing, case: Case) -> None:
    """End the holds that the case placed last; one that a person released before stays so."""
    company = doing.company.id
    for _item, hold in sorted(holds_of(company=company, case=case.id).items()):
        try:
            release_hold(company=company, hold=hold, on=doing.on, by=doing.by, at=doing.at)
        except HoldAlreadyReleased:
            continue


def place_holds(
    doing: Doing,
    step: CaseStep,
    shares: Mapping[int, int | None],
    *,
    reason: str,
    until_on: date | None = None,
) -> None:
    """Hold these items of the case, each all of it (None) or so much, from today on."""
    case, company = step.case, doing.company.id
    for item, minor in sorted(shares.items()):
        hold = place_hold(
            company=company,
            customer=case.customer_id,
            item=item,
            amount=None if minor is None else Money(minor, case.currency),
            reason=reason,
            from_on=doing.on,
            until_on=until_on,
            by=doing.by,
            at=doing.at,
        )
        CaseHold.objects.create(company_id=company, case=case, item_id=item, step=step, hold=hold)


def record_step(doing: Doing, case: Case, row: CaseStep, *, items: list[int], note: str) -> None:
    """The trail row of a step: about the case and its items, on the customer's timeline."""
    facts: dict[str, Any] = {"reason": case.reason} if row.kind == StepKind.OPENED else {}
    known = {
        "way": doing.way or None,
        "user": row.assignee_id,
        "due": row.due_on.isoformat() if row.due_on else None,
        "outcome": row.outcome or None,
        "until": row.until_on.isoformat() if row.until_on else None,
        "minor": row.amount_minor,
        "currency": case.currency if row.amount_minor is not None else None,
    }
    if row.kind in TOLD:
        defer("disputes.tell", company=doing.company.id, once=f"disputes.tell:{doing.company.id}")
    record(
        company=doing.company.id,
        by=doing.by,
        at=doing.at,
        verb=_VERBS[StepKind(row.kind)],
        subjects=[
            Subject("case", case.id, customer=case.customer_id),
            *(Subject("item", item, customer=case.customer_id) for item in items),
        ],
        facts={**facts, **{name: value for name, value in known.items() if value is not None}},
        wording=note,
    )


_VERBS = {
    StepKind.OPENED: "case.opened",
    StepKind.ASSIGNED: "case.assigned",
    StepKind.ANSWERED: "case.answered",
    StepKind.WITHDRAWN: "case.withdrawn",
    StepKind.COMMENTED: "case.commented",
    StepKind.MOVED: "case.moved",
    StepKind.CLOSED: "case.closed",
    StepKind.REOPENED: "case.reopened",
    StepKind.REMINDED: "case.reminded",
    StepKind.ESCALATED: "case.escalated",
}
