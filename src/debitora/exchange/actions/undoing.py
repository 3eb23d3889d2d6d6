"""The newest list of a source is taken back, with all that followed from it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from debitora.dunning.actions import withdraw_grounds
from debitora.exchange.actions.locks import changed, locked
from debitora.exchange.queries import newest_applied
from debitora.people.models import Company
from debitora.receivables.actions import undo_list
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject


class NotTheNewest(Exception):
    """Only the newest applied import of a source can be undone; the text names the newest, if there is one."""


class CustomersStay(Exception):
    """A customer list cannot be undone: what it said about customers may have been used since."""


def undo_import(
    *, company: Company, list_import: int, reason: str, by: Actor, at: datetime
) -> dict[str, int]:
    """Take back everything the newest applied import of a source did; then its file may be imported again.

    Payments allocated since to items that it opened return on account. Of the items of which less is claimed afterwards,
    or which are due later, notices not sent are cancelled and sent ones marked "ground withdrawn". Raises ImportMoved,
    NotTheNewest and CustomersStay.
    """
    with transaction.atomic():
        taken = locked(company, list_import, "applied")
        if taken.source.kind != "items":
            raise CustomersStay(str(taken.id))
        newest = newest_applied(company=company.id, source=taken.source_id)
        if newest is None or newest.id != taken.id:
            raise NotTheNewest(str(newest.id) if newest else "")
        undone = undo_list(company=company.id, list_import=taken.id, by=by, at=at)
        withdrawn = withdraw_grounds(company=company.id, items=undone.ungrounded, by=by, at=at)
        counts = {
            "items": len(undone.items),
            "entries": undone.entries_reversed,
            "allocations": undone.allocations_released,
            **withdrawn,
        }
        changed(taken, state="undone", undone_at=at, result={**taken.result, "undone": counts})
        record(
            company=company.id,
            by=by,
            at=at,
            verb="import.undone",
            subjects=[
                Subject("import", taken.id),
                *(Subject("import", taken.id, customer=one) for one in undone.customers),
            ],
            facts=counts,
            wording=reason,
        )
    return counts
