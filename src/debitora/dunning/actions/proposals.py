"""What a run decided, written as a proposal: its decisions, notices and record; and a proposal thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction

from debitora.dunning.actions.asking import put_questions
from debitora.dunning.actions.writing import write_decisions, write_notices
from debitora.dunning.models import Run, RunDiscard
from debitora.dunning.queries.candidates import Candidates
from debitora.dunning.queries.claims import claims_of_run
from debitora.dunning.queries.runs import asks_for, usual_notices
from debitora.dunning.rules.reasons import Reason
from debitora.dunning.rules.steps import exceeds
from debitora.engine.dunning_shapes import Decided
from debitora.people.models import Company
from debitora.trail.actions import put_wording, record
from debitora.trail.rules import Actor, Subject


class RunExists(Exception):
    """This period has been run already."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a run found: counts by reason code, and how long each part took in seconds. `run` is None for a dry run."""

    run: int | None
    overdue_items: int
    upcoming_items: int
    decisions: Mapping[str, int]
    notices: int
    stopped_by_bound: bool
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked for a run: `schedule` names a period, empty where nobody's clock did; what else `counts` shall tell of it."""

    schedule: str = ""
    follow_up: bool = False
    counts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tally:
    """What a decision adds up to; `decisions` counts overdue items by reason code."""

    overdue_items: int
    upcoming_items: int
    decisions: Mapping[str, int]
    notices: int
    stopped_by_bound: bool


def tally_of(*, decided: Decided, found: Candidates) -> Tally:
    """What the decisions add up to, and whether a policy's bound stops so many notices."""
    counted = dict(decided.decisions.group_by("reason").len().iter_rows())
    counts = {Reason(number).code: int(count) for number, count in sorted(counted.items())}
    upcoming = counts.pop(Reason.UPCOMING.code, 0)
    used = decided.notices["policy_id"].unique().to_list()
    notices, usual = decided.notices.height, usual_notices()
    return Tally(
        overdue_items=sum(counts.values()),
        upcoming_items=upcoming,
        decisions=counts,
        notices=notices,
        stopped_by_bound=any(
            exceeds(found.policies[policy].run_bound, notices=notices, usual=usual) for policy in used
        ),
    )


def write_proposal(
    *,
    company: Company,
    on: date,
    asked: Asked,
    decided: Decided,
    found: Candidates,
    tally: Tally,
    by: Actor,
    at: datetime,
) -> Run:
    """Write a run with what it decided, and its record, within the caller's transaction. Raises RunExists."""
    run = _begin(company, on, asked, tally, by, at)
    digest = write_decisions(run=run, decisions=decided.decisions)
    claimed = claims_of_run(company=company, decided=decided, found=found, on=on)
    write_notices(run=run, decided=decided, claimed=claimed, at=at)
    put_questions(company=company, run=run, questions=decided.questions, known=found.policies, by=by, at=at)
    asking = asks_for(run=run.id)
    counts = {**run.counts, "sums": asking.sums, "claims": asking.claims}
    Run.objects.filter(company_id=company.id, id=run.id).update(digest=digest, counts=counts)
    record(
        company=company.id,
        by=by,
        at=at,
        verb="run.proposed",
        subjects=[Subject("run", run.id)],
        customers=decided.notices["customer_id"].unique().sort().to_list(),
        facts={"on": on.isoformat(), "overdue": tally.overdue_items, "notices": tally.notices},
        digest=digest,
    )
    return run


def _begin(company: Company, on: date, asked: Asked, tally: Tally, by: Actor, at: datetime) -> Run:
    ordinal = Run.objects.filter(company_id=company.id, on=on).count() + 1
    numbered = f"follow-{ordinal}" if asked.follow_up else f"hand-{ordinal}"
    try:
        with transaction.atomic():
            return Run.objects.create(
                company_id=company.id,
                on=on,
                schedule=asked.schedule or numbered,
                data_as_of=at,
                overdue_items=tally.overdue_items,
                counts={"decisions": dict(tally.decisions), "upcoming": tally.upcoming_items, **asked.counts},
                notice_count=tally.notices,
                digest=b"",
                stopped_by_bound=tally.stopped_by_bound,
                follow_up=asked.follow_up,
                created_at=at,
                created_by_id=by.id,
                created_by_label=by.label,
            )
    except IntegrityError:
        raise RunExists(asked.schedule) from None


def supersede(*, company: Company, by: Actor, at: datetime) -> None:
    """Discard what is only proposed, before anything is read: an approval that wins this race is seen as on its way."""
    proposed = Run.objects.select_for_update(no_key=True).filter(company_id=company.id, state="proposed")
    for old in proposed.order_by("id"):
        discard(run=old, by=by, at=at)


def discard(*, run: Run, note: str = "", by: Actor, at: datetime) -> None:
    """Throw a proposal away, within the caller's transaction."""
    Run.objects.filter(company_id=run.company_id, id=run.id).update(state="discarded")
    RunDiscard.objects.create(
        company_id=run.company_id,
        run=run,
        wording=put_wording(company=run.company_id, text=note) if note else None,
        discarded_by_id=by.id,
        discarded_by_label=by.label,
        recorded_at=at,
    )
    record(
        company=run.company_id,
        by=by,
        at=at,
        verb="run.discarded",
        subjects=[Subject("run", run.id)],
        wording=note,
    )
