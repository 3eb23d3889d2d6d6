"""How a person corrects the reading of a file: fields put on columns, a header on another line, another notation."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import polars as pl

from debitora.formats.fixed import FIXED
from debitora.formats.grid import Table
from debitora.formats.guess import float_shaped
from debitora.formats.headers import HEADER_ROWS
from debitora.formats.mapping import Column, DateOrder, Mapping, Sign, first_line_after

SAMPLE_ROWS: Final = 400
"""Rows of a file that are read to show a person how the file is understood."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the bytes of a file become a table; "" and () let it be recognised. borders belong to delimiter "fixed" alone."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    borders: tuple[int, ...] = ()

    @classmethod
    def of(cls, mapping: Mapping) -> Layout:
        """The layout that a mapping asks for."""
        return cls(mapping.encoding, mapping.delimiter, mapping.sheet, mapping.borders)

    def on(self, mapping: Mapping) -> Mapping:
        """The mapping, read by this layout."""
        return replace(
            mapping,
            encoding=self.encoding,
            delimiter=self.delimiter,
            sheet=self.sheet,
            borders=self.borders if self.delimiter == FIXED else (),
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """What a person said about the columns: field -> column index, the header's line (0: none), and the notation."""

    fields: AnyMapping[str, int]
    header_line: int
    decimal_mark: str
    thousands_mark: str
    date_order: DateOrder
    sign: Sign
    currency: str
    flag_inverted: bool


def corrected(mapping: Mapping, table: Table, reading: Reading) -> Mapping:
    """The mapping as the person wants it; columns get the headers of the line she named."""
    moved = reading.header_line != mapping.header_line
    headers = _cells_of(table, reading.header_line)
    columns = {
        field: Column(index, headers[index] if index < len(headers) else "")
        for field, index in reading.fields.items()
    }
    first_line = _first_line(table, reading.header_line) if moved else mapping.first_line
    return replace(
        mapping,
        columns=columns,
        header_line=reading.header_line,
        first_line=first_line,
        float_shaped=float_shaped(table.below(first_line)[0].head(SAMPLE_ROWS), columns),
        decimal_mark=reading.decimal_mark,
        thousands_mark=reading.thousands_mark,
        date_order=reading.date_order,
        sign=reading.sign,
        currency=reading.currency,
        flag_inverted=reading.flag_inverted,
    )


def unread(layout: Layout, subject: str) -> Mapping:
    """A mapping without columns: it asks to recognise them in a table cut by this layout."""
    return layout.on(Mapping({}, subject=subject))


def pinned(mapping: Mapping, table: Table) -> Mapping:
    """The mapping with the borders at which the table was cut: the next file shall be cut alike, and not recognised anew."""
    return replace(mapping, delimiter=FIXED, borders=table.borders) if table.borders else mapping


def marked_lines(table: Table) -> list[str]:
    """The first lines of a text without separators, a bar where each column begins."""
    starts = [start for start in table.borders if start]
    return [_with_bars(line.expandtabs(8), starts) for line in table.lines]


def _with_bars(line: str, starts: Sequence[int]) -> str:
    pieces = [
        line[start:end] for start, end in pairwise((0, *starts, max(len(line), starts[-1] if starts else 0)))
    ]
    widths = [end - start for start, end in pairwise((0, *starts))]
    return "\N{BOX DRAWINGS LIGHT VERTICAL}".join(
        [*(piece.ljust(width) for piece, width in zip(pieces, widths, strict=False)), pieces[-1]]
    )


def head_of(table: Table, rows: int) -> Table:
    """The table's first rows only."""
    numeric = None if table.numeric is None else table.numeric.head(rows)
    return replace(table, cells=table.cells.head(rows), numeric=numeric)


def header_of(table: Table, mapping: Mapping) -> tuple[str, ...]:
    """What stands above each column; empty texts where the list has no header."""
    cells = _cells_of(table, mapping.header_line)
    return cells or ("",) * table.width


def rows_below(table: Table, mapping: Mapping, most: int) -> list[tuple[int, tuple[str, ...]]]:
    """(line, cells) of the first rows of data, for a look."""
    found = table.cells.filter(pl.col("line") >= mapping.first_line).head(most)
    return [(int(row[0]), tuple(cell or "" for cell in row[1:])) for row in found.iter_rows()]


def _cells_of(table: Table, line: int) -> tuple[str, ...]:
    rows = dict(table.head(HEADER_ROWS))
    return rows.get(line, ())


def _first_line(table: Table, header_line: int) -> int:
    rows = table.head(HEADER_ROWS)
    place = next((index for index, (line, _) in enumerate(rows) if line == header_line), None)
    return 1 if place is None else first_line_after(rows, place)
