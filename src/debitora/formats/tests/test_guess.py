"""Lists of many programs are recognised: columns, header, notation, sign, currency."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import polars as pl
import pytest

from debitora.formats.faults import FaultCode
from debitora.formats.guess import guess_mapping
from debitora.formats.items import read_items
from debitora.formats.mapping import DateOrder, Proposal, Sign
from debitora.formats.tables import Table, read_table

Row = tuple[str, str, date | None, str, int, bool]


@dataclass(frozen=True)
class Case:
    """A list as a program writes it, and what it says: (number, customer, due, currency, open, is_open)."""

    text: str
    rows: list[Row]
    encoding: str = "utf-8"
    sign: Sign = Sign.DEBIT_POSITIVE
    order: DateOrder = DateOrder.DMY
    ambiguous: tuple[str, ...] = ()
    total: int | None = None
    columns: dict[str, str] = field(default_factory=dict)


def table_of(text: str, encoding: str = "utf-8") -> Table:
    table, faults = read_table(text.encode(encoding))
    assert table is not None, faults
    return table


def proposal_of(text: str) -> Proposal:
    return guess_mapping(table_of(text), currency="EUR")


CASES = {
    "DATEV open items": Case(
        """Debitorenliste;;;;;;;
Stand: 31.12.2024;;;;;;;

Konto;Name;Rechnungsnr.;Rechnungsdatum;Fälligkeit;Soll;Haben;Saldo
10000;Müller & Söhne;RE-1;01.10.2024;31.10.2024;1.190,00;;1.190,00
10000;Müller & Söhne;GS-1;05.10.2024;;;190,00;-190,00
10001;Ärztehaus;RE-2;02.11.2024;02.12.2024;99,50;;99,50
Summe;;;;;1.289,50;190,00;1.099,50
""",
        [
            ("RE-1", "10000", date(2024, 10, 31), "EUR", 119000, True),
            ("GS-1", "10000", date(2024, 10, 5), "EUR", -19000, True),
            ("RE-2", "10001", date(2024, 12, 2), "EUR", 9950, True),
        ],
        encoding="cp1252",
        ambiguous=("currency",),
        total=109950,
        columns={"customer_name": "Name", "issued_on": "Rechnungsdatum", "open": "Saldo"},
    ),
    "DATEV, balance without sign": Case(
        """Konto;Name;Rechnungsnr.;Fälligkeit;Soll;Haben;Saldo
10000;Müller;RE-1;31.10.2024;1.190,00;;1.190,00
10000;Müller;GS-1;30.10.2024;;190,00;190,00
""",
        [
            ("RE-1", "10000", date(2024, 10, 31), "EUR", 119000, True),
            ("GS-1", "10000", date(2024, 10, 30), "EUR", -19000, True),
        ],
        sign=Sign.COLUMNS,
        ambiguous=("currency",),
    ),
    "DATEV, running balance": Case(
        """Konto;Name;Rechnungsnr.;Fälligkeit;Soll;Haben;Saldo
10000;Müller;RE-1;31.10.2024;100,00;;100,00
10000;Müller;RE-2;30.10.2024;50,00;;150,00
10000;Müller;RE-3;30.10.2024;25,00;;175,00
""",
        [
            ("RE-1", "10000", date(2024, 10, 31), "EUR", 10000, True),
            ("RE-2", "10000", date(2024, 10, 30), "EUR", 5000, True),
            ("RE-3", "10000", date(2024, 10, 30), "EUR", 2500, True),
        ],
        sign=Sign.COLUMNS,
        ambiguous=("currency",),
    ),
    "SAP FBL5N, tabs": Case(
        """Belegnummer\tZuordnung\tBelegart\tBelegdatum\tNettofälligkeit\tSoll/Haben-Kennz.\tBetrag in Hauswährung\tHauswährung\tKonto\tBuchungskreis\tText
1800000001\tA1\tRV\t01.02.2024\t02.03.2024\tS\t1.234,56\tEUR\t0000100001\t1000\tx
1600000002\tA1\tDG\t01.02.2024\t01.02.2024\tH\t34,56\tEUR\t0000100001\t1000\t=cmd
""",
        [
            ("1800000001", "0000100001", date(2024, 3, 2), "EUR", 123456, True),
            ("1600000002", "0000100001", date(2024, 2, 1), "EUR", -3456, True),
        ],
        encoding="utf-16",
        sign=Sign.FLAG,
        columns={"company_code": "Buchungskreis", "kind": "Belegart", "currency": "Hauswährung"},
    ),
    "SAP FBL5N, signs beside the flag": Case(
        """Debitor;Belegnummer;Nettofälligkeit;S/H;Betrag in Belegwährung;Belegwährung;Betrag in Hauswährung;Hauswährung
100001;1800000001;02.03.2024;S;1.234,56;USD;1.100,00;EUR
100001;1600000002;01.02.2024;H;34,56-;USD;30,00-;EUR
""",
        [
            ("1800000001", "100001", date(2024, 3, 2), "USD", 123456, True),
            ("1600000002", "100001", date(2024, 2, 1), "USD", -3456, True),
        ],
        columns={"amount": "Betrag in Belegwährung", "currency": "Belegwährung"},
    ),
    "SAP printed list": Case(
        """--------------------------------------------------------------------
|St|Konto |Belegnr   |Art|Belegdat.  |Nettofäll. |Betr. in HW |HWähr|
--------------------------------------------------------------------
|@ |100001|1800000001|RV |01.02.2024 |02.03.2024 |   1.234,56 |EUR  |
|@ |100001|1800000002|DZ |01.02.2024 |           |     234,56-|EUR  |
--------------------------------------------------------------------
|* |      |          |   |           |           |   1.000,00 |EUR  |
--------------------------------------------------------------------
""",
        [
            ("1800000001", "100001", date(2024, 3, 2), "EUR", 123456, True),
            ("1800000002", "100001", date(2024, 2, 1), "EUR", -23456, True),
        ],
        total=100000,
    ),
    "Odoo, as shown": Case(
        """Number,Invoice Partner Display Name,Invoice/Bill Date,Due Date,Tax Excluded Signed,Total Signed,Amount Due Signed,Payment Status,Status
INV/2024/0001,"Azure Interior, LLC",2024-01-05,2024-02-05,100.00,119.00,119.00,Not Paid,Posted
RINV/2024/0001,Deco Addict,2024-01-06,2024-02-06,-10.00,-11.90,-11.90,Not Paid,Posted
INV/2024/0002,Deco Addict,2024-01-06,2024-02-06,10.00,11.90,0.00,Paid,Posted
""",
        [
            ("INV/2024/0001", "Azure Interior, LLC", date(2024, 2, 5), "EUR", 11900, True),
            ("RINV/2024/0001", "Deco Addict", date(2024, 2, 6), "EUR", -1190, True),
            ("INV/2024/0002", "Deco Addict", date(2024, 2, 6), "EUR", 0, False),
        ],
        order=DateOrder.YMD,
        ambiguous=("currency",),
    ),
    "Odoo, technical": Case(
        """name;partner_id;invoice_date;invoice_date_due;amount_total_signed;amount_residual_signed;currency_id;payment_state;move_type
INV/1;Azure Ltd;2024-01-01;2024-02-01;10.5;10.5;EUR;not_paid;out_invoice
INV/2;Azure Ltd;2024-01-01;2024-02-01;10.5;0;EUR;paid;out_invoice
RINV/2;Azure Ltd;2024-01-01;2024-02-01;-10.5;-3.5;EUR;partial;out_refund
""",
        [
            ("INV/1", "Azure Ltd", date(2024, 2, 1), "EUR", 1050, True),
            ("INV/2", "Azure Ltd", date(2024, 2, 1), "EUR", 0, False),
            ("RINV/2", "Azure Ltd", date(2024, 2, 1), "EUR", -350, True),
        ],
        order=DateOrder.YMD,
    ),
    "Lexware": Case(
        """Kd.-Nr.;Firma;Belegnummer;Belegdatum;Fälligkeitsdatum;Bruttobetrag;Offener Betrag;Währung
K10;Wurst KG;RE2024-1;01.02.2024;15.02.2024;1.190,00;190,00;EUR
K11;Brot GbR;RE2024-2;01.02.2024;29.02.2024;11,90;11,90;EUR
""",
        [
            ("RE2024-1", "K10", date(2024, 2, 15), "EUR", 19000, True),
            ("RE2024-2", "K11", date(2024, 2, 29), "EUR", 1190, True),
        ],
        columns={"amount": "Bruttobetrag"},
    ),
    "A spreadsheet with a paid column": Case(
        """Kd-Nr;Firma;Re-Nr;Datum;fällig am;Betrag €;bezahlt
1;Hans Wurst;17;1.2.24;15.2.24;"1.000,00 €";nein
2;Otto AG;18;1.2.24;15.2.24;12,5 €;ja
3;Ute AG;19;1.2.24;15.2.24;12,5 €;
""",
        [
            ("17", "1", date(2024, 2, 15), "EUR", 100000, True),
            ("18", "2", date(2024, 2, 15), "EUR", 0, False),
            ("19", "3", date(2024, 2, 15), "EUR", 1250, True),
        ],
    ),
    "Dutch": Case(
        """factuurnummer;klantnummer;klantnaam;factuurdatum;vervaldatum;openstaand bedrag
2024001;K1;Jansen BV;01-02-2024;02-03-2024;€ 1.234,50
2024002;K2;De Vries;01-02-2024;02-03-2024;€ -5,00
""",
        [
            ("2024001", "K1", date(2024, 3, 2), "EUR", 123450, True),
            ("2024002", "K2", date(2024, 3, 2), "EUR", -500, True),
        ],
    ),
    "French": Case(
        """N° facture;Code client;Nom du client;Date facture;Échéance;Montant TTC;Restant dû;Devise
F1;C1;Société Générale d'Études;01/02/2024;15/03/2024;1 234,50;234,50;EUR
F2;C1;Société Générale d'Études;01/02/2024;15/03/2024;12 234,50;12 234,50;EUR
""",
        [
            ("F1", "C1", date(2024, 3, 15), "EUR", 23450, True),
            ("F2", "C1", date(2024, 3, 15), "EUR", 1223450, True),
        ],
        encoding="cp1252",
    ),
    "Units below the header, pages, quotes everywhere": Case(
        """"Debitor","Rechnung","Rechnungsdatum","Fällig","Betrag","Offen","Währung"
"","","TT.MM.JJJJ","TT.MM.JJJJ","EUR","EUR",""
"D1","R1","24.05.2011","23.06.2011","5.101,98","5.000,00","EUR"
"Seite 1 von 2"
"Debitor","Rechnung","Rechnungsdatum","Fällig","Betrag","Offen","Währung"
"D2","R2","24.05.2011","23.06.2011","1,98","0,50","EUR"
"Gesamtsumme","","","","5.103,96","5.000,50",""
""",
        [
            ("R1", "D1", date(2011, 6, 23), "EUR", 500000, True),
            ("R2", "D2", date(2011, 6, 23), "EUR", 50, True),
        ],
        total=500050,
    ),
    "Without header": Case(
        """10001;Muster GmbH;RE100;01.02.2024;02.03.2024;119,00;EUR
10001;Muster GmbH;RE101;01.02.2024;02.03.2024;1.119,00;EUR
10002;Beispiel AG;RE102;01.03.2024;02.04.2024;19,00;EUR
""",
        [
            ("RE100", "10001", date(2024, 3, 2), "EUR", 11900, True),
            ("RE101", "10001", date(2024, 3, 2), "EUR", 111900, True),
            ("RE102", "10002", date(2024, 4, 2), "EUR", 1900, True),
        ],
        ambiguous=("header",),
    ),
    "Signs reversed": Case(
        "Kunde;Rechnungsnummer;Fälligkeit;Betrag;Währung\n"
        + "".join(f"{i};R{i};15.02.2024;-{i},50;EUR\n" for i in range(1, 10))
        + "10;G1;15.02.2024;7,00;EUR\n",
        [(f"R{i}", str(i), date(2024, 2, 15), "EUR", i * 100 + 50, True) for i in range(1, 10)]
        + [("G1", "10", date(2024, 2, 15), "EUR", -700, True)],
        sign=Sign.DEBIT_NEGATIVE,
        ambiguous=("sign",),
    ),
    "Credit notes only by their type": Case(
        """Customer No,Invoice No,Type,Due Date,Amount,Currency
1,R1,Invoice,2024-02-15,100.00,GBP
1,C1,Credit Note,2024-02-15,30.00,GBP
""",
        [
            ("R1", "1", date(2024, 2, 15), "GBP", 10000, True),
            ("C1", "1", date(2024, 2, 15), "GBP", -3000, True),
        ],
        sign=Sign.KIND,
        order=DateOrder.YMD,
    ),
    "An explicit flag beats a date": Case(
        """cust_number,invoice_id,due_in_date,clear_date,total_open_amount,invoice_currency,isOpen
7,1930573770.0,20200227.0,2020-03-14,10.5,USD,1
7,1930573771.0,20200227.0,2020-03-14,10.5,USD,0
""",
        [
            ("1930573770", "7", date(2020, 2, 27), "USD", 1050, True),
            ("1930573771", "7", date(2020, 2, 27), "USD", 0, False),
        ],
        order=DateOrder.YMD,
    ),
    "A date alone settles": Case(
        """cust_number,doc_id,due_in_date,clear_date,converted_usd
7,1.0,2020-02-27,,10.505
7,2.0,2020-02-27,2020-03-14,10.5
""",
        [("1", "7", date(2020, 2, 27), "USD", 1051, True), ("2", "7", date(2020, 2, 27), "USD", 0, False)],
        order=DateOrder.YMD,
    ),
    "Months first": Case(
        """Customer No,Invoice No,Due Date,Amount,Currency
1,1,02/27/2020,"(1,234.50)",USD
2,2,02/01/2020,"2,234.50",USD
""",
        [
            ("1", "1", date(2020, 2, 27), "USD", -123450, True),
            ("2", "2", date(2020, 2, 1), "USD", 223450, True),
        ],
        order=DateOrder.MDY,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_list_is_recognised(name: str) -> None:
    case = CASES[name]
    table = table_of(case.text, case.encoding)
    proposal = guess_mapping(table, currency="EUR")
    rows, faults = read_items(table, proposal.mapping)
    wanted = rows.frame.select(
        "number", "customer_number", "due_on", "currency", "open_minor", "is_open"
    ).rows()
    assert not proposal.faults
    assert not faults
    assert wanted == case.rows
    assert (proposal.mapping.sign, proposal.mapping.date_order) == (case.sign, case.order)
    assert proposal.ambiguous == case.ambiguous
    assert rows.stated_total_minor == case.total
    assert {name: proposal.mapping.header(name) for name in case.columns} == case.columns


def test_what_a_file_leaves_open_is_said() -> None:
    proposal = proposal_of('Customer,Invoice,Date,Due,Balance\nACME Ltd,1001,01/02/2020,02/03/2020,"1,234"\n')
    assert proposal.ambiguous == ("decimal_mark", "date_order", "currency")


def test_mixed_decimal_marks_are_said_and_refused_by_row() -> None:
    text = "Kunde;Rechnungsnummer;Fälligkeit;Betrag\n1;A;01.03.2024;10,00\n2;B;01.03.2024;12,00\n3;C;01.03.2024;10.00\n"
    proposal = proposal_of(text)
    _, faults = read_items(table_of(text), proposal.mapping)
    assert "decimal_mark" in proposal.ambiguous
    assert [(each.code, each.line, each.column, each.value) for each in faults] == [
        (FaultCode.DECIMALS_MIXED, 4, "Betrag", "10.00")
    ]


def test_a_column_that_is_missing_is_named() -> None:
    proposal = proposal_of("Kunde;Rechnungsnummer;Datum\n1;A;01.03.2024\n")
    assert [dict(each.params)["field"] for each in proposal.faults] == ["due_on", "open"]


def test_a_header_without_rows_is_refused() -> None:
    assert proposal_of("Kunde;Rechnungsnummer;Betrag\n").faults.count(FaultCode.NO_ROWS) == 1


def test_a_long_list_is_judged_by_a_sample_and_read_whole() -> None:
    lines = ["Kunde;Rechnungsnummer;Fälligkeit;Betrag;Währung"]
    lines += [f"{i % 97};R{i};{i % 28 + 1:02}.03.2024;{i % 900},50;EUR" for i in range(50_000)]
    table = table_of("\n".join([*lines, "5;LAST;01.03.2024;1.234.567,50;EUR"]))
    rows, faults = read_items(table, guess_mapping(table).mapping)
    assert not faults
    assert rows.frame.height == 50_001
    assert rows.frame.filter(pl.col("number") == "LAST")["open_minor"].to_list() == [123456750]
