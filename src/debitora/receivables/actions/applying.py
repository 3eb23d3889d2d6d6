"""What applying a list and applying a history have in common: ids, locks, what refuses them, and their record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from django.db import IntegrityError

from debitora.receivables.actions.bulk import numbers, run
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject

NEW_ITEM: Final = "item_id bigint not null default nextval('receivables_item_id_seq')"
"""The column that a staged opening has beside those of its frame: the id that its item will bear."""


class LedgerMovedOn(Exception):
    """The ledger is no longer as the list was compared with: compare again. Nothing was changed."""


@contextmanager
def opening_items() -> Iterator[None]:
    """Around the transaction that opens items: raises LedgerMovedOn if one of them was opened by somebody else."""
    try:
        yield
    except IntegrityError as refused:
        if "item_identity_once" in str(refused):
            raise LedgerMovedOn("an item was opened meanwhile") from refused
        raise


def lock_as_known(cursor: Any, *, company: int, source: int) -> None:
    """This will lock the customers and items that are staged. Raises LedgerMovedOn if an item is not as it was known."""
    run(cursor, "lists/lock_customers", company=company)
    (differing,) = numbers(cursor, "lists/lock_items", company=company, source=source)
    if differing:
        raise LedgerMovedOn(f"{differing} items are not as they were compared with")


def record_applied(cursor: Any, facts: Mapping[str, Any], told: Mapping[str, Any], by: Actor) -> None:
    """This will note that a list was applied, with what is `told` of it, about every customer whom it touched."""
    (digest,) = numbers(cursor, "lists/digest", **facts)
    customers = numbers(cursor, "lists/subjects", **facts)
    record(
        company=facts["company"],
        by=by,
        at=facts["at"],
        verb="list.applied",
        subjects=[Subject("list_import", facts["list_import"]), *of_customers(customers)],
        facts={"source": facts["source"], **told},
        digest=bytes(digest),
    )


def of_customers(customers: list[int]) -> list[Subject]:
    """The customers as subjects of a record."""
    return [Subject("customer", customer, customer=customer) for customer in customers]
