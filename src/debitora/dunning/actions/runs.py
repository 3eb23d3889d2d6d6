"""Propose, approve and discard runs.

Candidates are read in one snapshot, decided in frames (engine.dunning), and written set by set: one decision per overdue item,
one notice per group, its lines. The references of these rows are checked per statement (kit.pg.walls.checked_in_bulk).
"""

from __future__ import annotations

import time
from datetime import date, datetime

from django.db import transaction

from debitora.dunning.actions.proposals import (
    Asked,
    Proposed,
    RunExists,
    discard,
    supersede,
    tally_of,
    write_proposal,
)
from debitora.dunning.actions.watching import move_on
from debitora.dunning.models import Run, RunApproval
from debitora.dunning.queries.assignments import assignments
from debitora.dunning.queries.candidates import candidates
from debitora.dunning.queries.runs import largest_notices, period_is_over
from debitora.dunning.queries.strategies import in_use, policies
from debitora.dunning.rules.policy import Approval
from debitora.dunning.rules.steps import needs_person
from debitora.kit.queue import defer
from debitora.messaging.queries.sender import unproven
from debitora.people.actions import begin_progress
from debitora.people.models import Company
from debitora.people.queries import are_one_person
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject


class RunNotProposed(Exception):
    """The run is already approved or discarded."""


class SenderUnproven(Exception):
    """The domain that mails come from publishes no SPF, DKIM or DMARC, so that many servers will not believe them."""


class RunNeedsConfirmation(Exception):
    """The run is unlikely large; whoever approves it has to say that this is meant."""


class ProposerApproves(Exception):
    """A strategy of the run asks for two people, and who approves is who proposed it."""


def propose_run(
    *, company: Company, on: date, by: Actor, at: datetime, schedule: str = "", dry: bool = False
) -> Proposed:
    """Decide every overdue item of a company as of day `on` and propose the notices.

    A new proposal takes the place of an earlier one that nobody approved. `schedule` names a period ("daily") that is run
    once per day, even if that run is thrown away: raises RunExists. A dry run writes nothing.
    """
    begun = time.perf_counter()
    with transaction.atomic():
        Company.objects.select_for_update(no_key=True).get(pk=company.pk)
        if schedule and period_is_over(schedule=schedule, on=on):
            raise RunExists(schedule)
        if not dry:
            supersede(company=company, by=by, at=at)
            move_on(company=company, at=at)
        found = candidates(on=on, time_zone=company.time_zone)
        read = time.perf_counter()
        decided = found.decided(on=on)
        thought = time.perf_counter()
        tally = tally_of(decided=decided, found=found)
        run = (
            None
            if dry
            else write_proposal(
                company=company,
                on=on,
                asked=Asked(schedule=schedule),
                decided=decided,
                found=found,
                tally=tally,
                by=by,
                at=at,
            )
        )
    written = time.perf_counter()
    return Proposed(
        run=run.id if run else None,
        overdue_items=tally.overdue_items,
        upcoming_items=tally.upcoming_items,
        decisions=tally.decisions,
        notices=tally.notices,
        stopped_by_bound=tally.stopped_by_bound,
        seconds={
            "read": read - begun,
            "decide": thought - read,
            "write": written - thought,
            "total": written - begun,
        },
    )


def discard_run(*, company: int, run: int, note: str, by: Actor, at: datetime) -> None:
    """Throw a proposal away. Raises RunNotProposed."""
    with transaction.atomic():
        discard(run=_proposed(company, run), note=note, by=by, at=at)


def approve_run(
    *, company: int, run: int, by: Actor, at: datetime, confirmed: bool = False, despite: bool = False
) -> Run:
    """Approve a proposal: its notices are rendered and queued by the job "dunning.release".

    Exactly one approval per run, held by the row lock and by a unique constraint. Raises RunNotProposed,
    RunNeedsConfirmation for a run that the safety bound stopped unless `confirmed`, SenderUnproven unless it goes out
    `despite` it, and ProposerApproves.
    """
    with transaction.atomic():
        found = _proposed(company, run)
        if is_own(run=found, by=by):
            raise ProposerApproves(found.created_by_label)
        if found.stopped_by_bound and not confirmed:
            raise RunNeedsConfirmation
        lacking = unproven(company=company)
        if lacking and not despite:
            raise SenderUnproven(*lacking)
        Run.objects.filter(company_id=company, id=run).update(state="approved")
        found.state = "approved"
        RunApproval.objects.create(
            company_id=company, run=found, approved_by_id=by.id, approved_by_label=by.label, recorded_at=at
        )
        record(
            company=company,
            by=by,
            at=at,
            verb="run.approved",
            subjects=[Subject("run", run)],
            facts={"confirmed": confirmed, "notices": found.notice_count}
            | ({"despite": list(lacking)} if lacking else {}),
        )
        begin_progress(company=company, kind="run", subject=run, total=found.notice_count, by=by, at=at)
        ask_for_release(company=company, run=run)
    return found


def is_own(*, run: Run, by: Actor) -> bool:
    """Whether a strategy of the run asks for two people, and this is the one who proposed it, by whichever of her accounts."""
    if by.id is None or run.created_by_id is None or not are_one_person(user=by.id, other=run.created_by_id):
        return False
    used = policies(sorted({version for version, _currency, _most in largest_notices(run=run.id)}))
    return any(policy.approval is Approval.TWO_PEOPLE for policy in used.values())


def ask_for_release(*, company: int, run: int) -> None:
    """Have what is left of an approved run rendered and queued."""
    defer("dunning.release", company=company, once=f"dunning.release:{company}:{run}", run=run)


def may_approve_itself(*, company: Company, run: int) -> bool:
    """Whether the policies used let a run go without a person.

    Never a first live run, never one that a bound stopped, never one with a notice above its policy's limit, never while
    the sender's domain is not proven.
    """
    with transaction.atomic():
        found = Run.objects.get(company_id=company.id, id=run)
        approvals = RunApproval.objects.filter(company_id=company.id, approved_by_id__isnull=False)
        used = in_use(assignments().strategies).values()
        automatic = all(policy.approval is Approval.AUTOMATIC for _version, policy in used)
        free = automatic and approvals.exists() and not found.stopped_by_bound
        return free and not unproven(company=company.id) and not _asks_too_much(run)


def _asks_too_much(run: int) -> bool:
    """Whether a notice asks for more than its policy lets go without a person."""
    largest = largest_notices(run=run)
    known = policies(list({version for version, _currency, _most in largest}))
    return any(
        needs_person(known[version], currency=currency, total_minor=most)
        for version, currency, most in largest
    )


def _proposed(company: int, run: int) -> Run:
    found = Run.objects.select_for_update(no_key=True).get(company_id=company, id=run)
    if found.state != "proposed":
        raise RunNotProposed(found.state)
    return found
