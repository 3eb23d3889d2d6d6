"""ListImport: one file on its way from the upload to the ledger, and back if it is undone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from debitora.documents.models import Source, Upload
from debitora.kit.pg.fields import Ref
from debitora.people.models import Company

STATES = ("uploaded", "refused", "previewed", "held", "applying", "applied", "nothing", "undone", "discarded")


class ListImport(models.Model):
    """One list of one source as of one day. Its counts and sums stay as the result page.

    A file already applied for this source and day answers "nothing"; only the newest applied import of a source may be undone.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    source = Ref(Source)
    upload = Ref(Upload)
    sha256 = models.CharField(max_length=64)
    as_of = models.DateField()
    state = models.CharField(max_length=12, default="uploaded")
    mapping = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    guards = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    created_by_label = models.CharField(max_length=64)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company", "source", "-as_of", "-id"], name="import_by_source")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "source", "as_of", "sha256"],
                condition=Q(state="applied"),
                name="file_applied_once",
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="import_state_known"),
        ]
