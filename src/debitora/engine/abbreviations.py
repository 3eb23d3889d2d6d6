"""Numbers as single payers abbreviate them: who is known to write only the last digits of her invoices' numbers names them so.

`00471`, `471` are RE26-00471 for whoever writes its last five digits; for all others they are any number. So only the open items of the
customers for whom a line's account pays are looked at, and what two of them share tells nothing.
"""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from debitora.engine.frames import Schema, expect
from debitora.engine.mentions import MENTIONS

SHORTEST: Final = 3
"""So many digits, without the zeros in front, say something."""
LONGEST: Final = 9
MOST_TEXT: Final = 2_000
KEPT: Final[Schema] = {
    "customer": pl.Int64,
    "kept": pl.Int64,  # so many last digits of a number are written
}
_YEAR: Final = r"^(19|20)\d\d$"


def kept_digits(text: str, number: str) -> int | None:
    """How many of the number's last digits stand in the text as a piece of their own, with its zeros or without; the most that fit.

    None where the number stands there as it is, or none of that.
    """
    if _bare(number) in _bare(text):
        return None
    pieces = re.findall(r"[A-Z0-9]+", text[:MOST_TEXT].upper())
    said = {piece.lstrip("0") for piece in pieces if piece.isdecimal()}
    digits = re.sub(r"\D", "", number)
    for kept in range(min(len(digits), LONGEST), SHORTEST - 1, -1):
        tail = digits[-kept:].lstrip("0")
        if len(tail) >= SHORTEST and tail in said and not re.match(_YEAR, tail):
            return kept
    return None


def _bare(text: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "", text.upper())


def abbreviated(
    lines: pl.DataFrame, items: pl.DataFrame, payers: pl.DataFrame, kept: pl.DataFrame
) -> pl.DataFrame:
    """MENTIONS of items as `matching.mentioned` has them, never whole: LINES name ITEMS of whom PAYERS pay for by what is KEPT of them."""
    asked = expect(kept, KEPT, name="kept").collect()
    told = lines.filter(pl.col("payer") != "").join(payers.join(asked, on="customer"), on="payer")
    said = told.select("line", "currency", "customer", "kept", key=_pieces()).explode("key").drop_nulls()
    tails = items.join(asked, on="customer").with_columns(
        key=pl.col("number").str.replace_all(r"\D", "").str.tail(pl.col("kept"))
    )
    bearers = pl.col("item").n_unique().over("line", "customer", "key").cast(pl.Int64)
    found = (
        _telling(said)
        .unique()
        .join(_telling(tails), on=["customer", "currency", "kept", "key"])
        .with_columns(whole=pl.lit(value=False), bearers=bearers)
        .filter(pl.col("bearers") == 1)
        .rename({"item": "target"})
        .unique(["line", "target"], keep="any")
        .sort("line", "target")
    )
    return found.select(*MENTIONS, "customer", "open_minor", "due_on").rename({"target": "item"})


def _pieces() -> pl.Expr:
    return pl.col("text").str.slice(0, MOST_TEXT).str.to_uppercase().str.extract_all(r"[A-Z0-9]+")


def _telling(keys: pl.DataFrame) -> pl.DataFrame:
    """Rows whose key is of digits, and enough of them, without the zeros in front."""
    key = pl.col("key")
    return keys.with_columns(key.str.strip_chars_start("0")).filter(
        key.str.contains(r"^\d+$"), key.str.len_chars() >= SHORTEST, ~key.str.contains(_YEAR)
    )
