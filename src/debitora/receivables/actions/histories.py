"""Applying what a file tells of the past: documents that open, and are settled, each on the day on which it happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.db import connection, transaction

from debitora.engine.lists import GROUPS, MARKS, TERMS
from debitora.kit.pg.bulk import stage
from debitora.receivables.actions.applying import lock_as_known, opening_items, record_applied, stage_openings
from debitora.receivables.actions.bulk import run
from debitora.receivables.actions.locks import lock_company
from debitora.trail.rules import Actor


@dataclass(frozen=True, slots=True)
class Documents:
    """What a file of movements changes. openings: engine.lists.OPENINGS, each with its day `issued_on`.

    moves: customer_key, number_key, currency, side (1 or -1) and issued_on of a document; kind ("opened" again,
    "paid_per_list" or "settled_per_list"), minor (signed: what is open changes by it) and effective_on. touched:
    engine.lists.MOVES with kind, one row for each item that was known before and moves.
    """

    openings: pl.DataFrame
    moves: pl.DataFrame
    touched: pl.DataFrame


def apply_documents(
    *, company: int, source: int, list_import: int, documents: Documents, by: Actor, at: datetime
) -> None:
    """This will open documents of a source and settle them, each on its own day, all known from `at` on; all or nothing.

    Unknown customers are made known by number and name. Raises LedgerMovedOn when an item is not as it was compared with.
    """
    facts = {"company": company, "source": source, "list_import": list_import, "at": at}
    told = {"opened": documents.openings.height, "moved": documents.moves.height}
    with opening_items(), transaction.atomic(), connection.cursor() as cursor:
        lock_company(company=company)
        _stage(documents)
        lock_as_known(cursor, company=company, source=source)
        run(cursor, "lists/customers", **facts)
        for name in ("items", "entries", "first_terms"):
            run(cursor, f"histories/{name}", **facts)
        run(cursor, "lists/states", **facts)
        run(cursor, "histories/move", **facts)
        record_applied(cursor, facts, told, by)


def _stage(documents: Documents) -> None:
    stage_openings(documents.openings)
    stage(documents.moves, "document_move")
    stage(documents.touched, "list_move")
    stage(pl.DataFrame(schema=dict(TERMS)), "list_term")
    stage(pl.DataFrame(schema=dict(GROUPS)), "list_group")
    stage(pl.DataFrame(schema={**MARKS, "behind": pl.Boolean}), "list_mark")
