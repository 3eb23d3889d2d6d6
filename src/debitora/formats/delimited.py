"""CSV in any dialect, and text in columns of fixed width -> a table of text.

A file without quotation marks is cut by Polars (a million rows in about a second); every other is cut by Python's csv
module, which knows quoted line breaks, and handed to Polars with separators that stand in no text.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

import polars as pl

from debitora.formats import sniffing
from debitora.formats.encodings import CHOOSABLE, as_utf8, samples
from debitora.formats.faults import Fault, FaultCode, Faults, fault
from debitora.formats.fixed import FIXED, SHOWN_LINES, cut_fixed, find_borders
from debitora.formats.grid import MAX_COLUMNS, MAX_ROWS, Table, column

MAX_LINE: Final = 100_000
"""Bytes of one line as UTF-8, which is as many characters where they are plain."""

if TYPE_CHECKING:
    from _csv import Reader as _Reader

DELIMITERS: Final = (";", ",", "\t", "|")

_SAMPLE_CHARS: Final = 64 * 1024
_SAMPLE_LINES: Final = 300
_LEAST_SHARE: Final = 0.5
_FIELD, _RECORD = "\x1f", "\x1e"
_HINT: Final = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_INSIDE_NUMBER: Final = re.compile(r"(?<=\d),(?=\d)")
_CHUNK: Final = 50_000
_SLACK: Final = 100  # rows that are not items: titles, totals
_MAX_LINES_OF_ROW: Final = 100


class _TooManyRows(Exception):
    """The reading stopped at MAX_ROWS."""


class _QuoteUnclosed(Exception):
    """A row ran over more lines than an address has."""


def read_delimited(
    data: bytes,
    name: str,
    *,
    encoding: str | None,
    delimiter: str | None,
    borders: tuple[int, ...] = (),
) -> tuple[Table | None, Faults]:
    """Decode, recognise the delimiter, cut; (None, faults) where the text is no table."""
    text, used, problem = as_utf8(data, encoding)
    head = text[: 4 * _SAMPLE_CHARS].decode("utf-8", "ignore")
    problem = problem or _text_fault(text, head)
    if problem:
        return None, Faults.of([problem])
    readings = samples(data, CHOOSABLE)
    hint = _HINT.match(head)
    separator = delimiter or (hint.group(1) if hint else None) or find_delimiter(head)
    found = borders or (find_borders(text.decode()) if _may_be_fixed(head, separator, delimiter) else ())
    if separator == FIXED or (found and delimiter is None and not hint):
        return _read_fixed(
            text.decode(), found, Table(name, pl.DataFrame(), encoding=used, readings=readings)
        )
    if separator is None:
        return None, Faults.of([fault(FaultCode.NOT_A_TABLE, kind="prose")])
    cells, problem = _cut(text, head, separator)
    if cells is None:
        return None, Faults.of([problem] if problem else [])
    if hint:
        cells = cells.slice(1)
    return Table(name, cells, encoding=used, delimiter=separator, readings=readings), Faults()


def _may_be_fixed(text: str, separator: str | None, chosen: str | None) -> bool:
    """Whether to look for columns of fixed width: asked for, no separator, or none but the commas inside amounts."""
    if chosen:
        return chosen == FIXED
    if separator is None:
        return True
    sample = text[:_SAMPLE_CHARS]
    if separator == "\t":
        return False
    marks = sample.count(separator)
    inside = len(_INSIDE_NUMBER.findall(sample)) if separator == "," else 0
    lines = max(1, sum(1 for line in sample.splitlines() if line.strip()))
    return inside * 10 >= marks * 9 or marks < lines


def _read_fixed(text: str, borders: tuple[int, ...], about: Table) -> tuple[Table | None, Faults]:
    """Cut by the borders; a text that shows none is one column, for a person to set them."""
    cells, severed, problem = cut_fixed(text, borders)
    if cells is None:
        return None, Faults.of([problem] if problem else [])
    table = replace(
        about,
        cells=cells,
        delimiter=FIXED,
        borders=tuple(sorted({0, *borders})),
        lines=tuple(text.splitlines()[:SHOWN_LINES]),
        severed=severed,
    )
    return table, Faults()


def find_delimiter(text: str) -> str | None:
    """The delimiter by which most lines of the beginning have the same number of cells; None where none does."""
    lines = text[:_SAMPLE_CHARS].splitlines(keepends=True)
    if len(text) > _SAMPLE_CHARS and len(lines) > 1:
        lines.pop()
    scores = {mark: _evenness(lines[:_SAMPLE_LINES], mark) for mark in DELIMITERS}
    best = max(DELIMITERS, key=lambda mark: scores[mark])
    return best if scores[best] > 0 else None


def _evenness(lines: list[str], delimiter: str) -> float:
    """Between 0 and 1: the share of rows that have the usual width, more for wider rows."""
    try:
        widths = Counter(
            len(row) for row in csv.reader(lines, delimiter=delimiter) if any(map(str.strip, row))
        )
    except csv.Error:
        return 0.0
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return 0.0
    usual = max(wide, key=lambda width: (wide[width] * (width - 1), width))
    share = wide[usual] / widths.total()
    is_table = share >= _LEAST_SHARE or (usual >= 4 and wide[usual] >= 2 and share >= 0.2)
    return share * (1 - 1 / usual) if is_table else 0.0


def _text_fault(text: bytes, head: str) -> Fault | None:
    """Why the text is no table, as far as that shows before cutting."""
    nul = text.find(b"\x00")
    if nul >= 0:
        return fault(FaultCode.NUL_BYTES, line=text.count(b"\n", 0, nul) + 1)
    long_line = _first_long_line(text)
    if long_line:
        return fault(FaultCode.LINE_TOO_LONG, line=long_line, limit=MAX_LINE)
    kind = sniffing.text_kind(head)
    return None if kind == sniffing.TEXT else fault(FaultCode.NOT_A_TABLE, kind=kind)


def _first_long_line(text: bytes) -> int:
    """The number of the first line beyond MAX_LINE bytes, or 0. Jumps from one possible end to the next."""
    start = 0
    while len(text) - start > MAX_LINE:
        end = text.rfind(b"\n", start, start + MAX_LINE + 1)
        if end < 0:
            end = text.rfind(b"\r", start, start + MAX_LINE + 1)
        if end < 0:
            return text.count(b"\n", 0, start) + 1
        start = end + 1
    return 0


def _cut(text: bytes, head: str, delimiter: str) -> tuple[pl.DataFrame | None, Fault | None]:
    """Text -> cells with their lines."""
    width = _width(head, delimiter)
    if width > MAX_COLUMNS:
        return None, fault(FaultCode.TOO_MANY_COLUMNS, limit=MAX_COLUMNS)
    if _is_plain(text):
        cells = _cut_plain(text, delimiter, width)
        if cells is not None:
            return _bounded(cells)
    return _cut_quoted(text, delimiter)


def _is_plain(text: bytes) -> bool:
    """Neither quotation marks nor line ends other than (CR) LF, so that every line is one row."""
    return b'"' not in text and text.count(b"\r") == text.count(b"\r\n")


def _width(text: str, delimiter: str) -> int:
    """Cells of the widest line at the beginning (a lower bound for the file)."""
    lines = islice(io.StringIO(text[:_SAMPLE_CHARS], newline=""), _SAMPLE_LINES)
    return max((line.count(delimiter) for line in lines), default=0) + 1


def _cut_plain(text: bytes, delimiter: str, width: int) -> pl.DataFrame | None:
    """One row per line by Polars; None where a later line is wider than the beginning promised."""
    try:
        frame = _split(text, delimiter, "\n", width)
    except (pl.exceptions.ComputeError, pl.exceptions.SchemaError):
        return None
    return frame.select(pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).alias("line"), pl.all())


def _split(data: bytes, separator: str, end: str, width: int) -> pl.DataFrame:
    return pl.read_csv(
        data,
        has_header=False,
        separator=separator,
        eol_char=end,
        quote_char=None,
        infer_schema=False,
        schema={column(index): pl.String for index in range(width)},
        missing_columns="insert",
    )


def _cut_quoted(text: bytes, delimiter: str) -> tuple[pl.DataFrame | None, Fault | None]:
    """Rows by the csv module, with the line on which each begins."""
    stream = io.TextIOWrapper(io.BytesIO(text), "utf-8", newline="")
    reader = csv.reader(stream, delimiter=delimiter)
    starts = [1]
    pieces: list[bytes] = []
    width = 1
    try:
        for rows in _chunks(reader, starts):
            width = max(width, max(map(len, rows)))
            if width > MAX_COLUMNS:
                return None, fault(FaultCode.TOO_MANY_COLUMNS, limit=MAX_COLUMNS)
            pieces.append(_joined(rows))
    except (csv.Error, _QuoteUnclosed):
        return None, fault(FaultCode.QUOTE_UNCLOSED, line=starts[-1])
    except _TooManyRows:
        return None, fault(FaultCode.TOO_MANY_ROWS, limit=MAX_ROWS)
    if text.count(b'"') % 2 and reader.line_num > starts[-2]:
        return None, fault(FaultCode.QUOTE_UNCLOSED, line=starts[-2])
    frame = _split(b"".join(pieces), _FIELD, _RECORD, width)
    return _bounded(frame.select(pl.Series("line", starts[:-1], dtype=pl.UInt32), pl.all()))


def _chunks(reader: _Reader, starts: list[int]) -> Iterator[list[list[str]]]:
    """Rows in bounded pieces; appends to `starts` the line on which the next row begins."""
    chunk: list[list[str]] = []
    for row in reader:
        starts.append(reader.line_num + 1)
        if starts[-1] - starts[-2] > _MAX_LINES_OF_ROW:
            starts.pop()
            raise _QuoteUnclosed
        chunk.append(row)
        if len(chunk) == _CHUNK:
            if len(starts) > MAX_ROWS + _SLACK:
                raise _TooManyRows
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _joined(rows: list[list[str]]) -> bytes:
    """The rows with separators that cannot stand in a cell: where they do, they become blanks."""
    text = _RECORD.join(map(_FIELD.join, rows)) + _RECORD
    expected = sum(max(len(row) - 1, 0) for row in rows)
    if text.count(_FIELD) != expected or text.count(_RECORD) != len(rows):
        clean = [[cell.replace(_FIELD, " ").replace(_RECORD, " ") for cell in row] for row in rows]
        text = _RECORD.join(map(_FIELD.join, clean)) + _RECORD
    return text.encode()


def _bounded(cells: pl.DataFrame) -> tuple[pl.DataFrame | None, Fault | None]:
    if cells.height > MAX_ROWS + _SLACK:
        return None, fault(FaultCode.TOO_MANY_ROWS, limit=MAX_ROWS)
    return cells, None
