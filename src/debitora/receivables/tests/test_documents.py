"""Copies of invoices: what is taken, where a file belongs by its name, adding, removing, putting back, and who may."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.http import Http404
from django.test import Client
from django.urls import clear_script_prefix, reverse
from hypothesis import given
from hypothesis import strategies as st

from debitora.people.models import Company, User
from debitora.receivables import gates
from debitora.receivables.actions.documents import (
    DocumentRefused,
    DocumentRemoved,
    DocumentThere,
    NewDocument,
    TooManyDocuments,
    add_documents,
    hand_in,
    put_batch,
    remove_document,
    restore_document,
    take_batch_back,
)
from debitora.receivables.actions.locks import ItemUnknown
from debitora.receivables.models import ItemDocument, ItemDocumentChange
from debitora.receivables.queries.documents import batch_of, documents_of, is_there, matches_of
from debitora.receivables.rules.documents import (
    MOST_BYTES,
    MOST_PER_ITEM,
    DocumentFault,
    belongs_to,
    document_fault,
    numbers_in,
    that_fit,
)
from debitora.receivables.rules.items import Scope
from debitora.receivables.testing import MOMENT, TESTS, a_customer, an_open_item
from debitora.trail.models import Record

ClientOf = Callable[[User], Client]
LATER = MOMENT + timedelta(days=1)


def a_pdf(
    words: str = "invoice", *, pages: int = 1, locked: bool = False, owned: bool = False, script: str = ""
) -> bytes:
    """A PDF of blank pages; `locked` asks for a password, `owned` only forbids to change it."""
    pdf, out = pikepdf.Pdf.new(), io.BytesIO()
    for _page in range(pages):
        pdf.add_blank_page()
    pdf.docinfo["/Title"] = words
    if script:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=script)
    secured = pikepdf.Encryption(user="u" if locked else "", owner="o") if locked or owned else False
    pdf.save(out, deterministic_id=not secured, encryption=secured)
    return out.getvalue()


def a_file(words: str, name: str = "invoice.pdf") -> NewDocument:
    return NewDocument(name, a_pdf(words))


def added(company: Company, item: int, *files: NewDocument) -> list[ItemDocument]:
    return add_documents(company=company.id, item=item, files=files, by=TESTS, at=MOMENT)


def names_of(item: int) -> list[str]:
    return [one.name for one in documents_of(items=[item]).get(item, [])]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (a_pdf(), None),
        (b"%PDF-1.7\n" + b"x" * 40, DocumentFault.NO_PDF),
        (b"", DocumentFault.EMPTY),
        (b"<?xml version='1.0'?><Invoice/>", DocumentFault.NO_PDF),
        (b"PK\x03\x04", DocumentFault.NO_PDF),
        (a_pdf(locked=True), DocumentFault.LOCKED),
        (a_pdf(owned=True), None),
        (a_pdf(script="app.alert(1)"), DocumentFault.PROGRAM),
        (a_pdf(pages=201), DocumentFault.TOO_MANY_PAGES),
        (a_pdf(pages=0), DocumentFault.NO_PDF),
        (b"%PDF-" + b" " * MOST_BYTES, DocumentFault.TOO_LARGE),
    ],
)
def test_what_cannot_be_sent_to_a_customer_is_not_kept(data: bytes, expected: DocumentFault | None) -> None:
    assert document_fault(data) == expected


@given(st.binary(max_size=300))
def test_whatever_is_handed_in_is_taken_or_refused(data: bytes) -> None:
    assert document_fault(data) is not None
    document_fault(a_pdf()[:200] + data)


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("R-2026-0815.pdf", {"R-2026-0815", "2026-0815"}, "R-2026-0815"),
        ("Rechnung_R-2026-0815 Muster AG.pdf", {"R-2026-0815"}, "R-2026-0815"),
        ("0004711.PDF", {"4711"}, "4711"),
        ("4711-2.pdf", {"4711"}, "4711"),
        ("14711.pdf", {"4711"}, ""),
        ("invoice.pdf", {"4711"}, ""),
        ("scan 7.pdf", {"7"}, ""),
        ("", {"4711"}, ""),
    ],
)
def test_a_file_belongs_to_the_longest_known_number_in_its_name(
    name: str, known: set[str], expected: str
) -> None:
    assert belongs_to(name, known) == expected


@given(
    st.from_regex(r"[A-Z]{1,2}-?[0-9]{3,8}", fullmatch=True), st.from_regex(r"[a-z ]{0,8}", fullmatch=True)
)
def test_a_number_is_found_wherever_it_stands(number: str, around: str) -> None:
    assert number.lstrip("0") in numbers_in(f"{around} {number} {around}.pdf")


@given(st.lists(st.integers(0, 50)), st.integers(0, 100))
def test_what_is_sent_along_never_exceeds_the_bound(sizes: list[int], most: int) -> None:
    fitting = that_fit(sizes, most=most)
    assert sum(size for size, fits in zip(sizes, fitting, strict=True) if fits) <= most
    assert all(fitting) == (sum(sizes) <= most)


def test_a_document_is_kept_once_removed_and_put_back(company: Company) -> None:
    item = an_open_item(company.id, a_customer(company.id))
    first, second = added(company, item.id, a_file("one", "one.pdf"), a_file("two", "../two.pdf"))
    assert names_of(item.id) == ["one.pdf", "two.pdf"]
    assert added(company, item.id, a_file("one", "another name.pdf")) == []
    change = remove_document(company=company.id, document=first.id, reason="Wrong", by=TESTS, at=LATER)
    assert change.wording is not None
    assert change.wording.text == "Wrong"
    assert names_of(item.id) == ["two.pdf"]
    with pytest.raises(DocumentRemoved):
        remove_document(company=company.id, document=first.id, reason="Again", by=TESTS, at=LATER)
    restore_document(company=company.id, document=first.id, by=TESTS, at=LATER)
    with pytest.raises(DocumentThere):
        restore_document(company=company.id, document=first.id, by=TESTS, at=LATER)
    remove_document(company=company.id, document=second.id, reason="Wrong", by=TESTS, at=LATER)
    assert [one.id for one in added(company, item.id, a_file("two"))] == [second.id]
    assert names_of(item.id) == ["one.pdf", "two.pdf"]
    verbs = list(
        Record.objects.filter(verb__startswith="document.").order_by("id").values_list("verb", flat=True)
    )
    assert verbs == [
        "document.added",
        "document.removed",
        "document.restored",
        "document.removed",
        "document.restored",
    ]


def test_all_are_kept_or_none(company: Company) -> None:
    item = an_open_item(company.id, a_customer(company.id))
    with pytest.raises(DocumentRefused, match=r"bad\.pdf"):
        added(company, item.id, a_file("good"), NewDocument("bad.pdf", b"nothing"))
    with pytest.raises(TooManyDocuments):
        added(company, item.id, *(a_file(f"n{place}") for place in range(MOST_PER_ITEM + 1)))
    assert names_of(item.id) == []
    with pytest.raises(DocumentRefused, match=r"bad\.pdf"):
        hand_in(company=company.id, files=[NewDocument("bad.pdf", b"nothing")], by=TESTS, at=MOMENT)
    with pytest.raises(ItemUnknown):
        added(company, 2**40, a_file("good"))


def test_what_was_kept_is_never_changed_or_taken_away(company: Company) -> None:
    [document] = added(company, an_open_item(company.id, a_customer(company.id)).id, a_file("one"))
    remove_document(company=company.id, document=document.id, reason="x", by=TESTS, at=LATER)
    for rows in (ItemDocument.objects.all(), ItemDocumentChange.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        ItemDocument.objects.update(item_id=document.item_id, added_at=LATER)
    with pytest.raises(DatabaseError), transaction.atomic():
        ItemDocumentChange.objects.update(kind="restored")
    assert ItemDocument.objects.update(name="erased") == 1


def test_a_batch_goes_to_the_items_whose_numbers_stand_in_its_names(company: Company) -> None:
    one, two = a_customer(company.id, number="10001"), a_customer(company.id, number="10002")
    sole = an_open_item(company.id, one, number="R-100")
    first, second = (an_open_item(company.id, who, number="R-200") for who in (one, two))
    files = [
        a_file("a", "R-100.pdf"),
        a_file("b", "R-200.pdf"),
        a_file("c", "10002_R-200.pdf"),
        a_file("d", "R-999.pdf"),
    ]
    batch = hand_in(company=company.id, files=files, by=TESTS, at=MOMENT)
    found = {
        match.name: ([target.item for target in match.items], match.doubtful)
        for match in matches_of(batch=batch.id)
    }
    assert found == {
        "R-100.pdf": ([sole.id], 0),
        "R-200.pdf": ([], 2),
        "10002_R-200.pdf": ([second.id], 0),
        "R-999.pdf": ([], 0),
    }
    assert len(put_batch(company=company.id, batch=batch.id, by=TESTS, at=MOMENT)) == 2
    assert put_batch(company=company.id, batch=batch.id, by=TESTS, at=LATER) == []
    assert (names_of(sole.id), names_of(first.id), names_of(second.id)) == (
        ["R-100.pdf"],
        [],
        ["10002_R-200.pdf"],
    )
    assert take_batch_back(company=company.id, batch=batch.id, reason="x", by=TESTS, at=LATER) == 2
    assert take_batch_back(company=company.id, batch=batch.id, reason="x", by=TESTS, at=LATER) == 0
    state = batch_of(batch=batch.id)
    assert (state.put, state.left, names_of(sole.id)) == (2, 0, [])


def test_a_batch_passes_over_an_item_that_is_full(company: Company) -> None:
    item = an_open_item(company.id, a_customer(company.id), number="R-1000")
    added(company, item.id, *(a_file(f"n{place}") for place in range(MOST_PER_ITEM)))
    batch = hand_in(company=company.id, files=[a_file("more", "R-1000.pdf")], by=TESTS, at=MOMENT)
    assert put_batch(company=company.id, batch=batch.id, by=TESTS, at=MOMENT) == []


def here(name: str, *args: int) -> str:
    clear_script_prefix()
    return f"/c/acme{reverse(f'receivables:{name}', args=args)}"


def test_the_item_s_page_keeps_opens_removes_and_puts_back(
    company: Company, clerk: User, client_of: ClientOf
) -> None:
    item, client = an_open_item(company.id, a_customer(company.id)), client_of(clerk)
    page = here("item_documents", item.id)
    assert "No documents" in client.get(page).content.decode()
    wrong = client.post(here("documents_added", item.id), {"pdfs": SimpleUploadedFile("x.pdf", b"<html>")})
    assert wrong.status_code == 422
    assert "x.pdf is no PDF" in wrong.content.decode()
    assert client.post(here("documents_added", item.id)).status_code == 422
    sent = {"pdfs": [SimpleUploadedFile(f"R-{words}.pdf", a_pdf(words)) for words in ("one", "two")]}
    assert (
        "2 documents are kept"
        in client.post(here("documents_added", item.id), sent, follow=True).content.decode()
    )
    twice = {"pdfs": SimpleUploadedFile("R-one.pdf", a_pdf("one"))}
    assert (
        "lie there already"
        in client.post(here("documents_added", item.id), twice, follow=True).content.decode()
    )
    for name, of in (
        ("item", item.id),
        ("item_documents", item.id),
        ("customer_documents", item.customer_id),
    ):
        assert "R-two.pdf" in client.get(here(name, of)).content.decode()
    document = ItemDocument.objects.get(name="R-one.pdf")
    opened = client.get(here("document", document.id))
    assert opened.content == a_pdf("one")
    assert opened["Content-Type"] == "application/pdf"
    assert "sandbox" in opened["Content-Security-Policy"]
    assert opened["X-Content-Type-Options"] == "nosniff"
    removal = here("remove_document", document.id)
    assert "can be put back" in client.get(removal).content.decode()
    assert client.post(removal, {"reason": ""}).status_code == 422
    assert is_there(document=document.id)
    assert "is removed" in client.post(removal, {"reason": "Wrong one"}, follow=True).content.decode()
    assert "removed already" in client.post(removal, {"reason": "Wrong one"}, follow=True).content.decode()
    again = client.post(here("document_again"), {"document": document.id}, follow=True).content.decode()
    assert "lies with its item again" in again
    assert is_there(document=document.id)
    assert (
        "put back before"
        in client.post(here("document_again"), {"document": document.id}, follow=True).content.decode()
    )


def test_many_are_handed_in_looked_at_put_and_taken_back(
    company: Company, clerk: User, client_of: ClientOf
) -> None:
    item, client = an_open_item(company.id, a_customer(company.id), number="R-4711"), client_of(clerk)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("2026/R-4711.pdf", a_pdf("a"))
        archive.writestr("2026/R-9999.pdf", a_pdf("b"))
        archive.writestr("readme.txt", "nothing")
    first = client.post(here("hand_in_documents"), {"pdfs": SimpleUploadedFile("all.zip", packed.getvalue())})
    shown = client.get(first["Location"]).content.decode()
    assert "1 file has its item" in shown
    assert "1 file belongs to no item" in shown
    assert names_of(item.id) == []
    client.post(first["Location"])
    assert names_of(item.id) == ["R-4711.pdf"]
    assert "Nothing new" in client.post(first["Location"], follow=True).content.decode()
    back = f"{first['Location']}back/"
    assert client.post(back, {"reason": ""}).status_code == 422
    assert (
        "1 document is removed" in client.post(back, {"reason": "Wrong folder"}, follow=True).content.decode()
    )
    assert "lies with any item" in client.post(back, {"reason": "Wrong folder"}, follow=True).content.decode()
    assert names_of(item.id) == []


def test_what_cannot_be_unpacked_is_refused(company: Company, clerk: User, client_of: ClientOf) -> None:
    client, bomb = client_of(clerk), io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("R-1.pdf", b"\0" * 30_000_000)
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    for data, told in (
        (bomb.getvalue(), "damaged archive"),
        (b"PK\x03\x04 and no more", "damaged archive"),
        (empty.getvalue(), "no PDF in it"),
        (b"", "is empty"),
    ):
        answer = client.post(here("hand_in_documents"), {"pdfs": SimpleUploadedFile("all.zip", data)})
        assert answer.status_code == 422
        assert told in answer.content.decode()


def test_a_document_is_behind_its_customers_gate(company: Company, sales: User, client_of: ClientOf) -> None:
    item = an_open_item(company.id, a_customer(company.id))
    [document] = added(company, item.id, a_file("one"))
    with pytest.raises(Http404):
        gates.item_document(scope=Scope((sales.id,)), document=document.id)
    client = client_of(sales)
    assert client.get(here("document", document.id)).status_code == 404
    assert client.get(here("hand_in_documents")).status_code == 403
    assert client.post(here("remove_document", document.id), {"reason": "x"}).status_code == 403
    assert is_there(document=document.id)
