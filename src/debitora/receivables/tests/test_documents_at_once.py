"""Two people at once: a copy of an invoice is kept once, and removed once; without the lock of its customer it would not be."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connections, transaction

from debitora.kit.pg.company import serving
from debitora.people.models import Company
from debitora.receivables.actions import documents
from debitora.receivables.actions.documents import DocumentRemoved, add_documents, remove_document
from debitora.receivables.models import Item, ItemDocument, ItemDocumentChange
from debitora.receivables.testing import MOMENT, TESTS, a_customer, an_open_item
from debitora.receivables.tests.test_documents import a_file


@pytest.fixture
def item(committed: str, company: Company) -> Item:
    with transaction.atomic():
        return an_open_item(company.id, a_customer(company.id))


def by_two(company: Company, act: Callable[[], object], refusal: type[Exception]) -> list[str]:
    """What came of the same at the same moment by two people."""
    start = Barrier(2)

    def done() -> str:
        try:
            with serving(company.id):
                start.wait()
                return "nothing" if act() == [] else "done"
        except refusal:
            return "refused"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        found = [pool.submit(done) for _person in range(2)]
        return sorted(each.result() for each in found)


def add(item: Item) -> list[ItemDocument]:
    return add_documents(company=item.company_id, item=item.id, files=[a_file("one")], by=TESTS, at=MOMENT)


def test_two_who_keep_the_same_file_keep_it_once(company: Company, item: Item) -> None:
    assert by_two(company, lambda: add(item), IntegrityError) == ["done", "nothing"]
    with transaction.atomic():
        assert ItemDocument.objects.count() == 1


def test_two_who_remove_one_document_remove_it_once(company: Company, item: Item) -> None:
    [document] = add(item)

    def remove() -> object:
        return remove_document(company=company.id, document=document.id, reason="x", by=TESTS, at=MOMENT)

    assert by_two(company, remove, DocumentRemoved) == ["done", "refused"]
    with transaction.atomic():
        assert ItemDocumentChange.objects.count() == 1


def test_without_the_lock_a_document_is_removed_twice(
    company: Company, item: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: both look before either writes, and nothing but the lock tells them apart."""
    [document] = add(item)
    looked, seen = Barrier(2), documents.is_there

    def look(*, document: int) -> bool:
        there = seen(document=document)
        looked.wait()
        return there

    monkeypatch.setattr(documents, "is_there", look)
    monkeypatch.setattr(documents, "lock_customer", lambda **_asked: None)

    def remove() -> object:
        return remove_document(company=company.id, document=document.id, reason="x", by=TESTS, at=MOMENT)

    assert by_two(company, remove, DocumentRemoved) == ["done", "done"]
    with transaction.atomic():
        assert ItemDocumentChange.objects.count() == 2
