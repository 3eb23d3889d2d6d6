"""Files that tell what happened, and not what is open: booking batches, ledgers with letters, histories of settled invoices.

Nothing that is missing in such a file is settled. A document is known by customer, number, currency, side and its own day, so
that a batch may come twice, or overlap the one before. What a file says is settled is settled on the day that it names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from debitora.engine.lists import GROUPS, KNOWN, MARKS, MOVES, OPENINGS, TERMS, ListDiff, number_key
from debitora.formats.grid import Table
from debitora.formats.items import ItemRows

LIST: Final = "list"
MOVEMENTS: Final = "movements"

KNOWN_DOCUMENTS: Final = {**KNOWN, "issued_on": pl.Date}
"""engine.lists.KNOWN, and each item's own day."""

_DOCUMENT: Final = ["customer_key", "number_key", "currency", "side", "issued_on"]
_SLOT: Final = ["customer_key", "number_key", "currency", "side"]


@dataclass(frozen=True, slots=True)
class Movements:
    """What a file of movements changes: documents to open (OPENINGS; each on its day `issued_on`), known ones of which
    nothing changes, known ones with another amount (nothing is changed of them), and what is settled.

    reopened: _DOCUMENT and minor of those whose opening was undone. settled: _DOCUMENT, cleared_on, minor (signed as the
    document), is_whole (nothing is open afterwards); newly settled by this file only.
    """

    opened: pl.DataFrame
    reopened: pl.DataFrame
    settled: pl.DataFrame
    unchanged: int
    differing: int

    @property
    def is_nothing(self) -> bool:
        """Whether the file changes nothing."""
        return not self.opened.height and not self.reopened.height and not self.settled.height

    @property
    def counts(self) -> dict[str, int]:
        """How many documents open, are settled (wholly or in part) and stay as they are."""
        return {
            "opened": self.opened.height + self.reopened.height,
            "settled": self.settled.select(_DOCUMENT).unique().height,
            "unchanged": self.unchanged,
        }


def shape_of(table: Table | None, rows: ItemRows) -> str:
    """ "movements" for a program's own layout, and for a list of which every row is settled and says when; else "list"."""
    if table is not None and table.form is not None:
        return MOVEMENTS
    frame = rows.frame
    told = frame.select(pl.col("issued_on", "cleared_on", "amount_minor").is_not_null()).select(
        pl.all_horizontal(pl.all().all())
    )
    return MOVEMENTS if frame.height and not frame["is_open"].any() and bool(told.item()) else LIST


def movements(frame: pl.DataFrame, known: pl.DataFrame) -> Movements:
    """Compare the rows of a file (ItemRows.frame) with what its source knows (KNOWN_DOCUMENTS)."""
    rows = _rows(frame)
    shown = _documents(rows)
    mine = known.select(*_DOCUMENT, "item_id", "raised_minor", "settled_per_list_minor", "open_minor")
    beside = shown.join(mine, on=_DOCUMENT, how="left", nulls_equal=True)
    new = beside.filter(pl.col("raised_minor").is_null())
    undone = beside.filter(pl.col("raised_minor") == 0)
    old = beside.filter(pl.col("raised_minor") != 0)
    settled = _newly_settled(rows, beside)
    touched = old.join(settled.select(_DOCUMENT).unique(), on=_DOCUMENT, how="anti")
    return Movements(
        opened=_openings(new, known),
        reopened=undone.select(*_DOCUMENT, "minor"),
        settled=settled,
        unchanged=touched.height,
        differing=old.filter(pl.col("raised_minor") != pl.col("minor")).height,
    )


def _rows(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows with keys, side and signed amount."""
    return frame.with_columns(
        minor=pl.coalesce("amount_minor", "open_minor"),
        issued_on=pl.coalesce("issued_on", "due_on"),
        customer_key=number_key("customer_number"),
        number_key=number_key("number"),
    ).with_columns(side=pl.col("minor").sign().cast(pl.Int8)).filter(pl.col("minor") != 0)  # fmt: skip


def _documents(rows: pl.DataFrame) -> pl.DataFrame:
    firsts = ("customer_number", "customer_name", "number", "due_on", "order_reference", "product_group")
    return rows.group_by(_DOCUMENT, maintain_order=True).agg(
        pl.col("minor").sum(), *(pl.col(name).first() for name in firsts)
    )


def _openings(new: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """New documents as OPENINGS. The first of a number has no position; further ones bear their day."""
    earlier = pl.concat([known.select(*_SLOT, "issued_on"), new.select(*_SLOT, "issued_on")])
    taken = known.filter(pl.col("position") == "").select(_SLOT).unique().with_columns(is_taken=True)
    first = earlier.group_by(_SLOT).agg(first=pl.col("issued_on").min())
    placed = new.join(taken, on=_SLOT, how="left").join(first, on=_SLOT, how="left")
    is_first = pl.col("is_taken").is_null() & (pl.col("issued_on") == pl.col("first"))
    placed = placed.with_columns(
        position=pl.when(is_first).then(pl.lit("")).otherwise(pl.col("issued_on").cast(pl.String)),
        open_minor=pl.col("minor"),
    )
    ordered = placed.sort("issued_on", *_SLOT, "position")
    return ordered.select(list(OPENINGS)).cast(pl.Schema(OPENINGS))


def _newly_settled(rows: pl.DataFrame, beside: pl.DataFrame) -> pl.DataFrame:
    """What the file settles beyond what earlier files settled, by document and day, the earliest days first."""
    days = (
        rows.filter(pl.col("cleared_on").is_not_null())
        .group_by(*_DOCUMENT, "cleared_on")
        .agg(pl.col("minor").sum())
        .sort(*_DOCUMENT, "cleared_on")
        .with_columns(before=pl.col("minor").cum_sum().over(_DOCUMENT) - pl.col("minor"))
    )
    done = beside.select(
        *_DOCUMENT,
        done=pl.col("settled_per_list_minor").fill_null(0).abs(),
        room=pl.when(pl.col("raised_minor") == 0)
        .then("minor")
        .otherwise(pl.coalesce("open_minor", "minor"))
        .abs(),
    )
    side = pl.col("side").cast(pl.Int64)
    begin = pl.max_horizontal(pl.col("done"), pl.col("before") * side)
    end = pl.min_horizontal((pl.col("before") + pl.col("minor")) * side, pl.col("done") + pl.col("room"))
    left = days.join(done, on=_DOCUMENT, how="left").with_columns(
        minor=(end - begin).clip(lower_bound=0) * side, is_whole=end == pl.col("done") + pl.col("room")
    )
    news = left.filter(pl.col("minor") != 0).sort("cleared_on", *_DOCUMENT)
    return news.select(*_DOCUMENT, "cleared_on", "minor", "is_whole")


def moves_of(found: Movements) -> pl.DataFrame:
    """What happened to documents, each on its day: opened again, paid or settled (receivables.actions.Documents.moves)."""
    again = found.reopened.select(*_DOCUMENT, "minor", kind=pl.lit("opened"), effective_on="issued_on")
    settled = found.settled.select(
        *_DOCUMENT,
        minor=-pl.col("minor"),
        kind=pl.when("is_whole").then(pl.lit("settled_per_list")).otherwise(pl.lit("paid_per_list")),
        effective_on="cleared_on",
    )
    return pl.concat([again, settled])


def touched_of(found: Movements, known: pl.DataFrame) -> pl.DataFrame:
    """The known items that move, as they were compared with (MOVES and kind)."""
    named = pl.concat([found.reopened.select(_DOCUMENT), found.settled.select(_DOCUMENT)]).unique()
    items = known.join(named, on=_DOCUMENT, how="semi").sort("item_id")
    return items.select(
        "item_id",
        "open_minor",
        "settled_per_list_minor",
        target_minor="open_minor",
        kind=pl.lit("paid_per_list"),
    ).select(*MOVES, "kind")


def changes(**frames: pl.DataFrame) -> ListDiff:
    """A ListDiff of these frames, empty otherwise: for what is made of a list's changes, and holds of movements too."""
    moves = pl.DataFrame(schema=dict(MOVES))
    empty: Mapping[str, Any] = {
        "to_open": pl.DataFrame(schema=dict(OPENINGS)),
        **dict.fromkeys(("to_reopen", "to_pay", "to_settle", "to_correct", "reappeared"), moves),
        "terms_changed": pl.DataFrame(schema=dict(TERMS)),
        "regrouped": pl.DataFrame(schema=dict(GROUPS)),
        **dict.fromkeys(("behind", "caught_up"), pl.DataFrame(schema=dict(MARKS))),
    }
    return ListDiff(**{**empty, **frames}, unchanged=0)
