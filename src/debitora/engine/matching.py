"""Who may have paid a bank line, and for what: for all lines of a company at once.

First the customers: a line points to one by the payer's account, by the number of an item or of herself in the text, by her name, or by
an amount that few items have. Then what she may have paid: the items that are named, one item of just that amount, everything
that is open, everything that was due. What needs a search among sums is left to the caller; how sure an explanation is, too.

Amounts are minor units; a line's are above zero, an item's open sum is below zero for credits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from debitora.engine.frames import Schema, expect
from debitora.engine.mentions import MENTIONS, mentions

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

EXPLANATIONS: Final[Mapping[str, type[pl.DataType] | pl.DataType]] = {
    "line": pl.Int64,
    "customer": pl.Int64,
    "kind": pl.String,
    "items": pl.List(pl.Int64),
    "explained_minor": pl.Int64,
    "rivals": pl.Int64,  # so many equally good answers of this kind this customer has
}
"""What a customer may have paid with a line; `explained_minor` is the line's amount or, for `named_part`, less than is open."""

MOST_CUSTOMERS: Final = 5
MOST_OF_AN_AMOUNT: Final = 20
RARE: Final = 40
"""A word that more customers have in their names tells nothing."""
LEGAL_FORMS: Final = (
    "GMBH",
    "MBH",
    "OHG",
    "UND",
    "GBR",
    "BVBA",
    "SARL",
    "SAS",
    "SNC",
    "VOF",
    "THE",
    "AND",
    "INH",
    "CIE",
)
"""Words that stand in names of all kinds, folded; shorter ones count nowhere."""


def pointers(
    lines: pl.DataFrame, items: pl.DataFrame, customers: pl.DataFrame, payers: pl.DataFrame
) -> pl.DataFrame:
    """Whom each line points to: POINTERS of LINES, ITEMS, CUSTOMERS and PAYERS. Raises WrongFrame."""
    known = expect(items, ITEMS, name="items").collect()
    asked = expect(lines, LINES, name="lines").collect()
    people = expect(customers, CUSTOMERS, name="customers").collect()
    found = [
        _by_payer(asked, expect(payers, PAYERS, name="payers").collect()),
        _by_items(mentioned(asked, known)),
        _by_number(asked, people),
        _by_name(asked, people),
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


def explanations(lines: pl.DataFrame, items: pl.DataFrame, pointing: pl.DataFrame) -> pl.DataFrame:
    """What the customers may have paid: EXPLANATIONS of LINES, ITEMS and POINTERS. Raises WrongFrame."""
    asked = (
        expect(lines, LINES, name="lines")
        .select("line", "currency", "minor", "booked_on", "text", "name")
        .collect()
    )
    known = expect(items, ITEMS, name="items").collect()
    pairs = pointing.select("line", "customer").join(asked, on="line")
    named = (
        mentioned(asked, known)
        .filter("whole")
        .join(pairs.select("line", "customer", "minor"), on=["line", "customer"])
    )
    found = [_named(named), _named_part(named), _one(pairs, known), *_all(pairs, known)]
    return pl.concat(found).select(*EXPLANATIONS).sort("line", "customer", "kind")


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


def _by_name(lines: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    """Rare words of a customer's name that the payer's name has, in percent of her rare words."""
    hers = _words(customers, "customer").with_columns(pl.len().over("word").alias("bearers"))
    rare = hers.filter(pl.col("bearers") <= RARE).with_columns(pl.len().over("customer").alias("words"))
    shared = _words(lines, "line").join(rare, on="word")
    percent = pl.col("word").n_unique().cast(pl.Int64) * 100 // pl.col("words").first().cast(pl.Int64)
    return shared.group_by("line", "customer").agg(percent.alias("name_percent"))


def _words(named: pl.DataFrame, of: str) -> pl.DataFrame:
    folded = pl.col("name").str.normalize("NFKD").str.to_uppercase().str.replace_all(r"\p{M}", "")
    words = folded.str.extract_all(r"[A-Z0-9]{3,}").alias("word")
    told = named.select(of, words).explode("word").drop_nulls().unique()
    return told.filter(~pl.col("word").is_in(LEGAL_FORMS))


def _by_amount(lines: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    few = items.with_columns(
        pl.len().over("currency", "open_minor").cast(pl.Int64).alias("amount_bearers")
    ).filter(pl.col("amount_bearers") <= MOST_OF_AN_AMOUNT)
    found = lines.join(few, left_on=["currency", "minor"], right_on=["currency", "open_minor"])
    return found.select("line", "customer", "amount_bearers").unique()


def _named(named: pl.DataFrame) -> pl.DataFrame:
    """All items that are named, credits among them, come to the amount."""
    found = _gathered(named, "named").filter(pl.col("explained_minor") == pl.col("minor"))
    return found.select(*EXPLANATIONS)


def _named_part(named: pl.DataFrame) -> pl.DataFrame:
    """One item is named, and more of it is open than came in."""
    found = _gathered(named, "named_part").filter(
        pl.col("items").list.len() == 1, pl.col("explained_minor") > pl.col("minor")
    )
    return found.with_columns(explained_minor="minor").select(*EXPLANATIONS)


def _one(pairs: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """One item of just that amount; of several the oldest, and how many there are."""
    found = pairs.join(
        items, left_on=["customer", "currency", "minor"], right_on=["customer", "currency", "open_minor"]
    ).sort("due_on", "item")
    return (
        found.group_by("line", "customer", "minor", maintain_order=True)
        .agg(pl.col("item").first(), pl.len().cast(pl.Int64).alias("rivals"))
        .select(
            "line",
            "customer",
            pl.lit("one").alias("kind"),
            pl.concat_list("item").alias("items"),
            pl.col("minor").alias("explained_minor"),
            "rivals",
        )
    )


def _all(pairs: pl.DataFrame, items: pl.DataFrame) -> list[pl.DataFrame]:
    """Everything that is open, or that was due when the money came, where that is more than one item."""
    hers = pairs.join(items, on=["customer", "currency"])
    due = hers.filter(pl.col("due_on") <= pl.col("booked_on"))
    return [
        _gathered(part, kind)
        .filter(pl.col("explained_minor") == pl.col("minor"), pl.col("items").list.len() > 1)
        .select(*EXPLANATIONS)
        for part, kind in ((hers, "all_open"), (due, "all_due"))
    ]


def _gathered(told: pl.DataFrame, kind: str) -> pl.DataFrame:
    """The items of a line and customer together."""
    return (
        told.sort("item")
        .group_by("line", "customer", "minor", maintain_order=True)
        .agg(pl.col("item").alias("items"), pl.col("open_minor").sum().alias("explained_minor"))
        .with_columns(pl.lit(kind).alias("kind"), pl.lit(1, pl.Int64).alias("rivals"))
    )
