"""Close a case with an outcome, which does what it says to the holds, and open it again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from debitora.disputes.actions.moving import OutcomeRefused, pending, refuse_outcome
from debitora.disputes.actions.steps import Doing, Locked, append, locked, place_holds, release_holds
from debitora.disputes.models import CaseStep
from debitora.disputes.queries.routing import route_of
from debitora.disputes.queries.sheet import holds_of, pending_cases
from debitora.disputes.rules.outcomes import Outcome, OutcomeRefusal, Proposal, spread
from debitora.disputes.rules.routing import PRESET, answer_by
from debitora.disputes.rules.steps import CaseStatus, Step, StepKind
from debitora.people.models import Company
from debitora.receivables.actions.deferring import defer_items, end_deferrals
from debitora.receivables.actions.write_offs import (
    MoreThanIsOpenToGiveUp,
    propose_write_off,
    withdraw_proposals,
)
from debitora.receivables.rules.write_offs import Ground
from debitora.trail.rules import Actor
from debitora.values.money import Money


class CaseIsNotClosed(Exception):
    """Only what was closed can be opened again."""


class ItemInAnotherCase(Exception):
    """An item of the case stands in another one meanwhile, which is not closed."""


def close_case(
    *, company: Company, case: int, proposal: Proposal, on: date, by: Actor, at: datetime, note: str = ""
) -> CaseStep:
    """This will end a case: dunning goes on today, or what the outcome is about stays held, until its day if it has one.

    Raises CaseUnknown, CaseIsClosed and OutcomeRefused.
    """
    doing = Doing(company, by, on, at)
    with transaction.atomic():
        found = pending(doing, case)
        refuse_outcome(doing, found, proposal)
        step = Step(StepKind.CLOSED, outcome=proposal.outcome, until_on=proposal.until_on)
        row = append(doing, found, step, note=note, amount_minor=proposal.amount_minor)
        release_holds(doing, found.case)
        if reason := proposal.effect.hold:
            shares = spread(proposal.amount_minor, found.disputed)
            place_holds(doing, row, shares, reason=reason, until_on=proposal.until_on)
            if proposal.outcome is Outcome.NEW_DUE_DATE and proposal.until_on:
                _defer(doing, found, shares, proposal.until_on)
            if proposal.outcome is Outcome.WRITE_OFF_PROPOSED:
                _give_up(doing, found, shares, note)
    return row


def _defer(doing: Doing, found: Locked, shares: Mapping[int, int | None], due_on: date) -> None:
    """Items held as a whole are due on the agreed day. One of which a part is disputed keeps its day: the part is held."""
    opens = {one.item: one.open_minor for one in found.disputed}
    whole = [item for item, share in shares.items() if share is None or share >= opens[item]]
    defer_items(company=doing.company.id, items=whole, due_on=due_on, on=doing.on, by=doing.by, at=doing.at)


def _give_up(doing: Doing, found: Locked, shares: Mapping[int, int | None], note: str) -> None:
    """A proposal for each item, which ends its hold when it is decided. Raises OutcomeRefused."""
    company, case = doing.company, found.case
    holds = holds_of(company=company.id, case=case.id)
    disputed = {one.item: one.minor for one in found.disputed}
    for item, share in sorted(shares.items()):
        minor = disputed[item] if share is None else share
        try:
            propose_write_off(
                company=company,
                item=item,
                amount=Money(minor, case.currency),
                ground=Ground.CLARIFICATION,
                text=note or case.wording.text,
                hold=holds[item],
                on=doing.on,
                by=doing.by,
                at=doing.at,
            )
        except MoreThanIsOpenToGiveUp:
            raise OutcomeRefused(OutcomeRefusal.AMOUNT_NOT_OPEN) from None


def reopen_case(
    *, company: Company, case: int, on: date, by: Actor, at: datetime, note: str = ""
) -> CaseStep:
    """This will take the closing back: what is disputed and still open is held again, and an answer is wanted anew.

    Raises CaseUnknown, CaseIsNotClosed and ItemInAnotherCase.
    """
    doing = Doing(company, by, on, at)
    with transaction.atomic():
        found = locked(doing, case)
        if found.standing.status is not CaseStatus.CLOSED:
            raise CaseIsNotClosed(case)
        if pending_cases(company=company.id, items=[one.item for one in found.disputed]):
            raise ItemInAnotherCase(case)
        known = route_of(case=case)
        days = (known.rule if known else PRESET.rest).days
        due_on = answer_by(days, on=on, country=company.country, subdivision=company.subdivision)
        row = append(doing, found, Step(StepKind.REOPENED, due_on=due_on), note=note)
        held = holds_of(company=company.id, case=case).values()
        withdraw_proposals(company=company, holds=held, on=on, by=by, at=at)
        release_holds(doing, found.case)
        if found.standing.outcome == Outcome.NEW_DUE_DATE and found.standing.until_on:
            end_deferrals(
                company=company.id,
                items=[one.item for one in found.disputed],
                due_on=found.standing.until_on,
                on=on,
                by=by,
                at=at,
            )
        place_holds(doing, row, spread(None, found.disputed), reason="clarification")
    return row
