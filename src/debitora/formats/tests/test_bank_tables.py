"""Exports of online banking: five languages, signed amounts or two columns, running balances; and what is refused."""

from __future__ import annotations

import io
from datetime import date

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from debitora.formats.bank.statements import BankFile, Line, Reach, Reading, Statement
from debitora.formats.bank.tables import read_bank_table

IBAN = "DE89370400440532013000"
GERMAN = (
    "Auftragskonto;Buchungstag;Valutadatum;Buchungstext;Verwendungszweck;Beguenstigter/Zahlungspflichtiger;"
    "Kontonummer;BLZ;Betrag;Waehrung;Info"
)


def read(text: str, **told: str) -> BankFile:
    return read_bank_table(text.encode(), "export.csv", **told)


def only(text: str, **told: str) -> Statement:
    found = read(text, **told)
    assert list(found.faults) == []
    (one,) = found
    return one


def codes(found: BankFile) -> list[tuple[str, int]]:
    assert not found.statements
    return [(fault.code.value, fault.line) for fault in found.faults]


def test_a_german_export_is_read_with_all_that_it_says() -> None:
    row = f"{IBAN};02.03.26;03.03.26;GUTSCHRIFT;Rechnung  4711;Muster GmbH;DE02 1203 0000 0000 2020 51;BYLADEM1001;1.234,50;EUR;Umsatz gebucht"
    one = only(f"{GERMAN}\n{row}\n")
    assert (one.account, one.currency, one.reach) == (IBAN, "EUR", Reach.EXPORT)
    assert (one.opening_minor, one.closing_minor) == (None, None)
    assert one.lines == (
        Line(
            place=2,
            booked_on=date(2026, 3, 2),
            minor=123_450,
            valued_on=date(2026, 3, 3),
            name="Muster GmbH",
            account="DE02120300000000202051",
            bank="BYLADEM1001",
            text="Rechnung 4711",
            code="GUTSCHRIFT",
        ),
    )


@pytest.mark.parametrize(
    "text",
    [
        "Buchungstag;Verwendungszweck;Betrag;Währung\n02.03.2026;Miete;-10,00;EUR\n13.03.2026;Lohn;25,50;EUR",
        "Date,Description,Paid out,Paid in,Currency\n2026-03-02,Rent,10.00,,EUR\n2026-03-13,Pay,,25.50,EUR",
        "Datum;Omschrijving;Bedrag;Munt\n02-03-2026;Huur;-10,00;EUR\n13-03-2026;Loon;25,50;EUR",
        "Date opération;Libellé;Débit;Crédit;Devise\n02/03/2026;Loyer;-10,00;;EUR\n13/03/2026;Salaire;;25,50;EUR",
        "Fecha operación;Concepto;Importe;Divisa\n02/03/2026;Alquiler;-10,00;EUR\n13/03/2026;Sueldo;25,50;EUR",
        "Boekdatum;Omschrijving;Bedrag;Af Bij;Munt\n20260302;Huur;10,00;Af;EUR\n20260313;Loon;25,50;Bij;EUR",
        "Transaction date,Description,Withdrawals (EUR),Deposits (EUR)\n02/03/2026,Rent,10.00,\n13/03/2026,Pay,,25.50",
    ],
)
def test_headers_of_five_languages_say_the_same(text: str) -> None:
    one = only(text, account=IBAN)
    assert (one.account, one.currency) == (IBAN, "EUR")
    assert [(line.booked_on.day, line.minor) for line in one.lines] == [(2, -1000), (13, 2550)]


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_running_balance_gives_opening_and_closing(newest_first: bool) -> None:
    rows = ["02.03.2026;A;-10,00;90,00", "02.03.2026;B;25,50;115,50", "03.03.2026;C;-15,50;100,00"]
    ordered = rows[::-1] if newest_first else rows
    one = only("\n".join(["Buchungstag;Text;Betrag in EUR;Saldo", *ordered]), account=IBAN)
    assert (one.opening_minor, one.closing_minor, one.difference_minor) == (10_000, 10_000, 0)
    assert [line.text for line in one.lines] == ["A", "B", "C"]


def test_a_row_that_is_missing_shows_in_the_balance() -> None:
    rows = ["02.03.2026;A;-10,00;90,00", "03.03.2026;C;-15,50;100,00"]
    found = read("\n".join(["Buchungstag;Text;Betrag in EUR;Saldo", *rows]), account=IBAN)
    assert [dict(fault.params) for fault in found.faults] == [{"difference": "25.50 EUR"}]
    assert len(found.statements) == 1


def test_each_account_and_each_currency_is_a_statement() -> None:
    rows = [
        "4711;2026-03-02;1.00;EUR",
        "4712;2026-03-02;2.00;EUR",
        "4711;2026-03-02;3.00;USD",
        "4711;2026-03-13;4.00;EUR",
    ]
    found = read("\n".join(["Account number,Booking date,Amount,Currency".replace(",", ";"), *rows]))
    assert [(each.account, each.currency, each.moved_minor) for each in found] == [
        ("4711", "EUR", 500),
        ("4712", "EUR", 200),
        ("4711", "USD", 300),
    ]


def test_what_stands_above_the_header_names_account_and_currency() -> None:
    text = "Account number: 0888 8804068,Owner,: EUR\n\nDate,Label,Amount\n2026-03-02,A,1.00\nBalance at the end,,7.00\n"
    one = only(text)
    assert (one.account, one.currency, one.moved_minor) == ("08888804068", "EUR", 100)


def test_rows_of_text_go_on_with_the_row_above_and_totals_are_none() -> None:
    text = "Date,Description,Amount EUR\n2026-03-02,Card,-6.66\n,  at the shop,\n,TOTAL,-6.66\n"
    one = only(text, account=IBAN)
    assert [(line.minor, line.text) for line in one.lines] == [(-666, "Card at the shop")]


def test_what_is_not_booked_is_left_out_and_counted() -> None:
    text = "Date,Description,Amount EUR,Status\nPending,A,1.00,\n2026-03-02,B,2.00,Booked\n2026-03-02,C,3.00,Pending\n"
    found = read(text, account=IBAN)
    assert [(fault.code.value, fault.line) for fault in found.faults] == [
        ("entry_pending", 2),
        ("entry_pending", 4),
    ]
    assert [line.text for line in found.statements[0].lines] == ["B"]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("Date,Description,Amount EUR\n2026-03-02,A,12..34\n2026-03-02,B,1.25\n", "amount_unreadable", 2),
        ("Date,Description,Amount EUR\n2026-03-02,A,1.005\n2026-03-02,B,1.25\n", "amount_unreadable", 2),
        ("Date,Description,Amount EUR\n2026-03-02,A,\n2026-03-02,B,1.25\n", "amount_missing", 2),
        ("Date,Description,Amount EUR\n2026-02-31,A,1.00\n", "date_impossible", 2),
        ("Date,Description,Amount EUR\n2026-03-02,B,1.25\nyesterday,A,1.00\n", "date_unreadable", 3),
        ("Date,Description,Amount EUR\n2026-03-02,B,1.25\n,A,1.00\n", "bank_rule", 3),
        ("Date,Description,Amount,D/C\n2026-03-02,B,1.25,D\n2026-03-02,B,1.25,X\n", "side_unreadable", 3),
        (
            "Date,Description,Amount,Currency\n2026-03-02,B,1.25,EUR\n2026-03-02,B,1.25,EU\n",
            "currency_unknown",
            3,
        ),
        ("Date,Description,Amount EUR\n2026-03-02,A,1.234\n2026-03-02,B,2.345\n", "decimals_mixed", 0),
        ('Account number,Date,Amount EUR\n"\'""!",2026-03-02,1.25\n', "account_unreadable", 2),
        ("Date,Description,Amount EUR\n2026-03-02,Shop,8.20\n2026-03-02,Paid,+ 9.00\n", "side_unreadable", 0),
        ("Date,Description,Amount EUR\n", "no_rows", 0),
        ("Name;Street\nMuster;Weg 1\n", "not_a_statement", 0),
    ],
)
def test_what_is_wrong_names_its_row(text: str, code: str, line: int) -> None:
    assert codes(read(text, account=IBAN, currency="EUR")) == [(code, line)]


def test_a_table_without_account_or_currency_is_a_fragment() -> None:
    text = "Date,Description,Amount\n2026-03-02,A,1.00\n2026-03-02,B,1.00\n"
    assert codes(read(text, account=IBAN)) == codes(read(text, currency="EUR")) == [("statement_fragment", 0)]


def test_a_workbook_is_read_like_a_text() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["Date", "Description", "Debit", "Credit", "Balance"])
        for row, (minor, balance) in enumerate([(-10.1, 89.9), (25.5, 115.4)], start=1):
            sheet.write_datetime(row, 0, date(2026, 3, row + 1), day)
            sheet.write_row(
                row, 1, ["A", abs(minor) if minor < 0 else "", minor if minor > 0 else "", balance]
            )
    found = read_bank_table(stream.getvalue(), "export.xlsx", account=IBAN, currency="EUR")
    assert (found.reading, list(found.faults)) == (Reading.TABLE, [])
    (one,) = found
    assert [line.minor for line in one.lines] == [-1010, 2550]
    assert (one.opening_minor, one.closing_minor) == (10_000, 11_540)


ROWS = st.lists(st.tuples(st.integers(-(10**11), 10**11), st.integers(1, 28)), min_size=1, max_size=8)


@given(ROWS, st.integers(-(10**11), 10**11))
def test_what_is_written_is_read_back(rows: list[tuple[int, int]], opening: int) -> None:
    def written(minor: int) -> str:
        return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02}"

    lines, balance = ["Date;Description;Amount;Balance"], opening
    for minor, day in sorted(rows, key=lambda row: row[1]):
        balance += minor
        lines.append(f"2026-03-{day:02};Text;{written(minor)};{written(balance)}")
    one = only("\n".join(lines), account=IBAN, currency="EUR")
    assert (one.opening_minor, one.closing_minor, one.difference_minor) == (opening, balance, 0)
    assert sorted(line.minor for line in one.lines) == sorted(minor for minor, _ in rows)
