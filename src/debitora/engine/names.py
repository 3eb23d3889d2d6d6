"""Whose name a payer's resembles: rare words that both have, also where a letter is wrong, or an umlaut is written out.

A word that does not stand in any customer's name is held against the rare words that share a rare piece of three letters with it;
as close as one typing error in six letters, it counts as that word, less what is wrong with it.
"""

from __future__ import annotations

from typing import Final

import polars as pl
from rapidfuzz.distance import DamerauLevenshtein

RARE: Final = 40
"""A word, or a piece of one, that more customers (or words) have tells nothing."""
LETTERS_A_SLIP: Final = 6
"""One slip (a letter wrong, missing, too much, or two that changed places) in so many letters; shorter words are taken as they stand."""
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


def likenesses(lines: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    """(line, customer, name_percent): of her name's rare words, how much the payer's name has. Frames with line or customer, and name."""
    hers = _words(customers, "customer").with_columns(pl.len().over("word").alias("bearers"))
    rare = hers.filter(pl.col("bearers") <= RARE).with_columns(pl.len().over("customer").alias("words"))
    told = _words(lines, "line")
    alike = _alike(told.select("word").unique(), hers.select("word").unique(), rare.select("word").unique())
    shared = told.join(alike, left_on="word", right_on="told").join(rare, left_on="meant", right_on="word")
    best = shared.group_by("line", "customer", "meant").agg(pl.col("percent").max(), pl.col("words").first())
    percent = pl.col("percent").sum() // pl.col("words").first().cast(pl.Int64)
    return best.group_by("line", "customer").agg(percent.alias("name_percent"))


def _words(named: pl.DataFrame, of: str) -> pl.DataFrame:
    folded = pl.col("name").str.normalize("NFKD").str.to_uppercase().str.replace_all(r"\p{M}", "")
    spelt = folded.str.replace_all("([AOU])E", "$1")
    words = spelt.str.extract_all(r"[A-Z0-9]{3,}").alias("word")
    told = named.select(of, words).explode("word").drop_nulls().unique()
    return told.filter(~pl.col("word").is_in(LEGAL_FORMS))


def _alike(told: pl.DataFrame, known: pl.DataFrame, rare: pl.DataFrame) -> pl.DataFrame:
    """(told, meant, percent): words as they stand; those that nobody has, as the rare ones that they resemble."""
    same = told.join(rare, on="word").select(told="word", meant="word", percent=pl.lit(100, dtype=pl.Int64))
    strange = told.join(known, on="word", how="anti").filter(
        pl.col("word").str.len_chars() >= LETTERS_A_SLIP, ~pl.col("word").str.contains(r"\d")
    )
    pairs = (
        _pieces(strange)
        .join(_pieces(rare).filter(pl.len().over("piece") <= RARE), on="piece", suffix="_meant")
        .select("word", "word_meant")
        .unique()
    )
    guessed = [
        (word, meant, 100 - 100 * slips // len(meant))
        for word, meant in pairs.iter_rows()
        if (slips := DamerauLevenshtein.distance(word, meant)) * LETTERS_A_SLIP <= len(meant)
    ]
    schema = {"told": pl.String, "meant": pl.String, "percent": pl.Int64}
    return pl.concat([same, pl.DataFrame(guessed, schema=schema, orient="row")])


def _pieces(words: pl.DataFrame) -> pl.DataFrame:
    """Each word by its pieces of three letters."""
    length = pl.col("word").str.len_chars().cast(pl.Int64)
    starts = words.filter(length >= 3).with_columns(pl.int_ranges(0, length - 2).alias("start"))
    pieces = starts.explode("start").with_columns(pl.col("word").str.slice(pl.col("start"), 3).alias("piece"))
    return pieces.select("word", "piece").unique()
