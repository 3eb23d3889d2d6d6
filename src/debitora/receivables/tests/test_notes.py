"""Notes on a customer: whom they mention, who reads them, what may come with them, and that each is taken back once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from debitora.people.models import Company, User
from debitora.people.queries import news_for
from debitora.receivables.actions.documents import NewDocument
from debitora.receivables.actions.notes import (
    FileRefused,
    NoteEmpty,
    NoteMoved,
    restore_note,
    withdraw_note,
    write_note,
)
from debitora.receivables.models import Note, NoteFile
from debitora.receivables.queries.notes import notes_of_customer
from debitora.receivables.rules.notes import LONGEST_NOTE, NoteFault, file_fault, mentions_in
from debitora.receivables.testing import a_customer, an_invoice_pdf
from debitora.trail.models import Record
from debitora.trail.queries import timeline_of_customer
from debitora.trail.rules import system

ClientOf = Callable[[User], Client]
AT = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
BY = system("tests")
LOGINS = {"anna": 1, "b.berg": 2, "max": 3}
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.mark.parametrize(
    ("text", "users", "unknown"),
    [
        ("@anna please look", (1,), ()),
        ("@Anna, @b.berg. And @ANNA again", (1, 2), ()),
        ("Ask @b.berg.", (2,), ()),
        ("anna@max.example wrote", (), ()),
        ("@@anna", (), ()),
        ("(@max)", (3,), ()),
        ("@nobody and @anna", (1,), ("nobody",)),
        ("@ alone", (), ()),
    ],
)
def test_a_text_mentions_whom_it_names_behind_an_at(
    text: str, users: tuple[int, ...], unknown: tuple[str, ...]
) -> None:
    found = mentions_in(text, LOGINS)
    assert (found.users, found.unknown) == (users, unknown)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", NoteFault.EMPTY),
        (PNG, None),
        (b"\xff\xd8\xff\xe0 jpeg", None),
        (an_invoice_pdf("one"), None),
        (b"%PDF-1.7 but no more", NoteFault.NO_PDF_OR_PICTURE),
        (b"<svg onload=alert(1)>", NoteFault.NO_PDF_OR_PICTURE),
        (b"MZ program", NoteFault.NO_PDF_OR_PICTURE),
        (PNG + b"0" * 10_000_000, NoteFault.TOO_LARGE),
    ],
    ids=["empty", "png", "jpeg", "pdf", "broken pdf", "svg", "program", "large"],
)
def test_pdfs_and_pictures_come_with_a_note(data: bytes, fault: NoteFault | None) -> None:
    assert file_fault(data) == fault


class TestKept:
    """Notes in the database of a company."""

    def test_a_note_stands_with_its_files_and_is_told_on_the_timeline(self, company: Company) -> None:
        customer = a_customer(company.id, "10001")
        files = [NewDocument("offer.pdf", an_invoice_pdf("offer")), NewDocument("../photo.png", PNG)]
        write_note(company=company.id, customer=customer, text=" Agreed 3 %  ", files=files, by=BY, at=AT)
        [note] = notes_of_customer(customer=customer, most=5)
        assert note.text == "Agreed 3 %"
        assert [one.name for one in note.files] == ["offer.pdf", "photo.png"]
        [row] = timeline_of_customer(customer=customer, verbs=("note.",), size=5)
        assert (row.verb, row.kind, row.object_id) == ("note.written", "note", note.note)

    def test_nothing_is_kept_of_what_cannot_be_kept_whole(self, company: Company) -> None:
        customer = a_customer(company.id, "10001")
        for text, files in ((" ", []), ("x", [NewDocument("a.png", PNG), NewDocument("b.exe", b"MZ")])):
            with pytest.raises((NoteEmpty, FileRefused)):
                write_note(company=company.id, customer=customer, text=text, files=files, by=BY, at=AT)
        assert not Note.objects.exists()
        assert not NoteFile.objects.exists()

    def test_it_is_taken_back_once_and_put_back_once(self, company: Company) -> None:
        customer = a_customer(company.id, "10001")
        note = write_note(company=company.id, customer=customer, text="x", by=BY, at=AT)
        for change, stands in ((withdraw_note, False), (restore_note, True), (withdraw_note, False)):
            change(company=company.id, note=note.id, by=BY, at=AT)
            assert bool(notes_of_customer(customer=customer, most=5)) is stands
            with pytest.raises(NoteMoved):
                change(company=company.id, note=note.id, by=BY, at=AT)
        assert list(Record.objects.order_by("id").values_list("verb", flat=True))[-4:] == [
            "note.written",
            "note.withdrawn",
            "note.restored",
            "note.withdrawn",
        ]

    def test_who_is_mentioned_is_told_and_nobody_else(
        self, company: Company, sales: User, manager: User
    ) -> None:
        customer = a_customer(company.id, "10001", salesperson_id=sales.id)
        write_note(company=company.id, customer=customer, text="x", mentions=[sales.id], by=BY, at=AT)
        assert [one.verb for one in news_for(user=sales, role="sales", at=AT)] == ["note.written"]
        assert news_for(user=manager, role="manager", at=AT) == []


def test_a_clerk_writes_a_note_and_takes_it_back_by_the_toast(
    company: Company, clerk: User, manager: User, client_of: ClientOf
) -> None:
    customer = a_customer(company.id, "10001")
    browser, base = client_of(clerk), f"/c/{company.code}"
    typed = {
        "text": f"Talked to @{manager.login}: 3 %",
        "enclosed": [SimpleUploadedFile("offer.pdf", an_invoice_pdf("x"))],
    }
    answer = browser.post(f"{base}/customers/{customer}/notes/written/", typed)
    assert (answer.status_code, answer.url) == (303, f"{base}/customers/{customer}/")  # type: ignore[attr-defined]
    note = Note.objects.get()
    assert note.mentions == [manager.id]
    panel = browser.get(f"{base}/customers/{customer}/notes/newest/").content.decode()
    assert "offer.pdf" in panel
    assert f"<strong>@{manager.name or manager.login}</strong>" in panel
    file = browser.get(f"{base}/notes/files/{NoteFile.objects.get().id}/")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert browser.get(f"{base}/notes/{note.id}/").url.endswith(f"/customers/{customer}/notes/")  # type: ignore[attr-defined]
    assert browser.post(f"{base}/notes/{note.id}/withdrawn/").status_code == 303
    assert notes_of_customer(customer=customer, most=5) == []
    assert browser.get(f"{base}/notes/files/{NoteFile.objects.get().id}/").status_code == 404
    assert browser.post(f"{base}/notes/again/", {"note": note.id}).status_code == 303
    assert len(notes_of_customer(customer=customer, most=5)) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": ""}, "field-wrong"),
        ({"text": "@nobody.here look"}, "@nobody.here"),
        ({"text": "x" * (LONGEST_NOTE + 1)}, "field-wrong"),
        ({"text": "x", "enclosed": [SimpleUploadedFile("a.exe", b"MZ")]}, "a.exe"),
        ({"text": "x", "enclosed": [SimpleUploadedFile(f"{n}.png", PNG) for n in range(6)]}, "field-wrong"),
    ],
    ids=["empty", "unknown login", "too long", "program", "too many"],
)
def test_what_cannot_be_kept_is_said_beside_it_and_the_text_stays(
    company: Company, clerk: User, client_of: ClientOf, typed: dict[str, object], said: str
) -> None:
    customer = a_customer(company.id, "10001")
    answer = client_of(clerk).post(f"/c/{company.code}/customers/{customer}/notes/written/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert str(typed["text"])[:50] in page
    assert not Note.objects.exists()


def test_a_salesperson_writes_about_her_customers_only_and_takes_only_her_own_back(
    company: Company, sales: User, manager: User, client_of: ClientOf
) -> None:
    hers = a_customer(company.id, "1", salesperson_id=sales.id)
    foreign = a_customer(company.id, "2")
    browser, base = client_of(sales), f"/c/{company.code}"
    assert browser.post(f"{base}/customers/{foreign}/notes/written/", {"text": "x"}).status_code == 404
    assert browser.get(f"{base}/customers/{foreign}/notes/").status_code == 404
    other = write_note(company=company.id, customer=hers, text="by another", by=BY, at=AT)
    hidden = write_note(company=company.id, customer=foreign, text="x", by=BY, at=AT)
    assert "by another" in browser.get(f"{base}/customers/{hers}/notes/").content.decode()
    assert browser.post(f"{base}/notes/{hidden.id}/withdrawn/").status_code == 404
    assert browser.post(f"{base}/notes/{other.id}/withdrawn/").status_code == 303
    assert browser.post(f"{base}/notes/again/", {"note": other.id}).status_code == 303
    assert len(notes_of_customer(customer=hers, most=5)) == 1
    assert client_of(manager).post(f"{base}/notes/{other.id}/withdrawn/").status_code == 303


def test_nobody_who_may_not_see_the_customer_can_be_mentioned(
    company: Company, clerk: User, sales: User, client_of: ClientOf
) -> None:
    customer = a_customer(company.id, "10001")
    answer = client_of(clerk).post(
        f"/c/{company.code}/customers/{customer}/notes/written/", {"text": f"@{sales.login} look"}
    )
    assert answer.status_code == 422
    assert not Note.objects.exists()
