"""Item document (Beleg): a copy of an invoice, kept with its item; and batches, in which many were handed in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from debitora.documents.models import Blob
from debitora.kit.pg.fields import Ref
from debitora.people.models import Company
from debitora.receivables.models.items import Item
from debitora.trail.models import Wording

DOCUMENT_CHANGES = ("removed", "restored")


def _company() -> models.ForeignKey[Company, Company]:
    return models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)


class DocumentBatch(models.Model):
    """PDFs that were handed in at once, to be put to the items whose numbers stand in their names."""

    company = _company()
    handed_at = models.DateTimeField()
    handed_by_id = models.BigIntegerField(null=True)
    handed_by_label = models.CharField(max_length=64)


class DocumentBatchFile(models.Model):
    """One file of a batch, as it was called. To which item it belongs is not kept but read, until it is put there."""

    company = _company()
    batch = Ref(DocumentBatch)
    blob = Ref(Blob)
    name = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "batch", "blob", "name"], name="batch_file_once")
        ]


class ItemDocument(models.Model):
    """A PDF kept with an item, under the name that it was called by, which may be erased. The same bytes stand there once.

    It is there unless its newest change removed it; `batch` is the one that brought it.
    """

    company = _company()
    item = Ref(Item)
    blob = Ref(Blob)
    name = models.CharField(max_length=200)
    batch = Ref(DocumentBatch, null=True)
    added_at = models.DateTimeField()
    added_by_id = models.BigIntegerField(null=True)
    added_by_label = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["company", "batch"], name="documents_of_batch", condition=Q(batch__isnull=False)
            )
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "item", "blob"], name="document_once_per_item")
        ]


class ItemDocumentChange(models.Model):
    """A document was removed from its item, with the reason, or put back. Append-only; the newest counts."""

    company = _company()
    document = Ref(ItemDocument)
    kind = models.CharField(max_length=10)
    wording = Ref(Wording, null=True)
    changed_at = models.DateTimeField()
    changed_by_id = models.BigIntegerField(null=True)
    changed_by_label = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["company", "document", "-id"], name="changes_of_document")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=DOCUMENT_CHANGES), name="document_change_known")
        ]
