"""Files that tell what happened, and not what is open: booking batches, ledgers with letters, histories of settled invoices.

Nothing that is missing in such a file is settled. A document is known by customer, number, currency, side and its own day, so
that a batch may come twice, or overlap the one before. What a file says is settled is settled on the day that it names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from debitora.engine.lists import KNOWN, MARKS, MOVES, OPENINGS, TERMS, ListDiff, number_key
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

    reopened: (item_id, issued_on, minor) of documents whose opening was undone. settled: _DOCUMENT, cleared_on, minor
    (signed as the document), newly settled by this file only.
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
        reopened=undone.select("item_id", "issued_on", "minor"),
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
    firsts = ("customer_number", "customer_name", "number", "due_on", "order_reference")
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
    return ordered.select(list(OPENINGS)).cast(dict(OPENINGS))  # type: ignore[arg-type]


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
        minor=(end - begin).clip(lower_bound=0) * side
    )
    return (
        left.filter(pl.col("minor") != 0)
        .select(*_DOCUMENT, "cleared_on", "minor")
        .sort("cleared_on", *_DOCUMENT)
    )


def per_day(found: Movements) -> Iterator[tuple[date, ListDiff]]:
    """The openings as changes of their days, in order."""
    for day in pl.concat([found.opened["issued_on"], found.reopened["issued_on"]]).unique().sort().to_list():
        again = found.reopened.filter(pl.col("issued_on") == day)
        moves = [_move(item, 0, minor, 0) for item, minor in again.select("item_id", "minor").iter_rows()]
        yield (
            day,
            changes(
                to_open=found.opened.filter(pl.col("issued_on") == day),
                to_reopen=pl.DataFrame(moves, schema=dict(MOVES)),
            ),
        )


def settling_per_day(found: Movements, known: pl.DataFrame) -> Iterator[tuple[date, ListDiff]]:
    """What is settled as changes of its days, in order; `known` holds the opened documents by now."""
    state: dict[int, tuple[int, int]] = {
        int(row[0]): (int(row[1]), int(row[2]))
        for row in known.select("item_id", "open_minor", "settled_per_list_minor").iter_rows()
    }
    rows = found.settled.join(
        known.select("item_id", *_DOCUMENT), on=_DOCUMENT, how="inner", nulls_equal=True
    )
    for day in rows["cleared_on"].unique().sort().to_list():
        moves: list[dict[str, int]] = []
        for item, minor in (
            rows.filter(pl.col("cleared_on") == day).select("item_id", "minor").sort("item_id").iter_rows()
        ):
            was, settled = state[item]
            state[item] = (was - minor, settled - minor)
            moves.append(_move(item, was, was - minor, settled))
        frame = pl.DataFrame(moves, schema=dict(MOVES))
        whole = frame["target_minor"] == 0
        yield day, changes(to_settle=frame.filter(whole), to_pay=frame.filter(~whole))


def _move(item: int, was: int, target: int, settled: int) -> dict[str, int]:
    return {"item_id": item, "open_minor": was, "target_minor": target, "settled_per_list_minor": settled}


def changes(**frames: pl.DataFrame) -> ListDiff:
    """A ListDiff of these frames, empty otherwise."""
    moves = pl.DataFrame(schema=dict(MOVES))
    empty: Mapping[str, Any] = {
        "to_open": pl.DataFrame(schema=dict(OPENINGS)),
        **dict.fromkeys(("to_reopen", "to_pay", "to_settle", "to_correct", "reappeared"), moves),
        "terms_changed": pl.DataFrame(schema=dict(TERMS)),
        **dict.fromkeys(("behind", "caught_up"), pl.DataFrame(schema=dict(MARKS))),
    }
    return ListDiff(**{**empty, **frames}, unchanged=0)
