"""Documents of items: added by hand or in a batch, removed with a reason, and put back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from debitora.documents.actions import store_all
from debitora.documents.models import Blob
from debitora.documents.rules import clean_name
from debitora.receivables.actions.locks import ItemUnknown, lock_customer
from debitora.receivables.models import (
    DocumentBatch,
    DocumentBatchFile,
    Item,
    ItemDocument,
    ItemDocumentChange,
)
from debitora.receivables.queries.documents import documents_of, is_there, matches_of
from debitora.receivables.rules.documents import MOST_PER_ITEM, DocumentFault, document_fault
from debitora.trail.actions import put_wording, record
from debitora.trail.rules import Actor, Subject

_PDF = "application/pdf"


class DocumentRefused(Exception):
    """The file cannot be kept as a copy of an invoice: its name and why."""

    def __init__(self, name: str, fault: DocumentFault) -> None:
        super().__init__(f"{name}: {fault}")
        self.name = name
        self.fault = fault


class TooManyDocuments(Exception):
    """The item would have more documents than rules.documents.MOST_PER_ITEM."""


class DocumentRemoved(Exception):
    """The document was removed already."""


class DocumentThere(Exception):
    """The document was not removed, or was put back already."""


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A file as it was handed in."""

    name: str
    data: bytes


def add_documents(
    *, company: int, item: int, files: Sequence[NewDocument], by: Actor, at: datetime
) -> list[ItemDocument]:
    """Keep copies with an item, all or none; returns those that were not there. One that had been removed is put back.

    Raises DocumentRefused, TooManyDocuments and ItemUnknown.
    """
    for file in files:
        fault = document_fault(file.data)
        if fault:
            raise DocumentRefused(clean_name(file.name), fault)
    with transaction.atomic():
        found = _locked_item(company, item)
        blobs = store_all(company=company, kept=[(file.data, _PDF) for file in files], at=at)
        named = {blob: clean_name(file.name) for blob, file in zip(blobs, files, strict=True)}
        return _put(found, named, None, by, at)


def remove_document(
    *, company: int, document: int, reason: str, by: Actor, at: datetime
) -> ItemDocumentChange:
    """Take a document from its item; its bytes stay. What was sent with a notice stays with it.

    Raises ItemDocument.DoesNotExist, DocumentRemoved.
    """
    with transaction.atomic():
        found = _locked(company, document)
        if not is_there(document=found.id):
            raise DocumentRemoved
        return _change(found, "removed", by, at, reason=reason)


def restore_document(*, company: int, document: int, by: Actor, at: datetime) -> ItemDocumentChange:
    """Put a document back that was removed. Raises ItemDocument.DoesNotExist, DocumentThere."""
    with transaction.atomic():
        found = _locked(company, document)
        if is_there(document=found.id):
            raise DocumentThere
        return _change(found, "restored", by, at)


def hand_in(*, company: int, files: Sequence[NewDocument], by: Actor, at: datetime) -> DocumentBatch:
    """Keep files as a batch, to be looked at before they are put to their items; each must be one that could be kept.

    Raises DocumentRefused.
    """
    for file in files:
        fault = document_fault(file.data)
        if fault:
            raise DocumentRefused(clean_name(file.name), fault)
    with transaction.atomic():
        blobs = store_all(company=company, kept=[(file.data, _PDF) for file in files], at=at)
        batch = DocumentBatch.objects.create(
            company_id=company, handed_at=at, handed_by_id=by.id, handed_by_label=by.label[:64]
        )
        named = {(blob.id, clean_name(file.name)) for blob, file in zip(blobs, files, strict=True)}
        DocumentBatchFile.objects.bulk_create(
            DocumentBatchFile(company_id=company, batch=batch, blob_id=blob, name=name)
            for blob, name in sorted(named)
        )
        record(
            company=company,
            by=by,
            at=at,
            verb="documents.handed_in",
            subjects=[Subject("document_batch", batch.id)],
            facts={"files": len(named)},
        )
    return batch


def put_batch(*, company: int, batch: int, by: Actor, at: datetime) -> list[ItemDocument]:
    """Put each file of a batch to the items that its name means, as they are known now; returns what is new there.

    Twice is once: what lies there already stays. An item that has its full number of documents is passed over.
    """
    with transaction.atomic():
        found = DocumentBatch.objects.get(company_id=company, id=batch)
        wanted: dict[int, dict[Blob, str]] = {}
        for match in matches_of(batch=batch):
            for target in match.items:
                wanted.setdefault(target.item, {})[match.blob] = match.name
        rows = Item.objects.filter(company_id=company, id__in=wanted)
        for customer in sorted(set(rows.values_list("customer_id", flat=True))):
            lock_customer(company=company, customer=customer)
        made: list[ItemDocument] = []
        for item in rows.order_by("id"):
            try:
                made += _put(item, wanted[item.id], found, by, at)
            except TooManyDocuments:
                continue
    return made


def take_batch_back(*, company: int, batch: int, reason: str, by: Actor, at: datetime) -> int:
    """Remove all that a batch brought and that still lies there; how many documents that were."""
    with transaction.atomic():
        brought = ItemDocument.objects.filter(company_id=company, batch_id=batch).select_related("item")
        removed = 0
        for one in brought.order_by("item__customer_id", "id"):
            lock_customer(company=company, customer=one.item.customer_id)
            if is_there(document=one.id):
                _change(one, "removed", by, at, reason=reason)
                removed += 1
    return removed


def _locked_item(company: int, item: int) -> Item:
    found = Item.objects.filter(company_id=company, id=item).first()
    if found is None:
        raise ItemUnknown(item)
    lock_customer(company=company, customer=found.customer_id)
    return found


def _locked(company: int, document: int) -> ItemDocument:
    found = ItemDocument.objects.select_related("item").get(company_id=company, id=document)
    lock_customer(company=company, customer=found.item.customer_id)
    return found


def _put(
    item: Item, named: dict[Blob, str], batch: DocumentBatch | None, by: Actor, at: datetime
) -> list[ItemDocument]:
    """Under the lock of the item's customer: what is not there is added, what was removed is put back."""
    there = documents_of(items=[item.id]).get(item.id, [])
    present = {one.blob_id for one in there}
    wanted = {blob.id: name for blob, name in named.items() if blob.id not in present}
    if len(there) + len(wanted) > MOST_PER_ITEM:
        raise TooManyDocuments(item.id)
    known = ItemDocument.objects.filter(company_id=item.company_id, item=item, blob_id__in=wanted)
    back = list(known.select_related("item").order_by("id"))
    for one in back:
        _change(one, "restored", by, at)
        del wanted[one.blob_id]
    made = ItemDocument.objects.bulk_create(
        ItemDocument(
            company_id=item.company_id,
            item=item,
            blob_id=blob,
            name=name,
            batch=batch,
            added_at=at,
            added_by_id=by.id,
            added_by_label=by.label[:64],
        )
        for blob, name in wanted.items()
    )
    _record(item, "document.added", made, by, at)
    return [*back, *made]


def _change(
    document: ItemDocument, kind: str, by: Actor, at: datetime, *, reason: str = ""
) -> ItemDocumentChange:
    change = ItemDocumentChange.objects.create(
        company_id=document.company_id,
        document=document,
        kind=kind,
        wording=put_wording(company=document.company_id, text=reason) if reason else None,
        changed_at=at,
        changed_by_id=by.id,
        changed_by_label=by.label[:64],
    )
    _record(document.item, f"document.{kind}", [document], by, at)
    return change


def _record(item: Item, verb: str, documents: Iterable[ItemDocument], by: Actor, at: datetime) -> None:
    subjects = [Subject("item_document", one.id, item.customer_id) for one in documents]
    if subjects:
        record(
            company=item.company_id,
            by=by,
            at=at,
            verb=verb,
            subjects=[*subjects, Subject("item", item.id, item.customer_id)],
            facts={"number": item.number, "documents": len(subjects)},
        )
