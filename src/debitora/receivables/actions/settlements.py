"""Payments enter the ledger, one or a hundred thousand at once: each an item, put against what it pays, less what is taken off."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl
from django.db import connection, transaction

from debitora.engine.frames import Schema, expect
from debitora.kit.pg.bulk import frame, stage
from debitora.receivables.actions.bulk import numbers, run
from debitora.receivables.rules.items import TOLD_DAYS
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject

PAYMENTS: Final[Schema] = {
    "key": pl.Int64,  # of the caller's, unique; where two want the same, the lower one comes first
    "together": pl.Int64,  # payments that are settled all or none: what is refused of one is refused of all
    "customer": pl.Int64,
    "number": pl.String,
    "number_key": pl.String,
    "position": pl.String,
    "currency": pl.String,
    "minor": pl.Int64,  # above zero
    "counts_on": pl.Date,
}
ALLOCATIONS: Final[Schema] = {
    "key": pl.Int64,
    "credit_item": pl.Int64,  # null is the payment itself
    "debit_item": pl.Int64,
    "minor": pl.Int64,  # above zero
    "reason": pl.String,
}
DEDUCTIONS: Final[Schema] = {
    "key": pl.Int64,
    "item": pl.Int64,
    "kind": pl.String,  # one of DEDUCTION_KINDS
    "minor": pl.Int64,  # above zero
}
DEDUCTION_KINDS: Final = ("discount", "written_off", "exchange")
_GREW: Final = 1_000
_MOST_NAMED: Final = 100
"""Of so many items a record names each; of more it names the customers, and a digest of all."""
_WORK_MEM: Final = "64MB"


class PaymentsRefused(Exception):
    """The ledger does not bear these payments: `keys` of them. Nothing was changed."""

    def __init__(self, keys: Sequence[int]) -> None:
        super().__init__(f"{len(keys)} payments")
        self.keys = tuple(keys)


@dataclass(frozen=True, slots=True)
class Settled:
    """What was written: items (key, item), allocations (key, allocation, credit, debit, minor), deductions (key, entry, item,
    kind, minor), and the keys of the payments that the ledger did not bear.
    """

    items: pl.DataFrame
    allocations: pl.DataFrame
    deductions: pl.DataFrame
    refused: tuple[int, ...]


def settle_payments(
    *,
    company: int,
    source: int,
    payments: pl.DataFrame,
    allocations: pl.DataFrame,
    deductions: pl.DataFrame,
    by: Actor,
    at: datetime,
    skip_refused: bool = False,
) -> Settled:
    """This will open a payment item for each of PAYMENTS and settle by ALLOCATIONS and DEDUCTIONS, in one transaction.

    A payment outranks a list: where a list has settled a debit, or told of just this payment, its entry gives way, and what the payment
    leaves stays settled per list. Customers and items are locked in their order first, so nobody allocates the same money twice. Payments that the ledger
    does not bear are left out (skip_refused), or none is written. Raises PaymentsRefused.
    """
    facts = {"company": company, "source": source, "at": at, "told_days": TOLD_DAYS}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"set local work_mem = '{_WORK_MEM}'")
        cursor.execute(
            "set local enable_mergejoin = off"
        )  # it reads all items up to the last that is touched
        _stage(payments, allocations, deductions)
        run(cursor, "settling/lock", **facts)
        run(cursor, "settling/listed", **facts)
        refused = numbers(cursor, "settling/refused", **facts)
        if refused and not skip_refused:
            raise PaymentsRefused(refused)
        if refused:
            run(cursor, "settling/drop_refused", refused=refused)
        run(cursor, "settling/told", **facts)
        run(cursor, "settling/give_way", **facts)
        run(cursor, "settling/write", **facts)
        if payments.height >= _GREW:
            cursor.execute("select receivables_learn_growth()")
        settled = _written(refused)
        _record(cursor, facts, settled, by)
    return settled


def _stage(payments: pl.DataFrame, allocations: pl.DataFrame, deductions: pl.DataFrame) -> None:
    """Beside each row stands the id that what it becomes will bear."""
    for rows, schema, table, column, of in (
        (payments, PAYMENTS, "settle_payment", "item_id", "item"),
        (allocations, ALLOCATIONS, "settle_allocation", "allocation_id", "allocation"),
        (deductions, DEDUCTIONS, "settle_deduction", "entry_id", "entry"),
    ):
        more = f"{column} bigint not null default nextval('receivables_{of}_id_seq')"
        stage(expect(rows, schema, name=table).collect(), table, more=more)


def _written(refused: Sequence[int]) -> Settled:
    whole = pl.Int64
    items = frame("select key, item_id from settle_payment order by key", {"key": whole, "item": whole})
    allocations = frame(
        "select a.key, a.allocation_id, coalesce(a.credit_item, p.item_id), a.debit_item, a.minor"
        " from settle_allocation a join settle_payment p on p.key = a.key order by a.allocation_id",
        {"key": whole, "allocation": whole, "credit": whole, "debit": whole, "minor": whole},
    )
    deductions = frame(
        "select key, entry_id, item, kind, minor from settle_deduction order by entry_id",
        {"key": whole, "entry": whole, "item": whole, "kind": pl.String, "minor": whole},
    )
    return Settled(items, allocations, deductions, tuple(refused))


def _record(cursor: Any, facts: dict[str, Any], settled: Settled, by: Actor) -> None:
    """Of some payments the record names every item; of many the customers, and a digest of what was written."""
    customers = numbers(cursor, "settling/customers", company=facts["company"])
    about = [Subject("customer", customer, customer=customer) for customer in customers]
    if len(customers) == 1:
        items = pl.concat(
            [settled.items["item"], *(settled.allocations[side] for side in ("credit", "debit"))]
        )
        about += [
            Subject("item", item, customer=customers[0])
            for item in items.unique().sort().to_list()[:_MOST_NAMED]
        ]
    digest = hashlib.sha256()
    for rows in (settled.items, settled.allocations, settled.deductions):
        digest.update(rows.write_csv().encode())
    record(
        company=facts["company"],
        by=by,
        at=facts["at"],
        verb="payments.settled",
        subjects=about,
        facts={
            "payments": settled.items.height,
            "allocated": settled.allocations.height,
            "deductions": settled.deductions.height,
        },
        digest=digest.digest(),
    )
