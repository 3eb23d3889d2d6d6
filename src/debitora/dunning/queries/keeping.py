"""Which months' decisions are kept, and how many there are."""

from __future__ import annotations

from datetime import date

from debitora.dunning.models import Run
from debitora.dunning.rules.keeping import month_of
from debitora.kit.pg.bulk import rows


def months_kept() -> list[date]:
    """The first days of the months that have a place for decisions, in their order."""
    found = rows(
        """select to_date(right(c.relname, 7), 'YYYY_MM') as month
           from pg_inherits i join pg_class c on c.oid = i.inhrelid
           where i.inhparent = 'dunning_decision'::regclass order by 1"""
    )
    return [row["month"] for row in found]


def decisions_kept(run: Run) -> bool:
    """Whether the decisions of a run are still there."""
    return month_of(run.created_at) in months_kept()


def decisions_of_month(*, month: date) -> dict[int, int]:
    """Company id -> decisions of a month, over all companies; to be asked as the owner, whom no wall binds."""
    found = rows(
        "select company_id, count(*) as n from dunning_decision where month = %(month)s group by 1 order by 1",
        month=month,
    )
    return {row["company_id"]: row["n"] for row in found}
