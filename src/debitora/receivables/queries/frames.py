"""Frames for the engine: what a dunning run decides on, and what a source's list is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from debitora.engine.lists import KNOWN
from debitora.engine.matching import CUSTOMERS, ITEMS
from debitora.kit.pg.bulk import frame, frames
from debitora.receivables.queries.reading import statement

_ITEMS: Final = {
    "item_id": pl.Int64,
    "customer_id": pl.Int64,
    "currency": pl.String,
    "due_on": pl.Date,
    "open_minor": pl.Int64,
    "level": pl.Int16,
    "last_reminded_on": pl.Date,
    "list_behind": pl.Boolean,
    "issued_on": pl.Date,
}
_CUSTOMERS: Final = {
    "customer_id": pl.Int64,
    "kind": pl.String,
    "parked": pl.Boolean,
    "language": pl.String,
    "has_email": pl.Boolean,
    "has_address": pl.Boolean,
}
_HOLDS: Final = {
    "hold_id": pl.Int64,
    "item_id": pl.Int64,
    "customer_id": pl.Int64,
    "amount_minor": pl.Int64,
    "from_on": pl.Date,
    "until_on": pl.Date,
}


@dataclass(frozen=True, slots=True)
class DunningFrames:
    """What `engine.dunning.decide` reads of the ledger; `pending` and `policy_id` are added by who knows them.

    `customers` has everyone with an open item. `until_on` of a hold is its last day, an earlier release counted.
    """

    items: pl.DataFrame
    customers: pl.DataFrame
    holds: pl.DataFrame


def dunning_frames(*, on: date, upcoming_days: int = 0, customer: int | None = None) -> DunningFrames:
    """All open items that are credits, overdue on the day, or due within `upcoming_days` from it, with customers and holds.

    `customer` narrows all three to one customer. One statement reads all three, so that they show one moment.
    """
    parts = [("items", _ITEMS), ("customers", _CUSTOMERS), ("holds", _HOLDS)]
    items, customers, holds = frames(
        [(statement(f"reading/dunning_{name}"), schema) for name, schema in parts],
        on=on,
        ahead=upcoming_days,
        customer=customer,
    )
    return DunningFrames(items=items, customers=customers, holds=holds.drop("hold_id"))


def order_items(*, customer: int | None = None) -> pl.DataFrame:
    """Every open item that names an order (`item_id`), with the first open item of its customer that names the same (`order_item`)."""
    return frame(
        """select s.item_id, min(s.item_id) over (partition by s.customer_id, i.order_reference) as order_item
           from receivables_itemstate s
           join receivables_item i on i.company_id = s.company_id and i.id = s.item_id
           where i.order_reference <> '' and s.open_minor <> 0
             and (%(customer)s::bigint is null or s.customer_id = %(customer)s)""",
        {"item_id": pl.Int64, "order_item": pl.Int64},
        customer=customer,
    )


def contact_items(*, customer: int | None = None) -> pl.DataFrame:
    """Every open item that names a live contact (`item_id`), with the first open item that names the same (`contact_item`)."""
    return frame(
        """select s.item_id, min(s.item_id) over (partition by x.contact_id) as contact_item
           from receivables_itemcontact x
           join receivables_contact k on k.company_id = x.company_id and k.id = x.contact_id and k.ended_at is null
           join receivables_itemstate s on s.company_id = x.company_id and s.item_id = x.item_id
           where x.ended_at is null and s.open_minor <> 0
             and (%(customer)s::bigint is null or s.customer_id = %(customer)s)""",
        {"item_id": pl.Int64, "contact_item": pl.Int64},
        customer=customer,
    )


def payable_frames(*, listed_since: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What payments may settle, and whom they may come from: ITEMS and CUSTOMERS of `engine.matching`, read in one snapshot.

    listed_since: what lists have settled from that day on without a payment counts as open.
    """
    items, customers = frames(
        [(statement("reading/payable_items"), ITEMS), (statement("reading/named_customers"), CUSTOMERS)],
        listed_since=listed_since,
    )
    return items, customers


def known_items(*, source: int) -> pl.DataFrame:
    """Every item a source ever opened, as `engine.lists.diff` compares it with a list (KNOWN)."""
    return frame(statement("reading/known_items"), KNOWN, source=source)
