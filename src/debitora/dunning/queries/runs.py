"""Runs, what they decided, and what is usual."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any

from debitora.dunning.models import Run
from debitora.dunning.rules.reasons import Reason
from debitora.kit.pg.bulk import rows


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run as lists show it."""

    id: int
    on: date
    schedule: str
    state: str
    overdue_items: int
    notice_count: int
    created_at: datetime
    created_by: str
    stopped_by_bound: bool


def usual_notices(*, last: int = 10) -> int | None:
    """The median number of notices of the company's last released runs; None before the first."""
    counts = (
        Run.objects.filter(state="released").order_by("-id").values_list("notice_count", flat=True)[:last]
    )
    return round(median(counts)) if counts else None


def period_is_over(*, schedule: str, on: date) -> bool:
    """Whether a scheduled run of the day is no longer wanted: it was made, thrown away or not, or a person made one by hand."""
    of_the_day = Run.objects.filter(on=on)
    return of_the_day.filter(schedule=schedule).exists() or of_the_day.exclude(state="discarded").exists()


def runs_page(*, before: int | None = None, size: int = 50) -> list[RunRow]:
    """Runs, newest first; `before` is the run id to continue from."""
    found = Run.objects.order_by("-id")
    if before is not None:
        found = found.filter(id__lt=before)
    return [
        RunRow(
            id=run.id,
            on=run.on,
            schedule=run.schedule,
            state=run.state,
            overdue_items=run.overdue_items,
            notice_count=run.notice_count,
            created_at=run.created_at,
            created_by=run.created_by_label,
            stopped_by_bound=run.stopped_by_bound,
        )
        for run in found[:size]
    ]


def newest_run() -> Run | None:
    """The company's newest run that was not discarded."""
    return Run.objects.exclude(state="discarded").order_by("-id").first()


def reason_counts(*, run: int) -> dict[str, int]:
    """Reason code -> number of decisions of a run, upcoming ones included."""
    found = rows(
        "select reason, count(*) as n from dunning_decision where run_id = %(run)s group by reason order by reason",
        run=run,
    )
    return {Reason(row["reason"]).name.lower(): row["n"] for row in found}


def notices_of_run(*, run: int, after: int = 0, size: int = 50, search: str = "") -> list[dict[str, Any]]:
    """Notices of a run with customer and state, largest sum first within the page order of their ids."""
    return rows(
        """select n.id, n.number, n.level, n.currency, n.total_minor, n.due_minor, n.credit_minor, n.fee_minor, n.item_count,
                  n.customer_id, c.number as customer_number, p.name as customer_name, p.email,
                  coalesce(n.step ->> 'channel', 'mail') as channel,
                  (select e.kind from dunning_noticeevent e where e.company_id = n.company_id and e.notice_id = n.id
                   order by e.id desc limit 1) as last_event
           from dunning_notice n
           join receivables_customer c on c.company_id = n.company_id and c.id = n.customer_id
           join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
           where n.run_id = %(run)s and n.id > %(after)s
             and (%(search)s = '' or c.number ilike %(pattern)s or p.name ilike %(pattern)s)
           order by n.id limit %(size)s""",
        run=run,
        after=after,
        size=size,
        search=search,
        pattern=f"%{_escaped(search)}%",
    )


def decisions_of_run(
    *,
    run: int,
    after: int = 0,
    size: int = 50,
    reason: int | None = None,
    customer: int | None = None,
    noticed: bool | None = None,
) -> list[dict[str, Any]]:
    """Decisions of a run in item order, with item and customer; `noticed` False: the overdue items that were not dunned."""
    return rows(
        """select d.item_id, d.reason, d.level_before, d.level_to, d.days_overdue, d.open_minor, d.held_minor, d.currency,
                  i.number, i.position, s.due_on, d.customer_id, c.number as customer_number, p.name as customer_name
           from dunning_decision d
           join receivables_item i on i.company_id = d.company_id and i.id = d.item_id
           join receivables_itemstate s on s.company_id = d.company_id and s.item_id = d.item_id
           join receivables_customer c on c.company_id = d.company_id and c.id = d.customer_id
           join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
           where d.run_id = %(run)s and d.item_id > %(after)s
             and (%(reason)s::int is null or d.reason = %(reason)s)
             and (%(customer)s::bigint is null or d.customer_id = %(customer)s)
             and (%(noticed)s::boolean is null or (d.reason in (1, 2)) = %(noticed)s)
           order by d.item_id limit %(size)s""",
        run=run,
        after=after,
        size=size,
        reason=reason,
        customer=customer,
        noticed=noticed,
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
