"""Files of every kind on their way through the pages: sheets, borders and encodings are shown, chosen and remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from debitora.exchange.models import ListImport
from debitora.exchange.testing import MOMENT, applied, previewed, taken
from debitora.exchange.tests.test_movements import JANUARY
from debitora.formats.tests.old_excel import ods, ods_cell, ods_row, xls
from debitora.formats.tests.test_printed import PRINTED
from debitora.formats.tests.test_spreadsheets import FILLED_FAR, ROWS
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.models import Item, ItemState

ClientOf = Callable[[User], Client]
HOME = "/c/acme/imports/"
RAGGED = b"0001R-100120261031000119000\n0002R-100220261101000005000\n"


@pytest.fixture(autouse=True)
def _at_the_moment() -> Iterator[None]:
    with clock_at(MOMENT):
        yield


def uploaded(client: Client, data: bytes, name: str) -> Any:
    file = SimpleUploadedFile(name, data)
    form = {"kind": "items", "source": "ERP", "as_of": "18.11.2026", "file": file}
    return client.post(f"{HOME}new/", form, follow=True)


def newest() -> ListImport:
    return ListImport.objects.order_by("-id")[0]


def fields_of(page: Any) -> dict[str, Any]:
    """What the form of the page would post, unchanged."""
    form = page.context["form"]
    return {name: "" if (value := form[name].value()) is None else value for name in form.fields}


def test_a_workbook_of_several_sheets_asks_which_one(
    company: Company, clerk: User, client_of: ClientOf
) -> None:
    client = client_of(clerk)
    page = uploaded(client, xls({"Deckblatt": [("Stand", "heute")], "Posten": ROWS}), "opos.xls")
    text = page.content.decode()
    assert "The workbook has several sheets" in text
    assert "Posten" in text
    found = newest()
    client.post(f"{HOME}{found.id}/columns/", {**fields_of(page), "sheet": "Posten"})
    page = client.get(f"{HOME}{found.id}/columns/")
    assert "R-1" in page.content.decode()
    client.post(f"{HOME}{found.id}/columns/", {**fields_of(page), "preview": "1"})
    found.refresh_from_db()
    assert found.state == "previewed"
    assert found.result["counts"]["opened"] == 2
    assert found.mapping["sheet"] == "Posten"


def test_a_printed_list_shows_its_borders_and_what_it_left_out(
    company: Company, clerk: User, client_of: ClientOf
) -> None:
    client = client_of(clerk)
    page = uploaded(client, PRINTED.encode("cp850"), "opos.prn")
    text = page.content.decode()
    assert "10001   │Müller &amp; Söhne GmbH     │R-1001" in text
    assert "DOS (CP 850): Fällig, Müller, Söhne" in text
    assert "Windows-1252: " not in text  # it cannot read these bytes
    assert "The character encoding cannot be known for certain" in text
    assert fields_of(page)["borders"] == "1 9 33 45 57 68 81"
    client.post(f"{HOME}{newest().id}/columns/", {**fields_of(page), "preview": "1"})
    text = client.get(f"{HOME}{newest().id}/").content.decode()
    assert "Left out as no data: 2 rows of totals, 1 repeated heading, 1 page title, 1 ruled line." in text
    assert newest().result["counts"]["opened"] == 5


def test_borders_are_corrected_and_kept_for_the_next_file(
    company: Company, clerk: User, client_of: ClientOf
) -> None:
    client = client_of(clerk)
    page = uploaded(client, RAGGED, "opos.txt")
    found = newest()
    assert found.state == "refused"
    page = client.get(f"{HOME}{found.id}/columns/")
    layout = {**fields_of(page), "delimiter": "fixed"}
    client.post(f"{HOME}{found.id}/columns/", layout)
    page = client.get(f"{HOME}{found.id}/columns/")
    wrong = client.post(f"{HOME}{found.id}/columns/", {**fields_of(page), "borders": "1 five"})
    assert wrong.status_code == 422
    assert "Write the places as numbers" in wrong.content.decode()
    client.post(f"{HOME}{found.id}/columns/", {**fields_of(page), "borders": "1 5 11 19"})
    found.refresh_from_db()
    assert found.mapping["borders"] == [0, 4, 10, 18]
    page = client.get(f"{HOME}{found.id}/columns/")
    assert "0001│R-1001│20261031│000119000" in page.content.decode()


def test_a_source_is_read_alike_the_next_time(company: Company) -> None:
    applied(company, PRINTED.encode("cp850"), name="opos.prn")
    later = PRINTED.replace("1.190,00", "  190,00").replace("Müller", "Möller")
    second = taken(company, later.encode("cp850"), name="opos.prn")
    assert second.result["remembered"]
    assert second.mapping["borders"] == [0, 8, 32, 44, 56, 67, 80]
    assert Item.objects.count() == 5


def test_a_source_that_changes_its_format_is_recognised_anew(company: Company) -> None:
    applied(company, PRINTED.encode("cp850"), name="opos.prn")
    second = taken(
        company, "Kd-Nr;Firma;Rechnung;Fällig;Offen\n1;A;R-1;31.10.2026;1,00\n".encode(), name="o.csv"
    )
    assert not second.result["remembered"]
    assert second.mapping["delimiter"] == ""
    assert second.state == "uploaded"


BAD = {
    "bomb": (ods({"T": FILLED_FAR}), "opos.ods", "unpacks to far more", "Save the list as CSV"),
    "locked": (
        ods({"T": ods_row([ods_cell("a")])}, manifest="<encryption-data/>"),
        "opos.ods",
        "protected by a password",
        "without a password",
    ),
    "damaged": (xls({"s": ROWS})[:3000], "opos.xls", "damaged", "Save the list as CSV"),
    "letter": (xls({"s": ROWS}).replace("Workbook".encode("utf-16-le"), "Wordbook".encode("utf-16-le")), "a.doc",
               "a document of another program", "Save the list as CSV"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_bad_workbook_is_refused_with_advice_and_nothing_changes(
    company: Company, clerk: User, client_of: ClientOf, case: str
) -> None:
    data, name, said, advice = BAD[case]
    text = uploaded(client_of(clerk), data, name).content.decode()
    assert said in text
    assert advice in text
    assert not ItemState.objects.exists()
    assert newest().state == "refused"


def test_a_number_cut_by_a_border_refuses_the_file_with_its_line(company: Company) -> None:
    applied(company, PRINTED.encode("cp850"), name="opos.prn")
    shifted = PRINTED.replace("R-1003      03.10.2026", "R-10031234567 03.10.26")
    found = previewed(company, shifted.encode("cp850"), name="opos.prn")
    assert found.state == "refused"
    assert found.result["faults"].get("column_cut") == 1
    assert ItemState.objects.filter(open_minor=0).count() == 0


def test_a_booking_batch_needs_no_columns_and_says_what_it_is(
    company: Company, clerk: User, client_of: ClientOf
) -> None:
    client = client_of(clerk)
    page = uploaded(client, JANUARY, "EXTF_Buchungsstapel.csv")
    assert "30 days after the invoice are assumed" in page.content.decode()
    client.post(f"{HOME}{newest().id}/columns/", {**fields_of(page), "preview": "1"})
    text = client.get(f"{HOME}{newest().id}/").content.decode()
    assert "Nothing that is missing in it is settled." in text
    assert newest().result["counts"] == {"opened": 3, "settled": 0, "unchanged": 0}


def test_a_datev_file_of_another_kind_is_refused_by_its_name(
    company: Company, clerk: User, client_of: ClientOf
) -> None:
    data = JANUARY.replace(b"21;", b"20;", 1).replace(b"Buchungsstapel", b"Kontenbeschriftungen", 1)
    text = uploaded(client_of(clerk), data, "EXTF.csv").content.decode()
    assert "This is a DATEV file of another kind: Kontenbeschriftungen." in text
    assert "Export the booking batch (Buchungsstapel, 21)" in text
    assert not ItemState.objects.exists()
