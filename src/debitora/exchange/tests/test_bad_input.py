"""Bad input gets a clear answer: the page names the fault, its place and what to do, and nothing is changed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from debitora.exchange.forms import UploadForm, max_upload
from debitora.exchange.models import ListImport
from debitora.exchange.testing import MOMENT, ON, a_list_file, a_list_of, a_row, applied
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.models import Entry, ItemState

ClientOf = Callable[[User], Client]
TEN = range(1, 11)
HOME = "/c/acme/imports/"


@pytest.fixture(autouse=True)
def _at_the_moment() -> Iterator[None]:
    with clock_at(MOMENT):
        yield


def a_zip_bomb() -> bytes:
    """A workbook of some kilobytes whose sheet unpacks to a hundred million."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000_000)
    return packed.getvalue()


def with_a_row(row: str) -> bytes:
    """The list of ten with one more row, in line 12."""
    return a_list_of(TEN).rstrip() + f"\r\n{row}\r\n".encode()


MARKDOWN = b"# Open items\n\nSome **words** about [them](https://example.org).\n\n- one\n- two\n- three\n"
FILES: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "The file is empty.", "Export the file once more"),
    "only blanks": (b" \r\n \r\n", "The file is empty.", "Export the file once more"),
    "markdown": (MARKDOWN, "a text with formatting (Markdown)", "Save the list as CSV"),
    "image": (b"\x89PNG\r\n\x1a\n" + bytes(500), "an image", "Save the list as CSV"),
    "long line": (
        b"Kunde;Name;Nr\r\n1;" + b"x" * 1_000_000 + b";2\r\n",
        "more than 100,000 characters",
        "Export the file once more",
    ),
    "zero bytes": (a_list_of(TEN).replace(b"R-3", b"R\x003"), "zero bytes", "Export the file once more"),
    "zip bomb": (a_zip_bomb(), "unpacks to far more", "Save the list as CSV"),
}
ROWS: dict[str, tuple[str, str, str, str]] = {
    "impossible day": (
        a_row("R-99", "5,00", due="31.02.2026"),
        "31.02.2026",
        "No calendar",
        "Correct the row",
    ),
    "mixed marks": (a_row("R-99", "1234.50"), "1234.50", "another decimal mark", "decimal mark"),
    "too large": (a_row("R-99", "10000000000000,00"), "10000000000000,00", "too large", "Correct the row"),
    "no currency": (a_row("R-99", "5,00").replace("EUR", "XQX"), "XQX", "not a currency", "Correct the row"),
    "formula": (
        a_row("R-99", "=SUM(A1:A9)"),
        "=SUM(A1:A9)",
        "not an amount in the notation",
        "Correct the row",
    ),
    "shortened": (a_row("1,93E+09", "5,00"), "1,93E+09", "digits are lost", "Format the column as text"),
}


def upload(client: Client, data: bytes, name: str = "list.csv", as_of: str = "18.11.2026") -> str:
    """Upload a list as a known source, and read the page that answers."""
    form = {"kind": "items", "source": "ERP", "as_of": as_of, "file": SimpleUploadedFile(name, data)}
    answer = client.post(f"{HOME}new/", form, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def ledger() -> tuple[int, list[tuple[int, int]]]:
    """Number of entries, and what is open of each item."""
    return Entry.objects.count(), list(
        ItemState.objects.order_by("item_id").values_list("item_id", "open_minor")
    )


@pytest.fixture
def before(company: Company) -> tuple[int, list[tuple[int, int]]]:
    """A ledger of ten items, as of the day before."""
    applied(company, a_list_of(TEN), as_of=ON - timedelta(days=1))
    return ledger()


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_list(name: str, before: object, clerk: User, client_of: ClientOf) -> None:
    data, fault, advice = FILES[name]
    page = upload(client_of(clerk), data)
    assert fault in page
    assert advice in page
    assert "nothing was changed" in page
    assert "Traceback" not in page
    assert ListImport.objects.order_by("-id")[0].state == "refused"
    assert ledger() == before


@pytest.mark.parametrize("name", ROWS)
def test_a_row_that_cannot_be_read(name: str, before: object, clerk: User, client_of: ClientOf) -> None:
    row, value, fault, advice = ROWS[name]
    page = upload(client_of(clerk), with_a_row(row))
    for told in (value, fault, advice, "nothing was changed", ">12<"):
        assert told in page
    assert ledger() == before


def test_the_answer_is_in_the_users_language(before: object, clerk: User) -> None:
    client = Client(headers={"accept-language": "de"})
    client.force_login(clerk, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = upload(client, with_a_row(ROWS["impossible day"][0]))
    assert "Diesen Tag gibt es in keinem Kalender." in page
    assert "Berichtigen Sie die Zeile im Quellsystem" in page


def test_a_list_from_last_month(before: object, clerk: User, client_of: ClientOf) -> None:
    rows = [
        a_row(f"R-{n}", "100,00", customer=str(10_000 + n)).replace("10.11.2026", "09.10.2026") for n in TEN
    ]
    rows[0] = rows[0].replace("100,00", "90,00")
    client = client_of(clerk)
    assert "The newest invoice in the list is of 09/10/2026" in upload(client, a_list_file(rows))
    assert "but the list of 17/11/2026 was applied already" in upload(
        client, a_list_file(rows), as_of="18.10.2026"
    )
    assert ledger() == before


def test_a_list_with_half_the_rows_missing(before: object, clerk: User, client_of: ClientOf) -> None:
    page = upload(client_of(clerk), a_list_of(range(1, 6)))
    assert "would settle 5 of the 10 open items" in page
    assert "Confirm only if the list is complete" in page
    assert ledger() == before


def test_markup_in_cells_stays_text(company: Company, clerk: User, client_of: ClientOf) -> None:
    rows = [a_row("R-1", "5,00").replace("Kunde 10001", "<script>alert(1)</script>")]
    page = upload(client_of(clerk), a_list_file(rows))
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_a_file_too_large_for_a_browser_is_refused_with_a_way_out() -> None:
    file = SimpleUploadedFile("list.csv", b"1;2")
    file.size = max_upload() + 1
    form = UploadForm(
        {"kind": "items", "source": "ERP", "as_of": "18.11.2026"}, {"file": file}, today=date(2026, 11, 18)
    )
    assert not form.is_valid()
    assert "at most 300 MB" in form.errors["file"][0]
    assert "debitora import items" in form.errors["file"][0]


def test_a_form_without_a_file_says_so(clerk: User, client_of: ClientOf) -> None:
    answer = client_of(clerk).post(f"{HOME}new/", {"kind": "items", "source": "", "as_of": "31.02."})
    assert answer.status_code == 422
    page = str(answer.content.decode())
    assert "This is not a day" in page
    assert page.count("This field is required") >= 2
    assert not ListImport.objects.exists()
