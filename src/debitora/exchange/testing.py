"""Builders for tests: the bytes of lists, and lists on their way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, Final

from django.db import transaction

from debitora.exchange.actions import (
    apply_taken,
    confirm_list,
    correct_mapping,
    open_list,
    preview_list,
    take_list,
)
from debitora.exchange.models import ListImport
from debitora.exchange.rules.columns import Reading, corrected
from debitora.formats.mapping import DateOrder, Sign
from debitora.people.models import Company
from debitora.trail.rules import Actor, system

TESTS = system("tests")
MOMENT = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
ON = date(2026, 11, 18)
HEADER = "Kunde;Name;Belegnummer;Belegdatum;Fällig am;Währung;Offener Betrag"


def a_row(number: str, euros: str, *, customer: str = "10001", due: str = "30.10.2026") -> str:
    """One line of an open-item list in German."""
    return f"{customer};Kunde {customer};{number};10.11.2026;{due};EUR;{euros}"


def a_list_file(rows: Iterable[str]) -> bytes:
    """The bytes of an open-item list."""
    return "\r\n".join([HEADER, *rows, ""]).encode()


def a_list_of(numbers: Iterable[int], *, euros: str = "100,00") -> bytes:
    """The bytes of a list with one item per number, each of its own customer."""
    return a_list_file(a_row(f"R-{number}", euros, customer=str(10_000 + number)) for number in numbers)


def taken(
    company: Company,
    data: bytes,
    *,
    kind: str = "items",
    source: str = "ERP",
    name: str = "opos.csv",
    as_of: date = ON,
    by: Actor = TESTS,
) -> ListImport:
    """A list that was uploaded and recognised."""
    return take_list(
        company=company, kind=kind, source=source, data=data, name=name, as_of=as_of, by=by, at=MOMENT
    )


BY_HAND: Final = Reading(
    fields={"customer_number": 0, "customer_name": 1, "number": 2, "due_on": 3, "open": 4},
    header_line=1,
    decimal_mark=",",
    thousands_mark=".",
    date_order=DateOrder.DMY,
    sign=Sign.DEBIT_POSITIVE,
    currency="EUR",
    flag_inverted=False,
)
"""What a person says of five columns whose headings say nothing."""


def read_by_hand(company: Company, found: ListImport) -> ListImport:
    """The list as BY_HAND reads it, previewed."""
    opened = open_list(company=company, taken=found)
    if opened.table is None:
        raise LookupError("there is no table in the file")
    mapping = corrected(opened.mapping, opened.table, BY_HAND)
    correct_mapping(company=company, list_import=found.id, mapping=mapping, by=TESTS, at=MOMENT)
    preview_list(company=company, list_import=found.id, at=MOMENT)
    found.refresh_from_db()
    return found


def previewed(company: Company, data: bytes, **facts: Any) -> ListImport:
    """A list with its preview; facts as of `taken`."""
    found = taken(company, data, **facts)
    with transaction.atomic():
        preview_list(company=company, list_import=found.id, at=MOMENT)
        found.refresh_from_db()
    return found


def applied(company: Company, data: bytes, *, confirmed: bool = True, **facts: Any) -> ListImport:
    """A list that was applied, whatever guards say."""
    found = previewed(company, data, **facts)
    confirm_list(company=company, list_import=found.id, confirmed=confirmed, by=TESTS, at=MOMENT)
    return apply_taken(company=company, list_import=found.id, by=TESTS, clock=lambda: MOMENT)
