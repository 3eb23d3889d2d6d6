"""What applying a list and applying a history have in common: ids, locks, what refuses them, and their record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import polars as pl
from django.db import IntegrityError

from debitora.kit.pg.bulk import stage
from debitora.receivables.actions.bulk import numbers, run
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject

_NEW_ITEM: Final = "item_id bigint not null default nextval('receivables_item_id_seq')"
"""The column that a staged opening has beside those of its frame: the id that its item will bear."""
_NAMED: Final = ("customer_number", "customer_name")


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


def stage_openings(openings: pl.DataFrame) -> None:
    """This will stage what is opened (OPENINGS) as list_opening, and apart from it whom it names as list_named.

    A name does not travel with every item of a customer. Of several the first by the alphabet counts, no name last.
    """
    named = openings.select("customer_key", *_NAMED).unique()
    ordered = named.sort("customer_key", pl.col("customer_name") == "", "customer_name", "customer_number")
    stage(ordered.unique("customer_key", keep="first", maintain_order=True), "list_named")
    stage(openings.drop(_NAMED), "list_opening", more=_NEW_ITEM)


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
