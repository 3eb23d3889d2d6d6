"""What a source's open-item list changes: the whole list of a day against everything this source ever opened.

An item is the same when customer, number, position, currency and side (debit or credit) are the same. What the list
shows of it, against what the ledger says is open:

- nothing shown: the rest is *settled* per list; less shown: the difference is *paid* per list;
- more shown, but no more than payments and decisions made here explain: the *list is behind*, nothing is reopened;
- more than that: what lists settled earlier *reappears*, and what exceeds even that is *corrected* upwards.

Amounts are signed minor units: debits above zero, credits below. Applying a diff and comparing again finds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from debitora.engine.frames import Schema, expect

LISTED: Final[Schema] = {
    "customer_number": pl.String,  # as delivered
    "customer_name": pl.String,
    "number": pl.String,  # as delivered
    "position": pl.String,  # "" where numbers have no positions
    "currency": pl.String,
    "open_minor": pl.Int64,  # zero = not open: as if it stood in no list
    "due_on": pl.Date,
    "issued_on": pl.Date,  # null = not said
    "order_reference": pl.String,
    "product_group": pl.String,  # "" = not said
}
"""One row per open item of the list, each item once."""

KNOWN: Final[Schema] = {
    "item_id": pl.Int64,  # unique
    "customer_key": pl.String,
    "number_key": pl.String,
    "position": pl.String,
    "currency": pl.String,
    "side": pl.Int8,  # 1 = debit, -1 = credit
    "raised_minor": pl.Int64,
    "open_minor": pl.Int64,
    "settled_per_list_minor": pl.Int64,  # what lists have paid and settled so far: of the other sign
    "due_on": pl.Date,
    "list_behind": pl.Boolean,
    "product_group": pl.String,
}
"""Every item the source ever opened, settled ones too."""

OPENINGS: Final[Schema] = {"customer_key": pl.String, "number_key": pl.String, **LISTED}
MOVES: Final[Schema] = {
    "item_id": pl.Int64,
    "open_minor": pl.Int64,  # as it was known
    "target_minor": pl.Int64,  # what is open afterwards
    "settled_per_list_minor": pl.Int64,  # as it was known
}
TERMS: Final[Schema] = {"item_id": pl.Int64, "due_on": pl.Date}
GROUPS: Final[Schema] = {"item_id": pl.Int64, "product_group": pl.String}
MARKS: Final[Schema] = {"item_id": pl.Int64, "listed_minor": pl.Int64}

_KEY: Final = ["customer_key", "number_key", "position", "currency", "side"]


class ItemListedTwice(Exception):
    """An item stands twice in the list; the text names customer key, number key, position and currency."""


@dataclass(frozen=True, slots=True)
class ListDiff:
    """What a list changes. `to_open` is shaped as OPENINGS; the next five as MOVES, each item in one of them at most.

    `to_reopen` holds items whose opening was undone. `behind` and `caught_up` (MARKS) hold the items whose mark "list
    behind ledger" changes, `terms_changed` (TERMS) those with another due day, `regrouped` (GROUPS) those of which the list
    names another product group: what a list does not say changes nothing. `unchanged` counts listed items of which
    nothing changes.
    """

    to_open: pl.DataFrame
    to_reopen: pl.DataFrame
    to_pay: pl.DataFrame
    to_settle: pl.DataFrame
    to_correct: pl.DataFrame
    reappeared: pl.DataFrame
    terms_changed: pl.DataFrame
    regrouped: pl.DataFrame
    behind: pl.DataFrame
    caught_up: pl.DataFrame
    unchanged: int

    @property
    def is_nothing(self) -> bool:
        """Whether the list changes nothing at all."""
        return not any(
            getattr(self, name).height for name in self.__dataclass_fields__ if name != "unchanged"
        )


def number_key(column: str) -> pl.Expr:
    """The form by which numbers are compared, for a whole column; says the same as `values.numbers.number_key`."""
    plain = pl.col(column).str.replace_all(r"[\s\x1c-\x1f]+", "").str.to_uppercase()
    without_zeros = plain.str.strip_chars_start("0")
    return pl.when(without_zeros == "").then(plain.str.head(1)).otherwise(without_zeros)


def diff(listed: pl.DataFrame, known: pl.DataFrame) -> ListDiff:
    """What changes when `listed` (LISTED) is the whole list of the source whose items are `known` (KNOWN).

    The order of either frame's rows does not matter. Raises ItemListedTwice and WrongFrame.
    """
    shown = _shown(listed)
    items = expect(known, KNOWN, name="known").collect()
    compared = _compared(shown, items)
    return ListDiff(
        to_open=_shaped(_unknown(shown, items).sort(_KEY), OPENINGS),
        **{kind: _moves(compared, kind) for kind in _KINDS},
        terms_changed=_shaped(
            compared.filter(pl.col("listed_due_on") != pl.col("due_on")).with_columns(due_on="listed_due_on"),
            TERMS,
        ),
        regrouped=_shaped(
            compared.filter(_is_regrouped()).with_columns(product_group="listed_product_group"), GROUPS
        ),
        behind=_marks(compared, pl.col("is_behind") & ~pl.col("list_behind")),
        caught_up=_marks(compared, ~pl.col("is_behind") & pl.col("list_behind")),
        unchanged=compared.filter(_is_unchanged()).height,
    )


_KINDS: Final = ("to_reopen", "to_pay", "to_settle", "to_correct", "reappeared")


def _shown(listed: pl.DataFrame) -> pl.DataFrame:
    """The list's open rows with their keys."""
    whole = expect(listed, LISTED, name="listed").collect()
    is_open = whole["open_minor"] != 0
    shown = (whole if is_open.all() else whole.filter(is_open)).with_columns(
        customer_key=number_key("customer_number"),
        number_key=number_key("number"),
        side=pl.col("open_minor").sign().cast(pl.Int8),
    )
    if shown.select(_KEY).hash_rows().n_unique() == shown.height:
        return shown
    twice = shown.filter(shown.select(_KEY).is_duplicated())
    if twice.height:
        raise ItemListedTwice(", ".join(str(part) for part in twice.sort(_KEY).select(_KEY[:4]).row(0)))
    return shown


def _unknown(shown: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """The shown rows that are no known item; all of them, uncopied, where nothing is known."""
    return shown.join(items, on=_KEY, how="anti") if items.height else shown


def _compared(shown: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Known items beside what the list shows of them, as magnitudes on the item's own side of zero.

    `explained` is what settled the item here without the lists' word: payments, credits, write-offs.
    """
    side = pl.col("side").cast(pl.Int64)
    beside = shown.lazy().select(
        *_KEY, listed_minor="open_minor", listed_due_on="due_on", listed_product_group="product_group"
    )
    per_list = -side * pl.col("settled_per_list_minor")
    explained = side * (pl.col("raised_minor") - pl.col("open_minor")) - per_list
    # No validation of the join: what is shown was just found unique, what is known is by its key in the ledger.
    ordered = items if items["item_id"].is_sorted() else items.sort("item_id")
    return (
        ordered.lazy()
        .join(beside, on=_KEY, how="left", maintain_order="left")
        .with_columns(
            pl.col("listed_minor").fill_null(0),
            listed=side * pl.col("listed_minor").fill_null(0),
            open=side * pl.col("open_minor"),
            per_list=per_list,
            explained=explained,
        )
        .with_columns(excess=pl.col("listed") - pl.col("open"))
        .with_columns(behind_by=pl.min_horizontal("excess", "explained").clip(lower_bound=0))
        .with_columns(
            kind=_kind(),
            target_minor=side * (pl.col("listed") - pl.col("behind_by")),
            is_behind=pl.col("behind_by") > 0,
        )
        .drop(_KEY)
        .collect()
    )


def _kind() -> pl.Expr:
    """Which of the moves an item makes; null: its open amount stays."""
    beyond = pl.col("excess") > pl.col("explained")
    more = (
        pl.when(pl.col("raised_minor") == 0)
        .then(pl.lit("to_reopen"))
        .when(pl.col("per_list") > 0)
        .then(pl.lit("reappeared"))
        .otherwise(pl.lit("to_correct"))
    )
    less = pl.when(pl.col("listed") == 0).then(pl.lit("to_settle")).otherwise(pl.lit("to_pay"))
    return pl.when(pl.col("excess") < 0).then(less).when((pl.col("excess") > 0) & beyond).then(more)


def _is_unchanged() -> pl.Expr:
    return (
        (pl.col("listed") != 0)
        & pl.col("kind").is_null()
        & (pl.col("is_behind") == pl.col("list_behind"))
        & (pl.col("listed_due_on") == pl.col("due_on"))
        & ~_is_regrouped()
    )


def _is_regrouped() -> pl.Expr:
    """What is not listed has null there."""
    told = pl.col("listed_product_group").fill_null("")
    return (told != "") & (told != pl.col("product_group"))


def _moves(compared: pl.DataFrame, kind: str) -> pl.DataFrame:
    return _shaped(compared.filter(pl.col("kind") == kind), MOVES)


def _marks(compared: pl.DataFrame, which: pl.Expr) -> pl.DataFrame:
    return _shaped(compared.filter(which), MARKS)


def _shaped(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    return frame.select(pl.col(column).cast(kind) for column, kind in schema.items())
