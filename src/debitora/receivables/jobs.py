"""Jobs of the sub-ledger: every night what is kept added up is folded; what programs put into the folder of copies is taken."""

from __future__ import annotations

from debitora.kit.queue import defer, job, periodic
from debitora.kit.runtime import now
from debitora.people.queries import all_companies, company_by_id
from debitora.receivables.actions import fold_open_sums
from debitora.receivables.actions.arriving import take_arrived_documents
from debitora.receivables.queries.document_folder import WATCHER, document_folder
from debitora.trail.rules import system


@job("receivables.fold")
def fold(*, company: int) -> None:
    """Fold the served company's sums."""
    fold_open_sums()


@periodic("receivables.night", cron="40 2 * * *")
def night(timestamp: int) -> None:
    """Every night: ask for each company's fold."""
    for company in all_companies():
        defer("receivables.fold", company=company.id, once=f"receivables.fold:{company.id}")


@periodic("receivables.watch", cron="* * * * *")
def watch(timestamp: int) -> None:
    """Every minute: ask for a look into the folder of each company that has one for copies of invoices."""
    for company in all_companies():
        if document_folder(company_code=company.code).is_dir():
            defer("receivables.look", company=company.id, once=f"receivables.look:{company.id}")


@job("receivables.look")
def look(*, company: int) -> None:
    """Keep the copies of invoices that have arrived for a company."""
    take_arrived_documents(company=company_by_id(company=company), by=system(WATCHER), clock=now)
