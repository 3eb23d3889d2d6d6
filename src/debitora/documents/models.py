"""Blob, Upload, Source, Mapping and Fault."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from debitora.kit.pg.fields import Ref
from debitora.people.models import Company


class Blob(models.Model):
    """Bytes in the document store, known by their SHA-256. After erasure the row stays as a tombstone."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=80)
    stored_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["company", "sha256"], name="blob_once")]


class Source(models.Model):
    """Where items or customers come from: one ERP's list, by the name its users gave it; or the banks, for payments."""

    KINDS = ("items", "customers", "bank")

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "kind", "name"], name="source_name_once"),
            models.CheckConstraint(
                condition=Q(kind__in=("items", "customers", "bank", "dunning")), name="source_kind_known"
            ),
        ]


class Upload(models.Model):
    """A file that a person or a folder handed in. Its name is what she called it, never a path."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    blob = Ref(Blob)
    source = Ref(Source, null=True)
    name = models.CharField(max_length=200)
    uploaded_at = models.DateTimeField()
    uploaded_by_id = models.BigIntegerField(null=True)


class Mapping(models.Model):
    """How the columns of a source's files are to be read. The newest row of a source counts."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    source = Ref(Source)
    mapping = models.JSONField()
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)


class Fault(models.Model):
    """What could not be read in an upload: the place, the value as read, and a code for what to do."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    upload = Ref(Upload)
    code = models.CharField(max_length=40)
    line = models.BigIntegerField(null=True)
    column = models.CharField(max_length=120, blank=True, default="")
    value = models.CharField(max_length=200, blank=True, default="")
    params = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["company", "upload", "id"], name="fault_of_upload")]
