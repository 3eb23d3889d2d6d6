"""Jobs of the sub-ledger: every night what is kept added up is folded."""

from __future__ import annotations

from debitora.kit.queue import defer, job, periodic
from debitora.people.queries import all_companies
from debitora.receivables.actions import fold_open_sums


@job("receivables.fold")
def fold(*, company: int) -> None:
    """Fold the served company's sums."""
    fold_open_sums()


@periodic("receivables.night", cron="40 2 * * *")
def night(timestamp: int) -> None:
    """Every night: ask for each company's fold."""
    for company in all_companies():
        defer("receivables.fold", company=company.id, once=f"receivables.fold:{company.id}")
