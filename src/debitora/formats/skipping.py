"""Rows that are no data: blank lines, rules, repeated headers, page breaks, subtotals. They are counted, not read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from debitora.formats import synonyms
from debitora.formats.grid import column
from debitora.formats.mapping import Mapping

_RULE: Final = r"^[\s\-=_*+|.]*$"
_STARS: Final = r"^\s*\*{1,4}\s*$"


@dataclass(frozen=True, slots=True)
class Skipped:
    """How many rows were no data, and the last row of totals (line, cells) if there was one. Blank rows do not count."""

    rules: int = 0
    headers: int = 0
    notes: int = 0
    totals: int = 0
    last_total: tuple[int, tuple[str, ...]] | None = None

    @property
    def count(self) -> int:
        """All of them."""
        return self.rules + self.headers + self.notes + self.totals


def without_noise(
    body: pl.DataFrame, numeric: pl.DataFrame | None, mapping: Mapping
) -> tuple[pl.DataFrame, pl.DataFrame | None, Skipped]:
    """(rows of data, their number marks, what was left out). Rows with a number and a day need no second look."""
    solid = body.select(_is_solid(mapping)).to_series()
    if solid.all():
        return body, numeric, Skipped()
    doubtful = body.filter(~solid)
    kinds = _kinds(doubtful, mapping)
    counts = dict(kinds.value_counts().iter_rows())
    skipped = Skipped(
        rules=counts.get("rule", 0),
        headers=counts.get("header", 0),
        notes=counts.get("note", 0),
        totals=counts.get("total", 0),
        last_total=_last_total(doubtful.filter((kinds == "total").fill_null(value=False))),
    )
    keep = ~body["line"].is_in(doubtful.filter(kinds.is_not_null())["line"].implode())
    return body.filter(keep), None if numeric is None else numeric.filter(keep), skipped


def _is_solid(mapping: Mapping) -> pl.Expr:
    """Whether a row has its number and a day: then it is an item, whatever else it says."""
    number = mapping.column("number")
    if number is None:
        return pl.lit(value=False)
    return (pl.col(column(number.index)).str.contains(r"[^\s*]") & _has_days(mapping)).fill_null(value=False)


def _kinds(rows: pl.DataFrame, mapping: Mapping) -> pl.Series:
    """rule, header, total, note, or null for a row of data."""
    marks = rows.select(
        rule=pl.all_horizontal(_texts(rows).fill_null("").str.contains(_RULE)),
        header=_repeats_header(mapping),
        filled=pl.sum_horizontal(_texts(rows).fill_null("").str.strip_chars() != ""),
        total=_is_total(rows, mapping),
    )
    return marks.select(
        pl.when(pl.col("rule")).then(pl.lit("rule"))
        .when(pl.col("header")).then(pl.lit("header"))
        .when(pl.col("total")).then(pl.lit("total"))
        .when((pl.col("filled") <= 1) & (len(mapping.columns) > 2)).then(pl.lit("note"))
        .alias("kind")
    ).to_series()  # fmt: skip


def _texts(body: pl.DataFrame) -> pl.Expr:
    return pl.col([name for name in body.columns if name != "line"])


def _repeats_header(mapping: Mapping) -> pl.Expr:
    """Whether the mapped cells are the headers again, as printed lists do on each page."""
    named = [each for each in mapping.columns.values() if each.header]
    if len(named) < 2:
        return pl.lit(value=False)
    return pl.all_horizontal(
        (pl.col(column(each.index)).str.strip_chars() == each.header.strip()).fill_null(value=False)
        for each in named
    )


def _is_total(body: pl.DataFrame, mapping: Mapping) -> pl.Expr:
    """A row that begins with a word of totals (or SAP's stars) and has no day."""
    first = pl.coalesce(
        pl.when(pl.col(name).str.strip_chars() != "").then(pl.col(name).str.strip_chars())
        for name in body.columns
        if name != "line"
    )
    word = "|".join(
        sorted({_pattern(word) for word in synonyms.TOTAL_WORDS}, key=lambda each: (-len(each), each))
    )
    says_total = first.str.contains(rf"(?i)^\**\s*(?:{word})(?:\W|$)") | first.str.contains(_STARS)
    return (says_total & ~_has_days(mapping)).fill_null(value=False)


def _pattern(word: str) -> str:
    return r"[\s-]*".join(part for part in word.replace("-", " ").split())


def _has_days(mapping: Mapping) -> pl.Expr:
    days = [each for name in ("due_on", "issued_on") if (each := mapping.column(name))]
    if not days:
        return pl.lit(value=False)
    return pl.any_horizontal(pl.col(column(each.index)).fill_null("").str.contains(r"\d") for each in days)


def _last_total(totals: pl.DataFrame) -> tuple[int, tuple[str, ...]] | None:
    if totals.height == 0:
        return None
    row = totals.row(totals.height - 1)
    return int(row[0]), tuple(cell or "" for cell in row[1:])
