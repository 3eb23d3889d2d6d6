"""How a source is read is remembered: once a list was applied, and by a list that changes nothing as well."""

from __future__ import annotations

from datetime import timedelta

from debitora.documents.models import Mapping as Remembered
from debitora.exchange.models import ListImport
from debitora.exchange.testing import ON, applied, previewed, read_by_hand, taken
from debitora.people.models import Company

ROWS = ("10001;Kunde;R-1;30.10.2026;100,00", "10001;Kunde;R-2;30.10.2026;50,00")
KNOWN = "Kundennummer;Kunde;Rechnungsnummer;Fälligkeit;Offener Betrag;Währung"


def a_file(head: str, *, end: str = "") -> bytes:
    return "\r\n".join([head, *(row + end for row in ROWS), ""]).encode()


def otherwise(company: Company, data: bytes) -> ListImport:
    """The next day's file, with headings that say nothing, as a person reads it."""
    return read_by_hand(company, taken(company, data, as_of=ON + timedelta(days=1)))


def test_a_list_that_changes_nothing_teaches_how_its_source_is_read(company: Company) -> None:
    applied(company, a_file(KNOWN, end=";EUR"))
    unchanged = otherwise(company, a_file("A;B;C;D;E"))
    assert unchanged.state == "nothing"
    assert Remembered.objects.count() == 2
    next_day = previewed(company, a_file("A;B;C;D;E") + b"10001;Kunde;R-3;30.10.2026;70,00\r\n")
    assert next_day.result["remembered"]
    assert next_day.result["counts"]["opened"] == 1


def test_what_is_remembered_is_not_written_anew(company: Company) -> None:
    applied(company, a_file(KNOWN, end=";EUR"))
    again = previewed(company, a_file(KNOWN, end=";EUR") + b"\r\n", as_of=ON + timedelta(days=1))
    assert again.state == "nothing"
    assert Remembered.objects.count() == 1


def test_a_preview_that_would_change_something_teaches_nothing_yet(company: Company) -> None:
    found = otherwise(company, a_file("A;B;C;D;E"))
    assert found.state == "previewed"
    assert not Remembered.objects.exists()
