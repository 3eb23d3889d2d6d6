"""Who may have paid a bank line: for all lines of a company at once.

A line points to a customer by the payer's account, by the number of an item or of herself in the text, by her name, or by an amount that
few items have. What she may have paid with it, and how sure that is, cash's rules say line by line.

Amounts are minor units; a line's are above zero, an item's open sum is below zero for credits.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from debitora.engine.frames import Schema, expect
from debitora.engine.mentions import MENTIONS, MOST_TEXT, mentions
from debitora.engine.names import likenesses

LINES: Final[Schema] = {
    "line": pl.Int64,
    "currency": pl.String,
    "minor": pl.Int64,
    "booked_on": pl.Date,
    "payer": pl.String,  # the payer's account, "" where the bank does not say
    "name": pl.String,
    "text": pl.String,  # all that was written, references included
}
ITEMS: Final[Schema] = {
    "item": pl.Int64,
    "customer": pl.Int64,
    "currency": pl.String,
    "number": pl.String,
    "open_minor": pl.Int64,  # not 0
    "due_on": pl.Date,
    "issued_on": pl.Date,
    "listed": pl.Boolean,  # settled per list only, without a payment: what the list settled counts as open
}
CUSTOMERS: Final[Schema] = {"customer": pl.Int64, "number": pl.String, "name": pl.String}
PAYERS: Final[Schema] = {
    "payer": pl.String,
    "customer": pl.Int64,
    "times": pl.Int64,  # so often a person or a sure match put a line from this account to her
}

POINTERS: Final[Schema] = {
    "line": pl.Int64,
    "customer": pl.Int64,
    "payer_times": pl.Int64,
    "named_items": pl.Int64,  # items of hers whose whole number stands in the text
    "hinted_items": pl.Int64,  # items of hers whose digits stand there, or whose number others bear, too
    "by_number": pl.Boolean,
    "name_percent": pl.Int64,  # of her name's rare words, how many are the payer's
    "amount_bearers": pl.Int64,  # so many items of all have just this amount, one of them hers; 0 = none of hers
}
"""One row per line and customer whom it points to, at most MOST_CUSTOMERS a line."""

MOST_CUSTOMERS: Final = 5
MOST_OF_AN_AMOUNT: Final = 20


def pointers(
    lines: pl.DataFrame,
    items: pl.DataFrame,
    customers: pl.DataFrame,
    payers: pl.DataFrame,
    said: pl.DataFrame,
) -> pl.DataFrame:
    """Whom each line points to: POINTERS of LINES, ITEMS, CUSTOMERS, PAYERS and what is `mentioned`. Raises WrongFrame."""
    known = expect(items, ITEMS, name="items").collect()
    asked = expect(lines, LINES, name="lines").collect()
    people = expect(customers, CUSTOMERS, name="customers").collect()
    found = [
        _by_payer(asked, expect(payers, PAYERS, name="payers").collect()),
        _by_items(said),
        _by_number(asked, people),
        likenesses(_with_names(asked), people),
        _by_amount(asked, known),
    ]
    every = (
        pl.concat(found, how="diagonal")
        .group_by("line", "customer")
        .agg(
            pl.col("payer_times", "named_items", "hinted_items", "amount_bearers").max().fill_null(0),
            pl.col("by_number").any(ignore_nulls=True),
            pl.col("name_percent").max().fill_null(0),
        )
    )
    weight = (
        400 * (pl.col("payer_times") > 0) + 400 * (pl.col("named_items") > 0) + 300 * pl.col("by_number")
        + 100 * (pl.col("hinted_items") > 0) + 2 * pl.col("name_percent") + 100 * (pl.col("amount_bearers") == 1)
        + 50 * (pl.col("amount_bearers") > 1)
    )  # fmt: skip
    ranked = every.with_columns(weight.alias("weight")).sort("line", -pl.col("weight"), "customer")
    return ranked.group_by("line", maintain_order=True).head(MOST_CUSTOMERS).select(*POINTERS)


def mentioned(lines: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """MENTIONS of items, with customer, currency and open sum; those of another currency than the line are left out."""
    texts = lines.select("line", pl.concat_str("text", "name", separator=" ").alias("text"))
    found = mentions(texts, items.select(pl.col("item").alias("target"), "number"))
    told = found.join(items, left_on="target", right_on="item").join(
        lines.select("line", "currency"), on=["line", "currency"]
    )
    return told.select(*MENTIONS, "customer", "open_minor", "due_on").rename({"target": "item"})


def _with_names(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines with what may be the payer's name: all that was written, where the bank does not name her."""
    named = pl.when(pl.col("name") == "").then(pl.col("text").str.slice(0, MOST_TEXT)).otherwise("name")
    return lines.select("line", name=named)


def _by_payer(lines: pl.DataFrame, payers: pl.DataFrame) -> pl.DataFrame:
    told = lines.filter(pl.col("payer") != "").select("line", "payer")
    return told.join(payers, on="payer").select("line", "customer", payer_times="times")


def _by_items(named: pl.DataFrame) -> pl.DataFrame:
    sure = pl.col("whole") & (pl.col("bearers") == 1)
    return named.group_by("line", "customer").agg(
        sure.sum().cast(pl.Int64).alias("named_items"), (~sure).sum().cast(pl.Int64).alias("hinted_items")
    )


def _by_number(lines: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    found = mentions(
        lines.select("line", "text"), customers.select(pl.col("customer").alias("target"), "number")
    )
    sure = found.filter(pl.col("whole") & (pl.col("bearers") == 1))
    return sure.select("line", pl.col("target").alias("customer"), pl.lit(value=True).alias("by_number"))


def _by_amount(lines: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    few = items.with_columns(
        pl.len().over("currency", "open_minor").cast(pl.Int64).alias("amount_bearers")
    ).filter(pl.col("amount_bearers") <= MOST_OF_AN_AMOUNT)
    found = lines.join(few, left_on=["currency", "minor"], right_on=["currency", "open_minor"])
    return found.select("line", "customer", "amount_bearers").unique()
