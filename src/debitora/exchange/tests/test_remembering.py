"""How a source is read is remembered: once a list was applied, and by a list that changes nothing as well."""

from __future__ import annotations

from datetime import timedelta

from debitora.documents.models import Mapping as Remembered
from debitora.exchange.actions import correct_mapping, open_list, preview_list
from debitora.exchange.models import ListImport
from debitora.exchange.rules.columns import Reading, corrected
from debitora.exchange.testing import MOMENT, ON, TESTS, applied, previewed, taken
from debitora.formats.mapping import DateOrder, Sign
from debitora.people.models import Company

ROWS = ("10001;Kunde;R-1;30.10.2026;100,00", "10001;Kunde;R-2;30.10.2026;50,00")
KNOWN = "Kundennummer;Kunde;Rechnungsnummer;Fälligkeit;Offener Betrag;Währung"
OTHERWISE = Reading(
    fields={"customer_number": 0, "customer_name": 1, "number": 2, "due_on": 3, "open": 4},
    header_line=1,
    decimal_mark=",",
    thousands_mark=".",
    date_order=DateOrder.DMY,
    sign=Sign.DEBIT_POSITIVE,
    currency="EUR",
    flag_inverted=False,
)


def a_file(head: str, *, end: str = "") -> bytes:
    return "\r\n".join([head, *(row + end for row in ROWS), ""]).encode()


def read_by_hand(company: Company, data: bytes) -> ListImport:
    """A file with headings that say nothing, read as a person says, and previewed."""
    found = taken(company, data, as_of=ON + timedelta(days=1))
    opened = open_list(company=company, taken=found)
    mapping = corrected(opened.mapping, opened.table, OTHERWISE)
    correct_mapping(company=company, list_import=found.id, mapping=mapping, by=TESTS, at=MOMENT)
    preview_list(company=company, list_import=found.id, at=MOMENT)
    found.refresh_from_db()
    return found


def test_a_list_that_changes_nothing_teaches_how_its_source_is_read(company: Company) -> None:
    applied(company, a_file(KNOWN, end=";EUR"))
    unchanged = read_by_hand(company, a_file("A;B;C;D;E"))
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
    found = read_by_hand(company, a_file("A;B;C;D;E"))
    assert found.state == "previewed"
    assert not Remembered.objects.exists()
