"""The facts that claims follow from, read for many items at once: a statement for each kind of them, joined here.

Asked item by item the same takes three times as long: most items were never raised, paid, reminded of or claimed with, and a join
finds that out about all of them in one look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from debitora.engine.accruing import PAID
from debitora.kit.pg.bulk import Schema, array_text, frame, stage

_SQL: Final = Path(__file__).parent.parent / "sql"
_DUE: Final = (_SQL / "claim_due.sql").read_text("utf-8")
_CHARGES: Final = (_SQL / "claim_charges.sql").read_text("utf-8")
_MOVEMENTS: Final = (_SQL / "claim_movements.sql").read_text("utf-8")
_STANDING: Final = (_SQL / "claim_standing.sql").read_text("utf-8")
_RECEIPTS: Final = (_SQL / "claim_receipts.sql").read_text("utf-8")
DUE: Final = {
    "item_id": pl.Int64,
    "due_on": pl.Date,
    "last_reminded_on": pl.Date,
    "issued_on": pl.Date,
    "open_minor": pl.Int64,
}
"""What claims follow from of an item's state."""
_MOVED: Final[Schema] = {**PAID, "open_minor": pl.Int64}
_STOOD: Final = {"item_id": pl.Int64, "kind": pl.String, "minor": pl.Int64}
_RECEIVED: Final = {"item_id": pl.Int64, "received_on": pl.Date}


@dataclass(frozen=True, slots=True)
class ClaimableDebts:
    """Items that may bear interest or a lump sum, and what settled them (PAID of engine.accruing).

    debts: item_id, due_on, issued_on, received_on, principal_minor, lump_sum_minor and settled_minor as in DEBTS of engine.claims.
    """

    debts: pl.DataFrame
    payments: pl.DataFrame


def due_items(*, items: Sequence[int]) -> pl.DataFrame:
    """The items as they are now, shaped as DUE."""
    return frame(_DUE, DUE, items=array_text(items))


def claimable_debts(*, items: pl.DataFrame) -> ClaimableDebts:
    """The facts of the items (DUE, unique), with `free`: a free reminder counts as one. Charges bear no interest and are left out."""
    stage(items.select("item_id"), "claim_lines")
    found = items.join(frame(_CHARGES, {"item_id": pl.Int64}), on="item_id", how="anti")
    moved, stood = frame(_MOVEMENTS, _MOVED), frame(_STANDING, _STOOD)
    debts = (
        found.join(_principals(moved), on="item_id", how="left")
        .join(_received(found), on="item_id", how="left")
        .join(_stood(stood, "lump_sum"), on="item_id", how="left")
        .join(_stood(stood, "interest"), on="item_id", how="left")
        .select(
            "item_id",
            "due_on",
            "issued_on",
            "received_on",
            principal_minor=pl.coalesce("principal_minor", "open_minor"),
            lump_sum_minor="lump_sum",
            settled_minor=pl.col("interest").fill_null(0),
        )
    )
    return ClaimableDebts(
        debts, moved.filter(pl.col("minor") < 0).select("item_id", "on", minor=-pl.col("minor"))
    )


def _principals(moved: pl.DataFrame) -> pl.DataFrame:
    """Of items that anything changed: what they were before payments, all that raised them counted. Others are as open as they were."""
    settled = pl.when(pl.col("minor") < 0).then(pl.col("minor")).sum()
    return moved.group_by("item_id").agg(principal_minor=pl.col("open_minor").first() - settled)


def _stood(stood: pl.DataFrame, kind: str) -> pl.DataFrame:
    """An item has at most one claim of a kind."""
    return stood.filter(pl.col("kind") == kind).select("item_id", pl.col("minor").alias(kind))


def _received(found: pl.DataFrame) -> pl.DataFrame:
    """Of items that were reminded: the day on which a notice that counts reached the debtor first, after the due day."""
    reminded = found.filter(pl.col("last_reminded_on").is_not_null()).select("item_id", "due_on", "free")
    if reminded.is_empty():
        return pl.DataFrame(schema=dict(_RECEIVED))
    stage(reminded, "claim_reminded")
    return frame(_RECEIPTS, _RECEIVED)
