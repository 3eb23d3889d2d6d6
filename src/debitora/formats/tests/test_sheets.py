"""Exports run nothing when a spreadsheet opens them, and come back as they went out."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debitora.formats.customers import read_customers
from debitora.formats.guess import guess_mapping
from debitora.formats.sheets import GERMAN, PLAIN, csv_bytes, dialect_of, guarded, xlsx_bytes
from debitora.formats.tables import read_table
from debitora.values.money import Money

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "'=1", "''=1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_x01_texts_like_formulas_are_guarded(text: str) -> None:
    assert guarded(text) == "'" + text


@pytest.mark.parametrize("text", ["", "Müller", "5-1", "a=b", "'quoted'", "O'Neill", "😀"])
def test_other_texts_are_left_alone(text: str) -> None:
    assert guarded(text) == text


def test_numbers_are_never_guarded_and_keep_their_decimals() -> None:
    row = [Decimal("-1234.50"), Money(-5, "JPY"), -7, date(2024, 2, 29), True, None, "-5"]
    assert csv_bytes(["a"], [row]).decode().splitlines()[1] == "-1234.50,-5,-7,2024-02-29,1,,'-5"
    german = csv_bytes(["=a"], [row], dialect=GERMAN).decode()
    assert german == "\ufeff'=a\r\n-1234,50;-5;-7;29.02.2024;1;;'-5\r\n"


def test_each_language_has_the_dialect_its_spreadsheets_expect() -> None:
    assert [dialect_of(language).delimiter for language in ("de", "en", "nl", "fr")] == [";", ",", ";", ";"]
    assert dialect_of("en-gb") == PLAIN


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])), st.sampled_from(DANGEROUS)
        ),
        min_size=1,
        max_size=5,
    )
)
def test_x01_no_csv_cell_begins_like_a_formula(texts: list[str]) -> None:
    written = csv_bytes(texts, [texts]).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(written, newline="")):
        assert not any(cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(st.characters(codec="ascii", min_codepoint=32, max_codepoint=126), max_size=20),
            st.sampled_from(DANGEROUS[:4]),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_guarded_texts_come_back(names: list[str]) -> None:
    rows = [(str(index), f"{name.strip()}!", "Ort") for index, name in enumerate(names)]
    table, _ = read_table(csv_bytes(["Kundennummer", "Name", "Ort"], rows, dialect=GERMAN))
    assert table is not None
    found, faults = read_customers(table, guess_mapping(table, subject="customers").mapping)
    assert not faults
    assert found.frame.select("customer_number", "customer_name", "city").rows() == rows


def test_a_workbook_holds_texts_numbers_and_days_by_type() -> None:
    row = [
        *DANGEROUS[:4],
        Decimal("-1234.50"),
        Money(120, "BHD"),
        10**17,
        date(2024, 2, 29),
        datetime(2024, 2, 29, 9, 5),
        True,
        None,
    ]
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(["=head"] + ["h"] * 10, [row], sheet="Items")))
    head, cells = book["Items"].iter_rows()
    assert (head[0].value, head[0].data_type, head[0].font.bold) == ("=head", "s", True)
    assert [cell.value for cell in cells[:4]] == DANGEROUS[:4]
    assert {cell.data_type for cell in cells[:4]} == {"s"}
    assert [(cell.value, cell.number_format) for cell in cells[4:6]] == [
        (-1234.5, "#,##0.00"),
        (0.12, "#,##0.000"),
    ]
    assert (cells[6].value, cells[6].data_type) == ("100000000000000000", "s")
    assert (cells[7].value.date(), cells[7].number_format) == (date(2024, 2, 29), "yyyy-mm-dd")
    assert cells[9].value is True
    assert cells[10].value is None


def test_a_workbook_comes_back() -> None:
    data = xlsx_bytes(["Kunde", "Betrag", "Tag"], [("=1", Decimal("-0.10"), date(2024, 2, 29))])
    table, _ = read_table(data)
    assert table is not None
    assert table.cells.rows() == [(1, "Kunde", "Betrag", "Tag"), (2, "=1", "-0.1", "2024-02-29")]
