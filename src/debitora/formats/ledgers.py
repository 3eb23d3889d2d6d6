"""Bookings of a ledger -> a table of documents: what DATEV batches and French ledger files have in common.

Bookings of one document (customer, number, side, currency and day) are one row: an invoice over two revenue accounts is
booked twice on its customer. Amounts are kept in cents; the table states them with a decimal point, days as yyyy-mm-dd.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import polars as pl

from debitora.formats.grid import Form, Table, column

ASSUMED_TERM: Final = timedelta(days=30)
"""Where a ledger names no due day: § 286 (3) BGB and art. L441-10 Code de commerce, default after 30 days."""

DOCUMENT_FIELDS: Final = (
    "number", "position", "customer_number", "customer_name", "issued_on", "due_on", "currency", "debit", "credit",
    "amount", "cleared_on", "text",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Booking:
    """One booking on a customer's account. cents: debits positive. cleared_on: the day of its letter, None while it has none."""

    line: int
    number: str
    customer: str
    name: str
    day: date
    due_on: date | None
    currency: str
    cents: int
    text: str = ""
    cleared_on: date | None = None


def documents(bookings: Iterable[Booking]) -> list[Booking]:
    """The bookings of each document as one, in the order of their lines; sums of zero are left out.

    What of a document is settled, and on which day, stays apart from the rest of it.
    """
    found: dict[tuple[str, str, str, bool, date, date | None], Booking] = {}
    for each in bookings:
        key = (each.customer, each.number, each.currency, each.cents > 0, each.day, each.cleared_on)
        first = found.get(key, replace(each, cents=0))
        found[key] = replace(first, cents=first.cents + each.cents, due_on=first.due_on or each.due_on)
    return [each for each in found.values() if each.cents]


def table_of(
    name: str, bookings: Iterable[Booking], *, program: str, words: Mapping[str, str], encoding: str
) -> Table:
    """The documents as a table that needs no mapping by a person. words: field -> what the file calls it."""
    found = documents(bookings)
    form = Form(
        program=program,
        subject="items",
        fields=DOCUMENT_FIELDS,
        headers=tuple(words.get(field, field) for field in DOCUMENT_FIELDS),
        assumes_due=any(each.due_on is None and each.cents > 0 for each in found),
    )
    often = Counter((each.customer, each.number) for each in found)
    rows = [_row(each, is_alone=often[each.customer, each.number] == 1) for each in found]
    return Table(name, cells_of(rows, len(form.fields)), encoding=encoding, form=form)


def cells_of(rows: list[list[object]], width: int) -> pl.DataFrame:
    """Rows of a line and texts as the cells of a table; "" is an empty cell."""
    schema = {"line": pl.UInt32} | {column(index): pl.String for index in range(width)}
    filled = [[row[0], *(cell or None for cell in row[1:])] for row in rows]
    return pl.DataFrame(filled, schema=schema, orient="row").sort("line")


def _row(each: Booking, *, is_alone: bool) -> list[object]:
    """The cells of a document; where its customer has several of its number, its line tells them apart."""
    amount = decimal_text(abs(each.cents))
    due = each.due_on or (each.day + ASSUMED_TERM if each.cents > 0 else each.day)
    return [
        each.line,
        each.number,
        "" if is_alone else str(each.line),
        each.customer,
        each.name,
        each.day.isoformat(),
        due.isoformat(),
        each.currency,
        amount if each.cents > 0 else "",
        amount if each.cents < 0 else "",
        decimal_text(each.cents),
        each.cleared_on.isoformat() if each.cleared_on else "",
        each.text,
    ]


def decimal_text(cents: int) -> str:
    """Cents as a text with a decimal point: -12345 -> "-123.45"."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def cents_of(text: str) -> int | None:
    """An amount with a decimal comma or point and at most two decimals, with or without thousands, as cents; else None."""
    plain = text.strip().replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    sign = -1 if plain.startswith("-") else 1
    whole, mark, decimals = plain.lstrip("+-").replace(",", ".").rpartition(".")
    if not mark:
        whole, decimals = decimals, ""
    whole = whole.replace(".", "")
    if (
        not whole.isdecimal()
        or (decimals and not decimals.isdecimal())
        or len(decimals) > 2
        or len(whole) > 13
    ):
        return None
    return sign * (int(whole) * 100 + int(decimals.ljust(2, "0")))


def day_of(text: str, order: str = "ymd") -> date | None:
    """Eight digits as a day, in the order ymd or dmy; None where no calendar has it."""
    if len(text) != 8 or not text.isdecimal():
        return None
    parts = (text[:4], text[4:6], text[6:]) if order == "ymd" else (text[4:], text[2:4], text[:2])
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        return None
