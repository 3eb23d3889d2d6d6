"""Runs, what they decided, and what is usual."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from debitora.dunning.models import Run, RunApproval, RunDiscard
from debitora.dunning.rules.reasons import Reason
from debitora.kit.pg.bulk import number, rows


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run as lists show it. `sums` is what its notices ask for, `claims` what of it are fees, interest and lump sums: minor units by currency.

    `approved_by` and `discarded_by` are empty where nobody did. Of a follow-up: how often what had changed (`causes`), and for how many
    `customers`.
    """

    id: int
    on: date
    schedule: str
    state: str
    overdue_items: int
    notice_count: int
    created_at: datetime
    created_by: str
    stopped_by_bound: bool
    noticed_items: int
    sums: Mapping[str, int]
    claims: Mapping[str, int]
    approved_by: str
    discarded_by: str
    follow_up: bool
    causes: Mapping[str, int]
    customers: int


def usual_notices(*, last: int = 10) -> int | None:
    """The median number of notices of the company's last released runs of a whole day; None before the first."""
    counts = (
        Run.objects.filter(state="released", follow_up=False)
        .order_by("-id")
        .values_list("notice_count", flat=True)[:last]
    )
    return round(median(counts)) if counts else None


def period_is_over(*, schedule: str, on: date) -> bool:
    """Whether a scheduled run of the day is no longer wanted: it was made, thrown away or not, or a person made one by hand."""
    of_the_day = Run.objects.filter(on=on, follow_up=False)
    return of_the_day.filter(schedule=schedule).exists() or of_the_day.exclude(state="discarded").exists()


def runs_page(*, before: int | None = None, state: str = "", size: int = 50) -> list[RunRow]:
    """Runs, newest first; `before` is the run id to continue from, `state` narrows to one state."""
    found = Run.objects.order_by("-id")
    if before is not None:
        found = found.filter(id__lt=before)
    if state:
        found = found.filter(state=state)
    shown = list(found[:size])
    ids = [run.id for run in shown]
    approved = dict(RunApproval.objects.filter(run_id__in=ids).values_list("run_id", "approved_by_label"))
    discarded = dict(RunDiscard.objects.filter(run_id__in=ids).values_list("run_id", "discarded_by_label"))
    return [_row(run, approved.get(run.id, ""), discarded.get(run.id, "")) for run in shown]


def run_row(run: Run) -> RunRow:
    """One run as lists show it."""
    approved = RunApproval.objects.filter(run_id=run.id).first()
    discarded = RunDiscard.objects.filter(run_id=run.id).first()
    return _row(
        run,
        approved.approved_by_label if approved else "",
        discarded.discarded_by_label if discarded else "",
    )


def _row(run: Run, approved_by: str, discarded_by: str) -> RunRow:
    return RunRow(
        id=run.id,
        on=run.on,
        schedule=run.schedule,
        state=run.state,
        overdue_items=run.overdue_items,
        notice_count=run.notice_count,
        created_at=run.created_at,
        created_by=run.created_by_label,
        stopped_by_bound=run.stopped_by_bound,
        noticed_items=int(run.counts.get("decisions", {}).get(Reason.NOTICE.code, 0)),
        sums=run.counts.get("sums", {}),
        claims=run.counts.get("claims", {}),
        approved_by=approved_by,
        discarded_by=discarded_by,
        follow_up=run.follow_up,
        causes=run.counts.get("causes", {}),
        customers=int(run.counts.get("customers", 0)),
    )


def runs_to_approve() -> int:
    """How many runs wait for a person's approval."""
    return number("select count(*) from dunning_run where state = 'proposed'")


def run_by_id(*, run: int) -> Run | None:
    """The run, or None."""
    return Run.objects.filter(id=run).first()


def approval_of(*, run: int) -> RunApproval | None:
    """Who approved the run, and when."""
    return RunApproval.objects.filter(run_id=run).first()


def discard_of(*, run: int) -> RunDiscard | None:
    """Who threw the run away, and when, with her words."""
    return RunDiscard.objects.filter(run_id=run).select_related("wording").first()


@dataclass(frozen=True, slots=True)
class Asking:
    """What the notices of a run ask for, and what of it are fees, interest and lump sums: minor units by currency."""

    sums: Mapping[str, int]
    claims: Mapping[str, int]


def asks_for(*, run: int) -> Asking:
    """What the notices of a run ask for; a currency without claims has none."""
    found = rows(
        """select currency, sum(total_minor)::numeric(38) as total,
                  sum(fee_minor + interest_minor + lump_sum_minor)::numeric(38) as claims
           from dunning_notice where run_id = %(run)s group by currency order by currency""",
        run=run,
    )
    return Asking(
        sums={row["currency"]: int(row["total"]) for row in found},
        claims={row["currency"]: int(row["claims"]) for row in found if row["claims"]},
    )


def largest_notices(*, run: int) -> list[tuple[int, str, int]]:
    """(strategy version, currency, what its largest notice asks for in minor units) of a run."""
    found = rows(
        """select strategy_version_id as version, currency, max(total_minor) as most from dunning_notice
           where run_id = %(run)s group by 1, 2 order by 1, 2""",
        run=run,
    )
    return [(row["version"], row["currency"], row["most"]) for row in found]


def newest_run() -> Run | None:
    """The company's newest run of everyone that was not discarded; follow-ups do not count."""
    return Run.objects.filter(follow_up=False).exclude(state="discarded").order_by("-id").first()
