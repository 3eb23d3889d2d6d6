"""Jobs of exchange: apply a list that a person gave free."""

from __future__ import annotations

from debitora.kit.queue import job
from debitora.kit.runtime import now
from debitora.trail.rules import system


@job("exchange.apply")
def apply(*, company: int, list_import: int) -> None:
    """Apply a confirmed list; one that is applied already is left alone."""
    from debitora.exchange.actions import ImportMoved, apply_taken, fail_import
    from debitora.people.queries import company_by_id
    from debitora.receivables.actions import LedgerMovedOn

    found = company_by_id(company=company)
    try:
        apply_taken(company=found, list_import=list_import, by=system("exchange.apply"), clock=now)
    except ImportMoved:
        return
    except LedgerMovedOn:
        fail_import(company=found, list_import=list_import, problem="ledger_moved_on", at=now())
