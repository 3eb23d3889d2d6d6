"""Jobs of exchange: apply a list that was given free, and look into the watched folders."""

from __future__ import annotations

from django.db import transaction

from debitora.exchange.actions import (
    ImportHeld,
    ImportMoved,
    apply_taken,
    arrived,
    fail_import,
    take_arrived,
)
from debitora.exchange.queries import INBOX, WATCHER, released_by
from debitora.kit.queue import defer, job, periodic
from debitora.kit.runtime import home, now
from debitora.kit.store import BytesDiffer, BytesMissing
from debitora.people.queries import all_companies, company_by_id
from debitora.receivables.actions import LedgerMovedOn
from debitora.trail.rules import system

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


@periodic("exchange.watch", cron="* * * * *")
def watch(timestamp: int) -> None:
    """Every minute: ask for a look into the folders of each company that has any."""
    for company in all_companies():
        if (home() / INBOX / company.code).is_dir():
            defer("exchange.look", company=company.id, once=f"exchange.look:{company.id}")


@job("exchange.look")
def look(*, company: int) -> None:
    """Take the files that have arrived; one that cannot be read or moved is left for the next look, and hinders no other."""
    found = company_by_id(company=company)
    for each in arrived(inbox=home() / INBOX, company=found, at=now()):
        try:
            take_arrived(company=found, found=each, by=system(WATCHER), at=now())
        except OSError:
            continue
