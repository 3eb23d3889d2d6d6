"""A table of text: what every reader of files gives and every reading of columns takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

MAX_ROWS: Final = 2_000_000
MAX_COLUMNS: Final = 500


@dataclass(frozen=True, slots=True)
class Form:
    """A file whose layout is laid down by its program: its columns need no mapping by a person.

    program: "datev" or "fec". subject: "items" (movements: documents with their days) or "customers". fields: what each
    column holds; headers: what the file calls it. assumes_due: some debits name no due day, and got one by law.
    """

    program: str
    subject: str
    fields: tuple[str, ...]
    headers: tuple[str, ...]
    assumes_due: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as text, header rows included.

    `cells` has a column `line` (UInt32: line of the file, or row of the sheet, 1-based) and the text columns c0, c1, ...
    with null for an empty cell. `numeric` marks, with the same text columns as Boolean, the cells that the workbook
    stores as numbers: their decimal mark is a point whatever the text cells use; None for CSV.

    borders: where the columns of a text without separators begin, counted from 0; `lines` are its first lines as they
    stand in the file, `severed` the lines (`line`, `value`) in which a border runs through a number. readings: encoding
    -> how it reads the first words beyond ASCII, where the encoding had to be guessed. form: of a program's own layout.
    """

    name: str
    cells: pl.DataFrame = field(repr=False)
    numeric: pl.DataFrame | None = field(default=None, repr=False)
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    borders: tuple[int, ...] = ()
    lines: tuple[str, ...] = field(default=(), repr=False)
    severed: pl.DataFrame | None = field(default=None, repr=False)
    readings: Mapping[str, str] = field(default_factory=dict, repr=False)
    form: Form | None = None

    @property
    def width(self) -> int:
        """Number of text columns."""
        return self.cells.width - 1

    @property
    def height(self) -> int:
        """Number of rows, header and blank rows included."""
        return self.cells.height

    def below(self, line: int) -> tuple[pl.DataFrame, pl.DataFrame | None]:
        """Cells and number marks from a line on; rows without any cell are left out."""
        keep = self.cells.select(
            (pl.col("line") >= line) & pl.any_horizontal(pl.exclude("line").is_not_null())
        ).to_series()
        return self.cells.filter(keep), None if self.numeric is None else self.numeric.filter(keep)

    def pieces(self, line: int, rows: int) -> Iterator[tuple[pl.DataFrame, pl.DataFrame | None]]:
        """The same as `below`, in pieces of at most so many rows and at least one, so that what is made of them stays small."""
        start = int((self.cells["line"] < line).sum())
        for place in range(start, max(self.height, start + 1), rows):
            cells = self.cells.slice(place, rows)
            numeric = None if self.numeric is None else self.numeric.slice(place, rows)
            keep = cells.select(pl.any_horizontal(pl.exclude("line").is_not_null())).to_series()
            if keep.all():
                yield cells, numeric
            else:
                yield cells.filter(keep), None if numeric is None else numeric.filter(keep)

    def head(self, rows: int, *, start: int = 0) -> list[tuple[int, tuple[str, ...]]]:
        """(line, cells) of some rows, for previews; an empty cell is ''."""
        return [
            (int(row[0]), tuple(cell or "" for cell in row[1:]))
            for row in self.cells.slice(start, rows).iter_rows()
        ]


def column(index: int) -> str:
    """The name of the text column with this index in `Table.cells`."""
    return f"c{index}"
