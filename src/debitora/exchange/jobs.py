"""Jobs of exchange: apply a list that a person gave free."""

from __future__ import annotations

from django.db import transaction

from debitora.exchange.actions import ImportHeld, ImportMoved, apply_taken, fail_import
from debitora.exchange.queries import released_by
from debitora.kit.queue import job
from debitora.kit.runtime import now
from debitora.kit.store import BytesDiffer, BytesMissing
from debitora.people.queries import company_by_id
from debitora.receivables.actions import LedgerMovedOn

ATTEMPTS = 3


@job("exchange.apply")
def apply(*, company: int, list_import: int) -> None:
    """Apply a confirmed list; one that is applied already is left alone. A ledger in motion is compared anew, three times."""
    found = company_by_id(company=company)
    with transaction.atomic():
        by = released_by(list_import=list_import)
    problem = "ledger_moved_on"
    for _attempt in range(ATTEMPTS):
        try:
            apply_taken(company=found, list_import=list_import, by=by, clock=now)
            return
        except ImportMoved:
            return
        except LedgerMovedOn:
            continue
        except ImportHeld:
            problem = "held_again"
        except (BytesMissing, BytesDiffer):
            problem = "bytes_missing"
        break
    fail_import(company=found, list_import=list_import, problem=problem, at=now())
