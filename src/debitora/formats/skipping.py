"""Rows that are no data: blank lines, rules, repeated headers, page breaks, subtotals. They are counted, not read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from debitora.formats import synonyms
from debitora.formats.grid import column
from debitora.formats.mapping import Mapping

RULE: Final = r"^[\s\-=_*+|.]*$"
"""A cell in which nothing is written but lines."""

MAX_SHOWN: Final = 200
"""Lines of rows left out that are named one by one."""

_KINDS: Final = ("totals", "headers", "breaks", "notes", "rules")
_STARS: Final = r"^\s*\*{1,4}\s*$"
_PAGE: Final = r"(?i)(?:^|\s)(?:seite|blatt|page|pagina|blz\.?|bladzijde|feuille)\s*:?\s*\d+(?:\s*(?:von|of|van|de|sur|/)\s*\d+)?$"
_DAYS: Final = ("due_on", "issued_on")
_MONEY: Final = ("open", "amount", "debit", "credit")


@dataclass(frozen=True, slots=True)
class Skipped:
    """How many rows were no data, and the last row of totals (line, cells) if there was one. Blank rows do not count.

    breaks: the titles that a printed list repeats on every page. lines: (line, kind) of the first of them, by line, the
    kinds named as in `counts`.
    """

    rules: int = 0
    headers: int = 0
    notes: int = 0
    totals: int = 0
    breaks: int = 0
    last_total: tuple[int, tuple[str, ...]] | None = None
    lines: tuple[tuple[int, str], ...] = ()

    def __add__(self, below: Skipped) -> Skipped:
        """What was left out of two pieces of one list, the second below the first."""
        return Skipped(
            **{kind: getattr(self, kind) + getattr(below, kind) for kind in _KINDS},
            last_total=below.last_total or self.last_total,
            lines=(self.lines + below.lines)[:MAX_SHOWN],
        )

    @property
    def count(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind, without those that do not occur."""
        return {kind: count for kind in _KINDS if (count := getattr(self, kind))}


def without_noise(
    body: pl.DataFrame, numeric: pl.DataFrame | None, mapping: Mapping
) -> tuple[pl.DataFrame, pl.DataFrame | None, Skipped]:
    """(rows of data, their number marks, what was left out). Rows with number, day and amount need no second look."""
    solid = body.select(_is_solid(mapping)).to_series()
    if solid.all():
        return body, numeric, Skipped()
    doubtful = body.filter(~solid)
    kinds = _kinds(doubtful, mapping)
    left_out = doubtful.select("line", kind=kinds + "s").drop_nulls()
    counts: dict[str, int] = dict(left_out["kind"].value_counts().iter_rows())
    skipped = Skipped(
        **counts,
        last_total=_last_total(doubtful.filter((kinds == "total").fill_null(value=False))),
        lines=tuple(left_out.head(MAX_SHOWN).iter_rows()),
    )
    keep = ~body["line"].is_in(left_out["line"].implode())
    return body.filter(keep), None if numeric is None else numeric.filter(keep), skipped


def _is_solid(mapping: Mapping) -> pl.Expr:
    """Whether a row has its number, a day and an amount: then it is an item, whatever else it says."""
    number = mapping.column("number")
    if number is None:
        return pl.lit(value=False)
    has_number = pl.col(column(number.index)).str.contains(r"[^\s*]")
    return (has_number & _has_days(mapping) & _has_money(mapping)).fill_null(value=False)


def _kinds(rows: pl.DataFrame, mapping: Mapping) -> pl.Series:
    """rule, header, total, break, note, or null for a row of data."""
    marks = rows.select(
        rule=pl.all_horizontal(_texts(rows).fill_null("").str.contains(RULE)),
        header=_repeats_header(mapping),
        filled=pl.sum_horizontal(_texts(rows).fill_null("").str.strip_chars() != ""),
        total=_is_total(rows, mapping),
        page=_is_page(rows, mapping),
    )
    return marks.select(
        pl.when(pl.col("rule")).then(pl.lit("rule"))
        .when(pl.col("header")).then(pl.lit("header"))
        .when(pl.col("total")).then(pl.lit("total"))
        .when(pl.col("page")).then(pl.lit("break"))
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
    """A row without a day that begins with a word of totals (or SAP's stars), or names one where its number would stand.

    The row of a customer's subtotal has her number and name first, and the word after them.
    """
    word = "|".join(
        sorted({_pattern(word) for word in synonyms.TOTAL_WORDS}, key=lambda each: (-len(each), each))
    )
    pattern = rf"(?i)^\**\s*(?:{word})(?:\W|$)"
    cells = [_stripped(name) for name in body.columns if name != "line"]
    first = pl.coalesce(pl.when(cell != "").then(cell) for cell in cells)
    says_total = first.str.contains(pattern) | first.str.contains(_STARS)
    number = mapping.column("number")
    if number is not None and mapping.subject == "items":
        own = _stripped(column(number.index)).fill_null("")
        anywhere = pl.any_horizontal(cell.str.contains(pattern).fill_null(value=False) for cell in cells)
        says_total = says_total | (anywhere & ((own == "") | own.str.contains(pattern)))
    return (says_total & ~_has_days(mapping)).fill_null(value=False)


def _is_page(body: pl.DataFrame, mapping: Mapping) -> pl.Expr:
    """A row without an amount in which a cell counts pages: "Seite 2", "page 2 / 7"."""
    cells = [_stripped(name) for name in body.columns if name != "line"]
    counts = pl.any_horizontal(cell.str.contains(_PAGE).fill_null(value=False) for cell in cells)
    return counts & ~_has_money(mapping)


def _stripped(name: str) -> pl.Expr:
    return pl.col(name).str.strip_chars()


def _pattern(word: str) -> str:
    return r"[\s-]*".join(part for part in word.replace("-", " ").split())


def _has_days(mapping: Mapping) -> pl.Expr:
    """Whether one of the days holds a digit."""
    return _any_of(mapping, _DAYS, lambda cell: cell.str.contains(r"\d"))


def _has_money(mapping: Mapping) -> pl.Expr:
    """Whether one of the amounts holds a digit, other than a page's number."""
    return _any_of(mapping, _MONEY, lambda cell: cell.str.contains(r"\d") & ~cell.str.contains(_PAGE))


def _any_of(mapping: Mapping, names: Sequence[str], holds: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
    found = [each for name in names if (each := mapping.column(name))]
    if not found:
        return pl.lit(value=False)
    return pl.any_horizontal(holds(pl.col(column(each.index)).fill_null("")) for each in found)


def _last_total(totals: pl.DataFrame) -> tuple[int, tuple[str, ...]] | None:
    if totals.height == 0:
        return None
    row = totals.row(totals.height - 1)
    return int(row[0]), tuple(cell or "" for cell in row[1:])
