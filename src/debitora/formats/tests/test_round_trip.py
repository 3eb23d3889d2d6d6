"""A list written in any dialect, notation and sign convention is recognised and says the same."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from debitora.formats.guess import guess_mapping
from debitora.formats.items import read_items
from debitora.formats.tables import read_table
from debitora.values.money import Money

HEADERS: Final = {
    "de": (
        "Kundennummer",
        "Kundenname",
        "Rechnungsnummer",
        "Rechnungsdatum",
        "Fälligkeitsdatum",
        "Offener Betrag",
        "Währung",
    ),
    "en": (
        "Customer No",
        "Customer Name",
        "Invoice Number",
        "Invoice Date",
        "Due Date",
        "Open Amount",
        "Currency",
    ),
    "nl": (
        "Klantnummer",
        "Klantnaam",
        "Factuurnummer",
        "Factuurdatum",
        "Vervaldatum",
        "Openstaand bedrag",
        "Munt",
    ),
    "fr": (
        "N° client",
        "Nom du client",
        "N° facture",
        "Date de facture",
        "Date d'échéance",
        "Montant restant",
        "Devise",
    ),
    "sap": (
        "Debitor",
        "Name 1",
        "Belegnummer",
        "Belegdatum",
        "Nettofälligkeit",
        "Betrag in Belegwährung",
        "Belegwährung",
    ),
}
DATE_FORMATS: Final = (
    "%d.%m.%Y",
    "%d.%m.%y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%Y-%m-%d",
    "%Y%m%d",
    "%Y-%m-%d 00:00:00",
)
ENCODINGS: Final = ("utf-8", "utf-8-sig", "utf-16", "cp1252", "iso8859-15", "cp850")


@dataclass(frozen=True)
class Item:
    """What a row says."""

    customer: str
    name: str
    number: str
    issued_on: date
    due_on: date
    money: Money


@dataclass(frozen=True)
class Notation:
    """How a program writes it."""

    language: str
    delimiter: str
    encoding: str
    decimal_mark: str
    grouped: bool
    trailing_minus: bool
    date_format: str
    sign: str
    quote_all: bool
    titles: int
    end: str


NAMES = st.one_of(
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]),
        min_size=1,
        max_size=12,
    ).map(lambda text: f"Kunde {text} GmbH"),
    st.sampled_from(
        [
            "Müller & Söhne",
            "Société Générale",
            "שלום בע״מ",
            "😀 Smile AG",
            'Der "Laden"; Inh. Otto',
            "=SUM(A1) Ltd",
            "a,b;c|d\te",
        ]
    ),
)
NUMBERS = st.from_regex(r"(RE|INV-|F/)?[0-9]{1,8}", fullmatch=True)
DAYS = st.dates(date(1990, 1, 1), date(2059, 12, 31))
ITEMS = st.lists(
    st.builds(
        Item,
        customer=st.from_regex(r"[DK]?[0-9]{1,7}", fullmatch=True),
        name=NAMES,
        number=NUMBERS,
        issued_on=DAYS,
        due_on=DAYS,
        money=st.builds(
            Money,
            st.one_of(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(-(10**9), 10**12)).filter(
                bool
            ),
            st.sampled_from(["EUR", "USD", "CHF", "JPY", "BHD"]),
        ),
    ),
    min_size=1,
    max_size=12,
    unique_by=(lambda item: (item.customer.lstrip("0"), item.number.lstrip("0").upper())),
)
NOTATIONS = st.builds(
    Notation,
    language=st.sampled_from(sorted(HEADERS)),
    delimiter=st.sampled_from([";", ",", "\t", "|"]),
    encoding=st.sampled_from(ENCODINGS),
    decimal_mark=st.sampled_from([",", "."]),
    grouped=st.booleans(),
    trailing_minus=st.booleans(),
    date_format=st.sampled_from(DATE_FORMATS),
    sign=st.sampled_from(["plain", "flag", "columns"]),
    quote_all=st.booleans(),
    titles=st.integers(0, 3),
    end=st.sampled_from(["\n", "\r\n"]),
)


def amount_text(amount: Decimal, notation: Notation) -> str:
    """The amount in the list's notation."""
    text = format(abs(amount), ",f" if notation.grouped else "f")
    swapped = text.translate(str.maketrans(",.", ".,")) if notation.decimal_mark == "," else text
    if amount >= 0:
        return swapped
    return f"{swapped}-" if notation.trailing_minus else f"-{swapped}"


def written(items: list[Item], notation: Notation) -> str:
    """The list as text."""
    head = list(HEADERS[notation.language])
    extra = {"flag": ["S/H"], "columns": ["Soll", "Haben"]}.get(notation.sign, [])
    if notation.sign == "columns":
        head.pop(5)
    buffer = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if notation.quote_all else csv.QUOTE_MINIMAL
    writer = csv.writer(buffer, delimiter=notation.delimiter, quoting=quoting, lineterminator=notation.end)
    for number in range(notation.titles):
        writer.writerow([f"Open items of 2024, part {number + 1}"])
    writer.writerow(head + extra)
    for item in items:
        row = [
            item.customer,
            item.name,
            item.number,
            *(day.strftime(notation.date_format) for day in (item.issued_on, item.due_on)),
        ]
        amount = item.money.decimal
        shown, size = amount_text(amount, notation), amount_text(abs(amount), notation)
        is_credit = amount < 0
        row += {
            "plain": [shown, item.money.currency],
            "flag": [size, item.money.currency, "H" if is_credit else "S"],
            "columns": [item.money.currency, *(["", size] if is_credit else [size, ""])],
        }[notation.sign]
        writer.writerow(row)
    return buffer.getvalue()


def is_decidable(items: list[Item], notation: Notation) -> bool:
    """Whether the file itself says how to read it; else a person is asked, which other tests show."""
    if notation.decimal_mark == "," and notation.delimiter == "," and not notation.quote_all:
        return False
    if notation.sign == "plain" and sum(1 for item in items if item.money.minor < 0) * 5 >= len(items) * 4:
        return False
    amounts = [amount_text(abs(item.money.decimal), notation) for item in items]
    if not any(text.endswith((f"{notation.decimal_mark}{text[-2:]}",)) for text in amounts):
        return False
    days = [day for item in items for day in (item.issued_on, item.due_on)]
    needs_proof = notation.date_format in {"%d/%m/%Y", "%m/%d/%Y"}
    return not needs_proof or any(day.day > 12 for day in days)


@settings(deadline=None, max_examples=100, print_blob=True)
@given(ITEMS, NOTATIONS)
def test_a_list_in_any_notation_says_the_same(items: list[Item], notation: Notation) -> None:
    assume(is_decidable(items, notation))
    chosen = None if notation.encoding.startswith("utf") else notation.encoding
    try:
        data = written(items, notation).encode(notation.encoding)
    except UnicodeEncodeError:
        data, chosen = written(items, notation).encode(), None
    table, faults = read_table(data, "list.csv", delimiter=notation.delimiter, encoding=chosen)
    assert table is not None, faults
    proposal = guess_mapping(table, currency="EUR")
    rows, faults = read_items(table, proposal.mapping)
    assert not proposal.faults
    assert not faults, list(faults)
    found = rows.frame.select(
        "customer_number", "number", "issued_on", "due_on", "currency", "open_minor"
    ).rows()
    assert found == [
        (item.customer, item.number, item.issued_on, item.due_on, item.money.currency, item.money.minor)
        for item in items
    ]
    if chosen is None:
        assert rows.frame["customer_name"].to_list() == [item.name.replace("\t", " ") for item in items]
