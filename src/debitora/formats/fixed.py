"""Text in columns of fixed width -> a table of text: where columns begin is seen by the blanks that all lines share.

Such lists are printed: titles, rules, page breaks and totals stand between the rows. The borders are found in the lines
that look like rows, and a person may correct them. A border that runs through a number cuts an amount; those lines are kept
with the table, and refused when they turn out to be items.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import polars as pl

from debitora.formats.faults import Fault, FaultCode, fault
from debitora.formats.grid import MAX_COLUMNS, MAX_ROWS, column

FIXED: Final = "fixed"
"""What stands for the delimiter of a list that has none."""

LEAST_COLUMNS: Final = 3
SHOWN_LINES: Final = 8
"""First lines that are kept as they stand in the file, to show the borders in them."""

_SAMPLE_LINES: Final = 400
_LEAST_LINES: Final = 2
_TAB: Final = 8
_RULE: Final = re.compile(r"[\s\-=_*+|.]*")
_GAP: Final = re.compile(r"\S\s{2,}(?=\S)")
_FOREIGN: Final = 0.03  # not money: a share of lines
_MANY_LINES: Final = 8  # from here on one name may fill its column to the last letter
_SINGLE_GAP_LINES: Final = 6
_RARELY: Final = 0.5  # not money: a share of lines
_NEARLY_ALWAYS: Final = 0.95  # not money: a share of lines
_TOGETHER: Final = 0.8  # not money: a share of lines
_SPOTS: Final = 16
_SPOT: Final = 8_000


def find_borders(text: str) -> tuple[int, ...]:
    """Where the columns begin, or () where the text has no columns of fixed width."""
    lines = _row_lines(text)
    if len(lines) < _LEAST_LINES:
        return ()
    width = max(map(len, lines))
    filled = [0] * width
    for line in lines:
        for place, character in enumerate(line):
            filled[place] += character != " "
    bearable = max(int(len(lines) * _FOREIGN), int(len(lines) >= _MANY_LINES))
    gaps = [gap for gap in _gaps(filled, bearable) if _is_border(gap, lines)]
    starts = [_best_cut(gap, filled, len(lines)) for gap in gaps]
    found = (0, *starts)
    return found if len(found) >= LEAST_COLUMNS else ()


def _row_lines(text: str) -> list[str]:
    """The sampled lines that look like rows: most of them have the same number of wide gaps, or nearly."""
    lines = [line.expandtabs(_TAB).rstrip() for line in _sampled(text)]
    chunks = {line: len(_GAP.findall(line)) + 1 for line in lines if not _RULE.fullmatch(line)}
    counted = Counter(count for count in (chunks.get(line, 0) for line in lines) if count >= LEAST_COLUMNS)
    if not counted:
        return []
    usual = max(counted, key=lambda count: (counted[count], count))
    return [line for line in lines if chunks.get(line, 0) >= max(LEAST_COLUMNS, usual - 2)]


def _sampled(text: str) -> list[str]:
    """The first lines, and some from spots all over the text: later amounts may be longer than the first ones."""
    lines = text[: _SAMPLE_LINES * 400].splitlines()[:_SAMPLE_LINES]
    if len(lines) == _SAMPLE_LINES:
        for spot in range(1, _SPOTS + 1):
            start = max(0, len(text) * spot // _SPOTS - _SPOT)
            lines += text[start : start + _SPOT].splitlines()[1:-1]
    return lines


def _gaps(filled: Sequence[int], bearable: int) -> list[tuple[int, int]]:
    """(first, end) of the runs of places that are blank in nearly all lines, between places that are not."""
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for place, count in enumerate(filled):
        if count <= bearable:
            start = place if start is None else start
        elif start is not None:
            runs.append((start, place))
            start = None
    return [run for run in runs if run[0] > 0]


def _is_border(gap: tuple[int, int], lines: Sequence[str]) -> bool:
    """A gap of one blank is a border only where many lines have it and a heading begins behind it."""
    start, end = gap
    if end - start > 1:
        return True
    head = next((line for line in lines if not any(map(str.isdigit, line))), "")
    begins = head[end : end + 1].strip() != "" and head[start:end].strip() == ""
    return len(lines) >= _SINGLE_GAP_LINES and begins


def _best_cut(gap: tuple[int, int], filled: Sequence[int], lines: int) -> int:
    """Where the next column begins.

    Amounts are ragged on their left: room for longer ones is left there, one blank behind the column before. A column whose
    lines begin together begins at the blankest place of the gap, the last one of those, so that no heading is cut.
    """
    start, end = gap
    if filled[end] < lines * _TOGETHER and filled[start] == min(filled[start:end]):
        return start + 1
    blankest = min(range(start, end), key=lambda place: (filled[place], -place))
    return blankest + 1


def cut_fixed(text: str, borders: Sequence[int]) -> tuple[pl.DataFrame | None, pl.DataFrame, Fault | None]:
    """(cells with their lines, the severed lines, why there is no table)."""
    none = pl.DataFrame(schema={"line": pl.UInt32, "value": pl.String})
    starts = sorted({0, *borders})
    if len(starts) > MAX_COLUMNS:
        return None, none, fault(FaultCode.TOO_MANY_COLUMNS, limit=MAX_COLUMNS)
    lines = [line.expandtabs(_TAB) if "\t" in line else line for line in _lines_of(text)]
    if len(lines) > MAX_ROWS:
        return None, none, fault(FaultCode.TOO_MANY_ROWS, limit=MAX_ROWS)
    frame = pl.DataFrame({"text": lines}, schema={"text": pl.String}).select(
        pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).alias("line"), "text"
    )
    return _cells(frame, starts), _severed(frame, starts), None


def _cells(frame: pl.DataFrame, starts: Sequence[int]) -> pl.DataFrame:
    """The lines cut at the borders, all but those that are visibly no rows.

    Where several words are cut and little stands apart, the line is a title: it stands in the first column. A line of one
    or two pieces keeps the word that is cut whole, in the column in which it begins: "Zwischensumme".
    """
    pieces = frame["text"].str.strip_chars().str.count_matches(r"\S\s{2,}") + 1
    cut = _cut_words(frame, starts)
    is_title = (cut > 1) & (pieces * 2 <= len(starts))
    is_total = (cut == 1) & (pieces <= 2)
    rows = frame.filter(~is_title & ~is_total).select("line", *_slices(starts))
    empty = pl.lit(None, dtype=pl.String)
    title = (pl.col("text").str.strip_chars(), *[empty] * (len(starts) - 1))
    titles = frame.filter(is_title).select(
        "line", *(cell.alias(column(index)) for index, cell in enumerate(title))
    )
    totals = [[line, *_with_whole_word(text, starts)] for line, text in frame.filter(is_total).iter_rows()]
    return pl.concat([rows, titles, pl.DataFrame(totals, schema=rows.schema, orient="row")]).sort("line")


def _cut_words(frame: pl.DataFrame, starts: Sequence[int]) -> pl.Series:
    """How many words each line has on both sides of a border; columns that touch in most lines are meant so."""
    total = pl.Series([0], dtype=pl.UInt32).new_from_index(0, frame.height)
    for start in starts[1:]:
        hit = frame.select(pl.col("text").str.slice(start - 1, 2).str.contains(r"^\p{L}{2}$")).to_series()
        reaching = int((frame["text"].str.len_chars() > start).sum())
        if int(hit.sum()) < reaching * _RARELY:
            total = total + hit.cast(pl.UInt32)
    return total


def _with_whole_word(text: str, starts: Sequence[int]) -> list[str | None]:
    """The cells of a line, each border that cuts a word moved behind it."""
    moved = [start + _rest_of_word(text, start) for start in starts]
    ends = [*moved[1:], len(text)]
    return [text[start:end].strip() or None for start, end in zip(moved, ends, strict=True)]


def _rest_of_word(text: str, start: int) -> int:
    """How many letters of a word that began before a border stand behind it."""
    if not text[max(0, start - 1) : start].isalpha():
        return 0
    return next((at for at, each in enumerate(text[start:]) if not each.isalpha()), len(text) - start)


def _lines_of(text: str) -> list[str]:
    """The lines; a form feed, which printed lists have between pages, is a blank."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ").removesuffix("\n").split("\n")


def _slices(starts: Sequence[int]) -> list[pl.Expr]:
    ends = [*pairwise(starts), (starts[-1], None)]
    return [_slice(start, end).alias(column(index)) for index, (start, end) in enumerate(ends)]


def _slice(start: int, end: int | None) -> pl.Expr:
    text = pl.col("text").str.slice(start, None if end is None else end - start).str.strip_chars()
    return pl.when(text != "").then(text)


def _severed(frame: pl.DataFrame, starts: Sequence[int]) -> pl.DataFrame:
    """The lines in which a border has digits on both sides; columns that touch in all lines are meant so."""
    parts: list[pl.DataFrame] = []
    for start in starts[1:]:
        beside = pl.col("text").str.slice(start - 1, 2)
        hit = frame.filter(beside.str.contains(r"^[\d.,][\d]$"))
        reaching = frame.filter(pl.col("text").str.len_chars() > start).height
        if hit.height and hit.height < reaching * _NEARLY_ALWAYS:
            around = pl.col("text").str.slice(max(0, start - 12), 24).str.strip_chars()
            parts.append(hit.select("line", value=around))
    empty = pl.DataFrame(schema={"line": pl.UInt32, "value": pl.String})
    return pl.concat([empty, *parts]).unique("line", keep="first").sort("line")
