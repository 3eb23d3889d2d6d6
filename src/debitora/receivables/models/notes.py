"""Note (Notiz) on a customer with its files, and how it was withdrawn or put back."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from debitora.documents.models import Blob
from debitora.kit.pg.fields import Ref
from debitora.people.models import Company
from debitora.receivables.models.customers import Customer
from debitora.trail.models import Wording

NOTE_CHANGES = ("withdrawn", "restored")


def _company() -> models.ForeignKey[Company, Company]:
    return models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)


class Note(models.Model):
    """What somebody wrote down about a customer, for everybody who sees her. Append-only; `mentions` are users' ids.

    It stands unless its newest change withdrew it.
    """

    company = _company()
    customer = Ref(Customer)
    wording = Ref(Wording)
    mentions = ArrayField(models.BigIntegerField(), default=list)
    written_at = models.DateTimeField()
    written_by_id = models.BigIntegerField(null=True)
    written_by_label = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["company", "customer", "-id"], name="note_of_customer")]


class NoteFile(models.Model):
    """A file that came with a note, under the name it was called by, which may be erased."""

    company = _company()
    note = Ref(Note)
    place = models.SmallIntegerField()
    blob = Ref(Blob)
    name = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "note", "place"], name="note_file_once_per_place"),
            models.CheckConstraint(condition=Q(place__gt=0), name="note_files_count_from_one"),
        ]


class NoteChange(models.Model):
    """A note was withdrawn, or put back. Append-only; the newest counts."""

    company = _company()
    note = Ref(Note)
    place = models.IntegerField()
    kind = models.CharField(max_length=10)
    changed_at = models.DateTimeField()
    changed_by_id = models.BigIntegerField(null=True)
    changed_by_label = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "note", "place"], name="note_change_once_per_place"),
            models.CheckConstraint(condition=Q(kind__in=NOTE_CHANGES), name="note_change_known"),
        ]
