"""XLSX, XLS and ODS -> a table of text, after the checks of `archives` and `oldbooks`: dates stay dates, numbers lose their noise.

A formula gives the value that the spreadsheet stored for it; a text that looks like a formula is only text.
"""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Final

import polars as pl
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from debitora.formats.archives import archive_fault
from debitora.formats.compound import MAGIC
from debitora.formats.faults import Fault, FaultCode, Faults, fault
from debitora.formats.grid import MAX_COLUMNS, MAX_ROWS, Table, column
from debitora.formats.oldbooks import opened_old_workbook

Cell = int | float | str | bool | time | date | datetime | timedelta

_CHUNK: Final = 20_000


def read_workbook(data: bytes, name: str, *, sheet: str | None) -> tuple[Table | None, Faults]:
    """The chosen sheet, or the first visible one that has rows."""
    data, problem = opened_old_workbook(data) if data.startswith(MAGIC) else (data, archive_fault(data))
    if problem:
        return None, Faults.of([problem])
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return _read_sheet(book, name, sheet)
    except PasswordError:
        return None, Faults.of([fault(FaultCode.WORKBOOK_ENCRYPTED)])
    except (CalamineError, OSError, ValueError):
        return None, Faults.of([fault(FaultCode.WORKBOOK_DAMAGED)])
    except BaseException as broken:
        if not _is_panic(broken):
            raise
        return None, Faults.of([fault(FaultCode.WORKBOOK_DAMAGED)])


def _is_panic(broken: BaseException) -> bool:
    """Whether the library's own code gave up on the bytes; that exception can be named in no other way."""
    return type(broken).__module__ == "pyo3_runtime"


def _read_sheet(book: CalamineWorkbook, name: str, wanted: str | None) -> tuple[Table | None, Faults]:
    names = _visible_sheets(book)
    if wanted is not None and wanted not in names:
        return None, Faults.of([fault(FaultCode.SHEET_UNKNOWN, value=wanted, sheets=", ".join(names))])
    for each in [wanted] if wanted is not None else names:
        sheet = book.get_sheet_by_name(each)
        if sheet.end is None:
            continue
        problem = _size_fault(sheet)
        if problem:
            return None, Faults.of([problem])
        cells, numeric = _cells(sheet)
        return Table(name, cells, numeric, sheet=each, sheets=tuple(names)), Faults()
    return None, Faults.of([fault(FaultCode.EMPTY_FILE)])


def _visible_sheets(book: CalamineWorkbook) -> list[str]:
    return [
        each.name
        for each in book.sheets_metadata
        if each.typ == SheetTypeEnum.WorkSheet and each.visible == SheetVisibleEnum.Visible
    ]


def _size_fault(sheet: CalamineSheet) -> Fault | None:
    height, width = _extent(sheet)
    if width > MAX_COLUMNS:
        return fault(FaultCode.TOO_MANY_COLUMNS, limit=MAX_COLUMNS)
    if height > MAX_ROWS:
        return fault(FaultCode.TOO_MANY_ROWS, limit=MAX_ROWS)
    return None


def _extent(sheet: CalamineSheet) -> tuple[int, int]:
    """(rows, columns) from A1 to the last cell. (`total_height` and `total_width` of the library are one too small.)"""
    row, place = sheet.end or (-1, -1)
    return row + 1, place + 1


def _cells(sheet: CalamineSheet) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(text cells with their rows, which of them are numbers)."""
    _, width = _extent(sheet)
    texts: list[pl.DataFrame] = []
    flags: list[pl.DataFrame] = []
    rows = iter(sheet.to_python(skip_empty_area=False))
    while chunk := list(islice(rows, _CHUNK)):
        columns = list(zip(*chunk, strict=True))
        texts.append(
            pl.DataFrame(
                {column(i): _texts(columns[i]) for i in range(width)}, schema=_schema(width, pl.String)
            )
        )
        flags.append(
            pl.DataFrame(
                {column(i): _numbers(columns[i]) for i in range(width)}, schema=_schema(width, pl.Boolean)
            )
        )
    cells = pl.concat(texts)
    return cells.select(pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).alias("line"), pl.all()), pl.concat(
        flags
    )


def _schema(width: int, kind: type[pl.DataType]) -> dict[str, type[pl.DataType]]:
    return {column(index): kind for index in range(width)}


def _texts(cells: tuple[Cell, ...]) -> list[str | None]:
    return [cell_text(cell) for cell in cells]


def _numbers(cells: tuple[Cell, ...]) -> list[bool]:
    return [type(cell) is float or type(cell) is int for cell in cells]


def cell_text(cell: Cell) -> str | None:
    """A cell as text: numbers with a decimal point and at most 15 digits, days as yyyy-mm-dd, empty as None."""
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float | int):
        return number_text(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    return str(cell)


def number_text(number: float) -> str:
    """A stored number as a spreadsheet shows it: 15 significant digits, no exponent, no trailing zeros."""
    if number == int(number) and abs(number) < 10**15:
        return str(int(number))
    return format(Decimal(f"{number:.15g}"), "f")
