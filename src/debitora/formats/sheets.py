"""Typed rows -> CSV and XLSX that a spreadsheet can open without running anything: texts stay texts, numbers numbers.

A text that begins like a formula (= + - @, tab, carriage return) is guarded by an apostrophe in CSV, where the
spreadsheet decides by the text alone, and written as a string cell in XLSX, where the type decides. Numbers are never
guarded. Reading a guarded CSV with `items` or `customers` takes the apostrophe off again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import xlsxwriter

from debitora.values.money import Money

Value = str | int | Decimal | Money | date | datetime | bool | None
"""What a cell may be. Amounts are Decimal with the currency's scale, or Money; never float."""

_FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MAX_TEXT: Final = 32_767
_MAX_EXACT: Final = 10**15
_MAX_SHEET_ROWS: Final = 1_048_575


class TooManyRows(Exception):
    """More rows than a sheet holds; write CSV instead."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV is written."""

    delimiter: str = ","
    decimal_mark: str = "."
    date_format: str = "%Y-%m-%d"


PLAIN: Final = Dialect()
GERMAN: Final = Dialect(delimiter=";", decimal_mark=",", date_format="%d.%m.%Y")
"""What a German spreadsheet opens by double click."""


def dialect_of(language: str) -> Dialect:
    """The dialect for a reader's language: German, Dutch and French spreadsheets expect semicolon and comma."""
    if language[:2] in {"nl", "fr"}:
        return Dialect(";", ",", "%d-%m-%Y" if language.startswith("nl") else "%d/%m/%Y")
    return GERMAN if language.startswith("de") else PLAIN


def guarded(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula, or for guarded already."""
    bare = text.lstrip("'")
    return (
        f"'{text}"
        if text.lstrip(" ").startswith(_FORMULA_SIGNS) or (bare != text and bare.startswith(_FORMULA_SIGNS))
        else text
    )


def csv_lines(
    headers: Sequence[str], rows: Iterable[Sequence[Value]], *, dialect: Dialect = PLAIN
) -> Iterator[str]:
    """The lines of a CSV one by one, for streaming; the first begins with the UTF-8 mark that spreadsheets look for."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=dialect.delimiter, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([guarded(header) for header in headers])
    yield _taken(buffer)
    for row in rows:
        writer.writerow([_csv_cell(value, dialect) for value in row])
        yield _taken(buffer)


def csv_bytes(headers: Sequence[str], rows: Iterable[Sequence[Value]], *, dialect: Dialect = PLAIN) -> bytes:
    """The whole CSV as UTF-8."""
    return "".join(csv_lines(headers, rows, dialect=dialect)).encode()


def _taken(buffer: io.StringIO) -> str:
    line = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return line


def _csv_cell(value: Value, dialect: Dialect) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.strftime(f"{dialect.date_format} %H:%M:%S")
    if isinstance(value, date):
        return value.strftime(dialect.date_format)
    number = value.decimal if isinstance(value, Money) else value
    return format(number, "f" if isinstance(number, Decimal) else "d").replace(".", dialect.decimal_mark)


def xlsx_bytes(headers: Sequence[str], rows: Iterable[Sequence[Value]], *, sheet: str = "Sheet1") -> bytes:
    """One sheet with a bold, frozen header row; days and amounts typed. Raises TooManyRows.

    Memory stays constant but for the finished file. Numbers of more than 15 digits, which a spreadsheet would round, are
    written as text.
    """
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(sheet[:31])
        formats = _Formats(book)
        page.freeze_panes(1, 0)
        for place, header in enumerate(headers):
            page.write_string(0, place, header, formats.bold)
        for line, row in enumerate(rows, start=1):
            if line > _MAX_SHEET_ROWS:
                raise TooManyRows(str(line))
            for place, value in enumerate(row):
                _write_cell(page, formats, line, place, value)
    return target.getvalue()


class _Formats:
    """The number formats of a workbook, made once each."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[str, xlsxwriter.format.Format] = {}
        self.bold = book.add_format({"bold": True})

    def of(self, pattern: str) -> xlsxwriter.format.Format:
        if pattern not in self._made:
            self._made[pattern] = self._book.add_format({"num_format": pattern})
        return self._made[pattern]


def _write_cell(
    page: xlsxwriter.worksheet.Worksheet, formats: _Formats, line: int, place: int, value: Value
) -> None:
    if value is None:
        return
    if isinstance(value, str):
        page.write_string(line, place, value[:_MAX_TEXT])
    elif isinstance(value, bool):
        page.write_boolean(line, place, value)
    elif isinstance(value, datetime):
        page.write_datetime(line, place, value.replace(tzinfo=None), formats.of("yyyy-mm-dd hh:mm:ss"))
    elif isinstance(value, date):
        page.write_datetime(line, place, value, formats.of("yyyy-mm-dd"))
    else:
        _write_number(page, formats, line, place, value.decimal if isinstance(value, Money) else value)


def _write_number(
    page: xlsxwriter.worksheet.Worksheet, formats: _Formats, line: int, place: int, number: int | Decimal
) -> None:
    exact = Decimal(number)
    if len(exact.normalize().as_tuple().digits) > 15 or abs(exact) >= _MAX_EXACT:
        page.write_string(line, place, format(exact, "f"))
        return
    exponent = exact.as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    page.write_number(line, place, exact, formats.of("#,##0." + "0" * places if places else "0"))
