"""The exported files say what the truth says, in every dialect."""

import csv
import io
import re
from datetime import date, datetime

import polars as pl
import pytest
from openpyxl import load_workbook

from debitora.demo.generator import demo_company
from debitora.demo.lists import DIALECTS, Dialect
from debitora.demo.truth import Truth
from debitora.formats.customers import read_customers
from debitora.formats.guess import guess_mapping
from debitora.formats.items import read_items
from debitora.formats.tables import read_table

DAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def truth() -> Truth:
    return demo_company(on=DAY)


def read(data: bytes, dialect: Dialect) -> list[dict[str, str]]:
    lines = io.StringIO(data.decode(dialect.encoding), newline="")
    if dialect.title:
        assert "Stand 20.11.2026" in lines.readline()
    return list(csv.DictReader(lines, delimiter=dialect.separator))


def minor(text: str, dialect: Dialect, row: dict[str, str]) -> int:
    """Read an amount the slow way, independent of the writer."""
    negative = "-" in text or row.get(dialect.side_header) == dialect.sides[1]
    digits = text.strip("-").replace(dialect.thousands or " ", "").replace(dialect.decimal, "")
    assert text.strip("-")[-3] == dialect.decimal
    return -int(digits) if negative else int(digits)


@pytest.mark.parametrize("name", DIALECTS)
def test_a_list_adds_up_to_the_truth(truth: Truth, name: str) -> None:
    dialect = DIALECTS[name]
    rows = read(truth.list_csv(DAY, dialect=name), dialect)
    expected = truth.list_on(DAY)
    assert len(rows) == len(expected)
    amount, currency = dialect.headers["open_minor"], dialect.headers["currency"]
    for code, bands in truth.aging(DAY).items():
        assert (
            sum(minor(row[amount], dialect, row) for row in rows if row[currency] == code) == bands["total"]
        )
    number, due = dialect.headers["number"], dialect.headers["due_on"]
    assert [row[number] for row in rows] == expected["number"].to_list()
    shown = [datetime.strptime(row[due], dialect.dates).date() for row in rows]
    assert shown == expected["due_on"].to_list()


def test_the_quirks_are_there(truth: Truth) -> None:
    german, sap = truth.list_csv(DAY), truth.list_csv(DAY, dialect="sap_en")
    assert german.startswith(b"\xef\xbb\xbfOPOS-Liste")
    assert "Fälligkeit".encode() in german
    assert b"\t0000010" in b"\t" + sap.split(b"\r\n")[1]
    assert re.search(rb"\d\.\d\d-\t", sap)
    assert re.search(rb"\d,\d{3}\.\d\d\t", sap)
    assert b'"' in truth.list_csv(DAY, dialect="plain_en")


def test_the_workbook_adds_up_to_the_truth(truth: Truth) -> None:
    sheet = load_workbook(io.BytesIO(truth.list_xlsx(DAY)), read_only=True).worksheets[0]
    title, header, *rows = sheet.iter_rows(values_only=True)
    assert "Stand 20.11.2026" in str(title[0])
    open_at, due_at = header.index("Offener Betrag"), header.index("Fälligkeit")
    assert sum(round(row[open_at] * 100) for row in rows) == truth.list_on(DAY)["open_minor"].sum()
    assert [row[due_at].date() for row in rows] == truth.list_on(DAY)["due_on"].to_list()


def test_the_workbook_knows_no_clock(truth: Truth) -> None:
    workbook = load_workbook(io.BytesIO(truth.list_xlsx(DAY)))
    assert workbook.properties.created == datetime(2026, 11, 20)


def test_the_customer_list_names_everybody(truth: Truth) -> None:
    rows = list(csv.DictReader(io.StringIO(truth.customers_csv().decode("utf-8-sig")), delimiter=";"))
    assert [row["Kundennummer"] for row in rows] == truth.customers["number"].to_list()
    assert {row["Kundenart"] for row in rows} == {"Firma", "Privat"}
    assert sum(row["E-Mail"] == "" for row in rows) == truth.customers["email"].null_count()


@pytest.mark.parametrize("name", [*DIALECTS, "xlsx"])
def test_every_dialect_is_recognised_without_help(truth: Truth, name: str) -> None:
    data = truth.list_xlsx(DAY) if name == "xlsx" else truth.list_csv(DAY, dialect=name)
    table, faults = read_table(data, name)
    assert table
    assert not faults
    rows, faults = read_items(table, guess_mapping(table, currency="EUR").mapping)
    assert not faults
    expected = truth.list_on(DAY)
    assert rows.frame["position"].to_list() == expected["position"].cast(pl.String).to_list()
    for column in ("number", "issued_on", "due_on", "currency", "open_minor", "amount_minor"):
        assert rows.frame[column].to_list() == expected[column].to_list(), column


def test_the_customer_list_is_recognised_without_help(truth: Truth) -> None:
    table, _ = read_table(truth.customers_csv(), "Kunden.csv")
    assert table
    mapping = guess_mapping(table, subject="customers").mapping
    rows, faults = read_customers(table, mapping)
    assert not faults
    assert len(rows.frame) == len(truth.customers)
    assert {"parent_number", "customer_kind", "salesperson", "language", "email"} <= set(mapping.columns)
