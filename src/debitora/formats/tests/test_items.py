"""Faulty rows are named with their place, noise is counted, good rows are typed."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from debitora.formats.cells import key_expression
from debitora.formats.faults import MAX_KEPT, Advice, Fault, FaultCode, Faults, fault
from debitora.formats.guess import guess_mapping
from debitora.formats.items import SCHEMA, ItemRows, company_codes, number_twice, read_items
from debitora.formats.tables import read_table
from debitora.values.numbers import number_key

HEADER = "Kunde;Rechnungsnummer;Fälligkeit;Betrag;Währung\n"
GOOD = "1;G1;28.02.2024;1.234,50;EUR\n2;G2;13.02.2024;2.234,50;EUR\n3;G3;14.02.2024;17,00;EUR\n"


def read(text: str, *, currency: str = "EUR") -> tuple[ItemRows, Faults]:
    table, faults = read_table(text.encode())
    assert table is not None, faults
    return read_items(table, guess_mapping(table, currency=currency).mapping)


@pytest.mark.parametrize(
    ("row", "code", "column", "value"),
    [
        ("1;A;31.02.2024;10,00;EUR", FaultCode.DATE_IMPOSSIBLE, "Fälligkeit", "31.02.2024"),
        ("1;A;soon;10,00;EUR", FaultCode.DATE_UNREADABLE, "Fälligkeit", "soon"),
        ("1;A;;10,00;EUR", FaultCode.DUE_MISSING, "Fälligkeit", ""),
        ("1;A;01.02.2024;10.00;EUR", FaultCode.DECIMALS_MIXED, "Betrag", "10.00"),
        ("1;A;01.02.2024;ten;EUR", FaultCode.AMOUNT_UNREADABLE, "Betrag", "ten"),
        ("1;A;01.02.2024;=SUM(A1);EUR", FaultCode.AMOUNT_UNREADABLE, "Betrag", "=SUM(A1)"),
        ("1;A;01.02.2024;;EUR", FaultCode.AMOUNT_MISSING, "Betrag", ""),
        (
            "1;A;01.02.2024;1000000000000000,00;EUR",
            FaultCode.AMOUNT_TOO_LARGE,
            "Betrag",
            "1000000000000000,00",
        ),
        ("1;A;01.02.2024;10,00;XXQ", FaultCode.CURRENCY_UNKNOWN, "Währung", "XXQ"),
        ("1;A;01.02.2024;10,00;", FaultCode.CURRENCY_MISSING, "Währung", ""),
        ("1;;01.02.2024;10,00;EUR", FaultCode.NUMBER_MISSING, "Rechnungsnummer", ""),
        ("1;1,93E+09;01.02.2024;10,00;EUR", FaultCode.NUMBER_SHORTENED, "Rechnungsnummer", "1,93E+09"),
        (";A;01.02.2024;10,00;EUR", FaultCode.CUSTOMER_MISSING, "Kunde", ""),
        ("1;G1;01.02.2024;10,00;EUR", FaultCode.NUMBER_TWICE, "Rechnungsnummer", "G1"),
        ("0001;g1;01.02.2024;10,00;EUR", FaultCode.NUMBER_TWICE, "Rechnungsnummer", "g1"),
    ],
)
def test_a_faulty_row_is_named_with_its_place(row: str, code: FaultCode, column: str, value: str) -> None:
    rows, faults = read(HEADER + GOOD + row + "\n")
    assert [(each.code, each.line, each.column, each.value) for each in faults] == [(code, 5, column, value)]
    assert rows.read == 4
    assert faults.hindering == 1
    if code == FaultCode.NUMBER_TWICE:
        assert dict(faults.kept[0].params) == {"first": "2"}
    else:
        assert rows.frame.height == 3


def test_the_same_number_of_another_customer_or_position_is_no_double() -> None:
    text = "Kunde;Rechnungsnummer;Pos;Fälligkeit;Betrag\n1;A;1;01.02.2024;1,50\n1;A;2;01.02.2024;1,50\n2;A;1;01.02.2024;1,50\n"
    assert not read(text)[1]


def test_company_codes_may_use_the_same_number_until_they_are_chosen() -> None:
    text = "Buchungskreis;Kunde;Rechnungsnummer;Fälligkeit;Betrag\n1000;1;A;13.02.2024;1,50\n2000;1;A;13.02.2024;1,50\n2000;1;B;13.02.2024;1,50\n"
    rows, faults = read(text)
    assert not faults
    assert company_codes(rows.frame) == {"1000": 1, "2000": 2}
    assert number_twice(rows.frame).count(FaultCode.NUMBER_TWICE) == 1


def test_a_credit_without_due_day_is_due_when_it_was_issued() -> None:
    rows, faults = read("Kunde;Rechnungsnummer;Rechnungsdatum;Fälligkeit;Betrag\n1;A;13.02.2024;;-1,50\n")
    assert not faults
    assert rows.frame["due_on"].to_list() == [date(2024, 2, 13)]


def test_noise_is_counted_and_the_total_is_read() -> None:
    text = (
        HEADER
        + GOOD
        + ";;;;\n------;---;---;---;---\nSeite 1;;;;\n"
        + HEADER
        + "2;X;15.02.2024;1,00;EUR\nSumme;;;3.487,00;\n"
    )
    rows, faults = read(text)
    assert not faults
    assert rows.skipped.counts == {"totals": 1, "headers": 1, "breaks": 1, "rules": 1}
    assert (rows.read, rows.frame.height, rows.stated_total_minor) == (4, 4, 348700)
    assert rows.frame["open_minor"].sum() == 348700


def test_a_customer_called_total_is_no_total() -> None:
    rows, _ = read(
        "Kunde;Name;Rechnungsnummer;Fälligkeit;Betrag\n1;Total AG;A;13.02.2024;1,50\n2;Summe GmbH;B;13.02.2024;1,50\n"
    )
    assert (rows.frame.height, rows.skipped.count) == (2, 0)


def test_without_any_currency_each_row_says_so() -> None:
    _, faults = read("Kunde;Rechnungsnummer;Fälligkeit;Betrag\n1;A;13.02.2024;1,50\n", currency="")
    assert faults.count(FaultCode.CURRENCY_MISSING) == 1


def test_the_frame_always_has_all_columns() -> None:
    rows, _ = read(HEADER + GOOD)
    assert rows.frame.schema == SCHEMA
    assert rows.frame["position"].to_list() == ["", "", ""]


def test_a_workbook_mixes_real_and_written_days_and_amounts() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        days = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_row(0, 0, ["Kunde", "Rechnungsnummer", "Fälligkeit", "Betrag"])
        sheet.write_row(1, 0, [10001, 1930573770])
        sheet.write_datetime(1, 2, date(2024, 3, 2), days)
        sheet.write_number(1, 3, 1234.125)
        for place, text in enumerate(["10002", "=R2", "13.04.2024", "1.234,50"]):
            sheet.write_string(2, place, text)
        sheet.write_string(3, 0, "10003")
        sheet.write_string(3, 1, "R3")
        sheet.write_number(3, 2, 45354)
        sheet.write_formula(3, 3, "=D2*2", value=2468.25)
    table, _ = read_table(target.getvalue(), "list.xlsx")
    assert table is not None
    rows, faults = read_items(table, guess_mapping(table, currency="EUR").mapping)
    assert not faults
    assert rows.frame.select("customer_number", "number", "due_on", "open_minor").rows() == [
        ("10001", "1930573770", date(2024, 3, 2), 123413),
        ("10002", "=R2", date(2024, 4, 13), 123450),
        ("10003", "R3", date(2024, 3, 3), 246825),
    ]


def test_faults_are_capped_and_counted() -> None:
    lines = "".join(f"{i};R{i};31.02.2024;1,50;EUR\n" for i in range(2500))
    _, faults = read(HEADER + lines)
    assert (len(list(faults)), faults.total, faults.count(FaultCode.DATE_IMPOSSIBLE)) == (
        MAX_KEPT,
        2500,
        2500,
    )
    assert [each.line for each in faults][:2] == [2, 3]


def test_faults_add_up_in_the_order_of_lines() -> None:
    one = Faults.of([fault(FaultCode.DUE_MISSING, line=3)])
    two = Faults.of([fault(FaultCode.EMAIL_UNREADABLE, line=2, value="x" * 200)])
    both = one + two
    assert [each.line for each in both] == [2, 3]
    assert (both.total, both.hindering, bool(Faults())) == (2, 1, False)
    assert len(both.kept[0].value) == 80


def test_every_code_has_an_advice() -> None:
    assert {Fault(code).advice for code in FaultCode} == set(Advice)


@settings(deadline=None)
@given(st.lists(st.text(max_size=12), min_size=1))
def test_keys_agree_with_number_key(texts: list[str]) -> None:
    keys = pl.DataFrame({"n": texts}).select(key_expression("n")).to_series().to_list()
    assert keys == [number_key(text) for text in texts]


def test_a_corrected_mapping_reads_otherwise() -> None:
    table, _ = read_table(b"Kunde;Rechnungsnummer;Due;Betrag\n1;A;01/02/2024;1,50\n")
    assert table is not None
    mapping = guess_mapping(table, currency="EUR").mapping
    rows, _ = read_items(table, replace(mapping, date_order=mapping.date_order.MDY))
    assert rows.frame["due_on"].to_list() == [date(2024, 1, 2)]
