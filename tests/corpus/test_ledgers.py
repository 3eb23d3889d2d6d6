"""Ledgers that nobody of this project wrote: DATEV files right and broken, French ledgers, a history of settled invoices.

Sums are held against a reading by the standard library alone.
"""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from debitora.exchange.testing import applied
from debitora.formats.faults import FaultCode
from debitora.formats.guess import guess_mapping
from debitora.formats.items import read_items
from debitora.formats.tables import read_table
from debitora.people.models import Company
from debitora.receivables.queries import balance_as_of, known_from

ROOT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("DEBITORA_CORPUS") or ROOT.parent / "shared" / "corpus")
DATEV, FEC, HISTORY = CORPUS / "ledger-datev", CORPUS / "ledger-fec", CORPUS / "invoices-ibm"

pytestmark = pytest.mark.skipif(not DATEV.is_dir(), reason=f"no corpus at {CORPUS} (set DEBITORA_CORPUS)")


def path_of(folder: Path, name: str) -> Path:
    (found,) = folder.rglob(name)
    return found


ANSWERS = {
    "EXTF_Kontenbeschriftungen.csv": (FaultCode.DATEV_CATEGORY, 1, "Kontenbeschriftungen"),
    "EXTF_Sachkontobeschriftungen.csv": (FaultCode.DATEV_CATEGORY, 1, "Kontenbeschriftungen"),
    "EXTF_Div-Adressen.csv": (FaultCode.DATEV_CATEGORY, 1, "Diverse Adressen"),
    "EXTF_Naturalstapel.csv": (FaultCode.DATEV_CATEGORY, 1, "Natural-Stapel"),
    "EXTF_Wiederkehrende-Buchungen.csv": (FaultCode.DATEV_CATEGORY, 1, "Wiederkehrende Buchungen"),
    "EXTF_Header.csv": (FaultCode.DATEV_RULE, 2, "headings"),
    "broken_quotes.csv": (FaultCode.DATEV_RULE, 1, "financial_year"),
    "encoding_windows1252.csv": (FaultCode.DATEV_RULE, 1, "financial_year"),
    "leading_zero_konto.csv": (FaultCode.DATEV_RULE, 1, "financial_year"),
    "before_belegfeld_fix.csv": (FaultCode.DATEV_RULE, 1, "financial_year"),
    "after_belegfeld_fix.csv": (FaultCode.DATEV_RULE, 1, "financial_year"),
}
"""The golden files of one project have a field too many in their head: the financial year stands in the 14th."""


@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_no_batch_is_refused_by_name_line_and_rule(name: str) -> None:
    code, line, said = ANSWERS[name]
    table, faults = read_table(path_of(DATEV, name).read_bytes(), name)
    assert table is None
    first = next(iter(faults))
    assert (first.code, first.line) == (code, line)
    assert said in dict(first.params).values()


def test_a_list_of_wages_is_a_table_without_anything_open() -> None:
    """It lies beside DATEV files and has no head of one: a table, of which no column is a due day or an open sum."""
    name = "2.csv"
    table, faults = read_table(path_of(DATEV, name).read_bytes(), name)
    assert table is not None
    assert not faults
    missing = guess_mapping(table, currency="EUR").faults
    assert [(fault.code, dict(fault.params)["field"]) for fault in missing] == [
        (FaultCode.COLUMN_MISSING, "due_on"),
        (FaultCode.COLUMN_MISSING, "open"),
    ]


def test_a_batch_gives_the_documents_of_debtors_alone() -> None:
    name = "EXTF_Buchungsstapel.csv"
    table, faults = read_table(path_of(DATEV, name).read_bytes(), name)
    assert table is not None
    assert not faults
    rows, faults = read_items(table, guess_mapping(table, currency="EUR").mapping)
    assert not faults
    assert rows.frame.select("line", "customer_number", "number", "issued_on", "amount_minor").rows() == [
        (4, "10000", "RE201802-135", date(2018, 2, 22), 595_000)
    ]


LEDGERS = {
    "000000000FEC20231231.txt": "\t",
    "111111111FEC20221231.TXT": "|",
    "123456789FEC20500930.txt": "\t",
}


def lines_of(name: str) -> Iterator[dict[str, str]]:
    """The lines on customers' accounts, by the standard library alone."""
    text = (
        path_of(FEC, name).read_bytes().decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    )
    head, *rows = text.split("\n")
    names = head.split(LEDGERS[name])
    for row in rows:
        found = dict(zip(names, row.split(LEDGERS[name]), strict=False))
        if found.get("CompteNum", "").startswith("411"):
            yield {key: value.strip() for key, value in found.items()}


def cents(text: str) -> int:
    return int(Decimal(text.replace(",", ".")) * 100)


def day(text: str) -> date:
    return datetime.strptime(text, "%Y%m%d").date()


def independent_balance(name: str, on: date) -> int:
    """Booked on or before a day, and not lettered by then."""
    total = 0
    for row in lines_of(name):
        begin = day(row["PieceDate"] or row["EcritureDate"])
        letter = row["EcritureLet"] and row["DateLet"]
        if begin <= on and not (letter and max(begin, day(letter)) <= on):
            total += cents(row["Debit"]) - cents(row["Credit"])
    return total


@pytest.mark.parametrize("name", LEDGERS)
def test_a_french_ledger_says_what_was_open_on_any_day(company: Company, name: str) -> None:
    applied(company, path_of(FEC, name).read_bytes(), name=name)
    days = sorted({day(row["PieceDate"] or row["EcritureDate"]) for row in lines_of(name)})
    letters = sorted({day(row["DateLet"]) for row in lines_of(name) if row["DateLet"]})
    asked = [*days[:: max(1, len(days) // 4)], *letters[:: max(1, len(letters) // 4)], max([*days, *letters])]
    found = {on: balance_as_of(on=on).get("EUR", 0) for on in asked}
    assert found == {on: independent_balance(name, on) for on in asked}
    assert known_from() == days[0]


SIX_DAYS = [
    date(2012, 1, 31),
    date(2012, 4, 15),
    date(2012, 8, 1),
    date(2012, 11, 30),
    date(2013, 1, 17),
    date(2013, 2, 25),
]


def settled_invoices() -> list[dict[str, Any]]:
    (path,) = HISTORY.glob("*.csv")
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def month_first(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").date()


def test_a_history_says_what_was_open_on_six_days(company: Company) -> None:
    (path,) = HISTORY.glob("*.csv")
    found = applied(company, path.read_bytes(), name=path.name)
    rows = settled_invoices()
    assert found.result["counts"] == {"opened": len(rows), "settled": len(rows), "unchanged": 0}
    totals: dict[date, int] = defaultdict(int)
    for row in rows:
        for on in SIX_DAYS:
            if month_first(row["InvoiceDate"]) <= on < month_first(row["SettledDate"]):
                totals[on] += cents(row["InvoiceAmount"])
    assert all(totals[on] for on in SIX_DAYS[:5])
    assert {on: balance_as_of(on=on).get("EUR", 0) for on in SIX_DAYS} == {on: totals[on] for on in SIX_DAYS}
    assert known_from() == min(month_first(row["InvoiceDate"]) for row in rows)
