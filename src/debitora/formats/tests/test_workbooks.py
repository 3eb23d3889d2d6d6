"""Workbooks: values as they are shown, and bombs refused before anything parses them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import pytest
import xlsxwriter

from debitora.formats.faults import FaultCode
from debitora.formats.tables import read_table
from debitora.formats.workbooks import number_text

WORKBOOK_XML = b"<workbook/>"


def workbook(fill: Callable[[xlsxwriter.Workbook], object]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        fill(book)
    return target.getvalue()


def archive(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return target.getvalue()


def sheet_with(reference: str) -> bytes:
    cells = f'<row r="1"><c r="A1"><v>1</v></c><c r="{reference}"><v>2</v></c></row>'
    return f"<worksheet><sheetData>{cells}</sheetData></worksheet>".encode()


def reason_of(data: bytes) -> tuple[FaultCode, str]:
    table, faults = read_table(data, "list.xlsx")
    assert table is None
    (one,) = faults
    return one.code, dict(one.params).get("reason", "")


def test_cells_become_text_as_they_are_shown() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("List")
        days, moments = (
            book.add_format({"num_format": "dd.mm.yyyy"}),
            book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        )
        sheet.write_string(0, 0, "=1+1")
        sheet.write_string(0, 1, "0017")
        sheet.write_number(0, 2, 0.1 + 0.2)
        sheet.write_number(0, 3, 1930573770)
        sheet.write_datetime(0, 4, date(2020, 2, 29), days)
        sheet.write_datetime(0, 5, datetime(2020, 2, 29, 10, 11, 12), moments)
        sheet.write_formula(2, 0, "=1+1", value=2)
        sheet.write_formula(2, 1, '=HYPERLINK("x")', value="x")
        sheet.write_boolean(2, 2, boolean=True)

    table, faults = read_table(workbook(fill), "list.csv")
    assert table is not None
    assert not faults
    assert table.cells.rows() == [
        (1, "=1+1", "0017", "0.3", "1930573770", "2020-02-29", "2020-02-29 10:11:12"),
        (2, None, None, None, None, None, None),
        (3, "2", "x", "true", None, None, None),
    ]
    assert table.numeric is not None
    assert table.numeric.row(0) == (False, False, True, True, False, False)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1930573770.0, "1930573770"),
        (0.005, "0.005"),
        (1e-7, "0.0000001"),
        (-12.5, "-12.5"),
        (1e20, "100000000000000000000"),
        (1234567.1 * 100, "123456710"),
    ],
)
def test_numbers_lose_their_float_noise(number: float, text: str) -> None:
    assert number_text(number) == text


def test_the_first_visible_sheet_with_rows_is_read_unless_another_is_chosen() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("Empty")
        hidden = book.add_worksheet("Hidden")
        hidden.write(0, 0, "secret")
        hidden.hide()
        book.add_worksheet("List").write(0, 0, "first")
        book.add_worksheet("Other").write(0, 0, "second")

    data = workbook(fill)
    table, _ = read_table(data)
    assert table is not None
    assert (table.sheet, table.sheets, table.cells.row(0)) == (
        "List",
        ("Empty", "List", "Other"),
        (1, "first"),
    )
    table, _ = read_table(data, sheet="Other")
    assert table is not None
    assert table.cells.row(0) == (1, "second")
    assert read_table(data, sheet="Hidden")[1].count(FaultCode.SHEET_UNKNOWN) == 1


def test_an_empty_workbook_is_an_empty_file() -> None:
    assert reason_of(workbook(lambda book: book.add_worksheet())) == (FaultCode.EMPTY_FILE, "")


@pytest.mark.parametrize(
    "reference", ["XFD1048576", "A9999999", "AAAAAAA1", "ZZ1000000", "A99999999999999999999"]
)
def test_a_cell_far_out_does_not_make_a_reader_allocate_the_sheet(reference: str) -> None:
    data = archive({"xl/workbook.xml": WORKBOOK_XML, "xl/worksheets/sheet1.xml": sheet_with(reference)})
    assert reason_of(data) == (FaultCode.ARCHIVE_TOO_LARGE, "cells")


def test_x02_bombs_are_refused_by_what_they_declare() -> None:
    zeros = archive({"xl/workbook.xml": WORKBOOK_XML, "xl/worksheets/sheet1.xml": b"0" * 30_000_000})
    assert reason_of(zeros) == (FaultCode.ARCHIVE_TOO_LARGE, "ratio")
    many = archive({"xl/workbook.xml": WORKBOOK_XML} | {f"xl/{index}": b"" for index in range(2_001)})
    assert reason_of(many) == (FaultCode.ARCHIVE_TOO_LARGE, "members")


def test_x02_bombs_are_refused_by_what_they_hold_though_they_declare_less() -> None:
    data = archive({"xl/workbook.xml": WORKBOOK_XML, "xl/worksheets/sheet1.xml": b"0" * 5_000_000})
    lied = data.replace((5_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    assert lied != data
    assert reason_of(lied)[0] in {FaultCode.ARCHIVE_TOO_LARGE, FaultCode.WORKBOOK_DAMAGED}


def test_other_archives_and_damaged_workbooks_are_refused() -> None:
    data = workbook(lambda book: book.add_worksheet().write(0, 0, 1))
    assert reason_of(archive({"readme.txt": b"hello"}))[0] == FaultCode.NOT_A_TABLE
    assert reason_of(data[: len(data) // 2])[0] == FaultCode.WORKBOOK_DAMAGED
    assert reason_of(data + data)[0] == FaultCode.ARCHIVE_TOO_LARGE
    assert reason_of(archive({"xl/workbook.xml": b"<broken"}))[0] == FaultCode.WORKBOOK_DAMAGED
