"""Which known numbers stand in texts: invoice and customer numbers in what payers write.

Payers write `RE 4711`, `Rg.-Nr. 004711/4712`, `R-2026/0815`, and banks break a number at the end of a line. So texts and numbers
are compared by their letters and digits alone: a text is cut at everything else, and neighbouring pieces are put together again, up to
four at a time. Zeros
that fill a piece up do not count, nor do the check digits of references: `RE26-049364` is RE26-49364. Half a likeness is one of digits: `4711` for R-4711, `INV4711` for 4711.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from debitora.engine.frames import Schema, expect
from debitora.engine.references import with_carried

SHORTEST: Final = 3
SHORTEST_DIGITS: Final = 4
LONGEST: Final = 35
MOST_PIECES: Final = 4
"""Into so many pieces a number may be broken."""
MOST_BEARERS: Final = 20
"""A number that more targets bear tells nothing of any."""
MOST_TEXT: Final = 2_000
TEXTS: Final[Schema] = {"line": pl.Int64, "text": pl.String}
"""What payers wrote: one row per line, of whose text the first 2,000 characters count."""
NUMBERS: Final[Schema] = {"target": pl.Int64, "number": pl.String}
"""What may be meant: a target may bear several numbers."""
MENTIONS: Final[Schema] = {
    "line": pl.Int64,
    "target": pl.Int64,
    "whole": pl.Boolean,  # all letters and digits of the number stand there, else its longest run of digits
    "bearers": pl.Int64,  # so many targets may be meant by what stands there
}
"""One row per line and target, the strongest."""
_YEAR: Final = r"^(19|20)\d\d$"


def mentions(texts: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """Which targets each line mentions: MENTIONS of TEXTS and NUMBERS. Raises WrongFrame."""
    known = _known(expect(numbers, NUMBERS, name="numbers"))
    read = expect(texts, TEXTS, name="texts").with_columns(pl.col("text").str.slice(0, MOST_TEXT))
    pieces = _pieces(with_carried(read.collect()).lazy())
    said = pl.concat([_whole(_joined(pieces)), _runs(pieces)]).join(known, on="key", how="semi").unique()
    bearers = pl.col("target").n_unique().over("line", "key").cast(pl.Int64).alias("bearers")
    found = (
        said.join(known, on="key", suffix="_known")
        .select("line", "target", "key", (pl.col("whole") & pl.col("whole_known")).alias("whole"))
        .with_columns(bearers)
        .filter(pl.col("bearers") <= MOST_BEARERS)
        .sort("line", "target", ~pl.col("whole"), "bearers")
        .unique(["line", "target"], keep="first", maintain_order=True)
    )
    return found.select(*MENTIONS).collect()


def _known(numbers: pl.LazyFrame) -> pl.LazyFrame:
    """Numbers by their letters and digits, also without the zeros that fill a piece up, and by their longest run of digits."""
    pieces = numbers.with_columns(pl.col("number").str.to_uppercase().str.replace_all(r"[^A-Z0-9]+", " "))
    keys = pieces.select("target", pl.col("number").str.replace_all(" ", "").alias("key"))
    bare = (
        pieces.filter(pl.col("number").str.contains(" 0"))
        .select("target", pl.col("number").str.replace_all(" 0+", "").alias("key"))
        .with_columns(pl.col("key").str.replace_all(" ", ""))
    )
    keys = pl.concat([keys, bare])
    return pl.concat([_whole(keys), _runs(keys)]).unique()


def _pieces(texts: pl.LazyFrame) -> pl.LazyFrame:
    """What lies between all that is neither letter nor digit, in its order."""
    said = pl.col("text").str.to_uppercase().str.extract_all(r"[A-Z0-9]+")
    return texts.select("line", said.alias("key")).explode("key").drop_nulls()


def _joined(pieces: pl.LazyFrame) -> pl.LazyFrame:
    """Single pieces, and up to four neighbours put together, as they stand and without the zeros that fill pieces up."""
    filled = pl.col("key").str.starts_with("0")
    bare = pieces.filter(filled.any().over("line")).with_columns(pl.col("key").str.strip_chars_start("0"))
    return pl.concat([_neighbours(pieces), _neighbours(bare)])


def _neighbours(pieces: pl.LazyFrame) -> pl.LazyFrame:
    line, key = pl.col("line"), pl.col("key")
    following = [key.shift(-by) for by in range(MOST_PIECES)]
    return pl.concat(
        pieces.select(
            "line", pl.concat_str(following[: by + 1]).alias("key"), (line == line.shift(-by)).alias("one")
        )
        .filter("one")
        .select("line", "key")
        for by in range(MOST_PIECES)
    )


def _whole(keys: pl.LazyFrame) -> pl.LazyFrame:
    """Keys with a digit, without leading zeros, as far as they are long enough to tell anything."""
    key = pl.col("key")
    bare = keys.with_columns(key.str.strip_chars_start("0")).filter(
        key.str.contains(r"\d"), key.str.len_chars().is_between(SHORTEST, LONGEST)
    )
    return bare.filter(key.str.contains("[A-Z]") | _telling(key)).with_columns(
        pl.lit(value=True).alias("whole")
    )


def _runs(keys: pl.LazyFrame) -> pl.LazyFrame:
    """The longest run of digits of each key that has letters, too."""
    key = pl.col("key")
    mixed = keys.filter(key.str.contains("[A-Z]"), key.str.contains(r"\d{4}"), key.str.len_chars() <= LONGEST)
    runs = mixed.with_columns(_longest(key.str.extract_all(r"\d+")).str.strip_chars_start("0"))
    return runs.filter(_telling(key)).with_columns(pl.lit(value=False).alias("whole"))


def _telling(digits: pl.Expr) -> pl.Expr:
    """Digits that are more than a counter or a year."""
    return (digits.str.len_chars() >= SHORTEST_DIGITS) & ~digits.str.contains(_YEAR)


def _longest(texts: pl.Expr) -> pl.Expr:
    """The longest of a list of texts, of equally long ones the first."""
    by_length = pl.element().str.len_chars()
    return texts.list.eval(pl.element().sort_by(by_length, descending=True, maintain_order=True)).list.first()
