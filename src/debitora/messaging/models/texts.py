"""Text: what a step says in one language, in versions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from debitora.people.models import Company


class Text(models.Model):
    """One version of a step's wording in one language (Liquid). The highest version counts; earlier ones stay."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    key = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    version = models.IntegerField()
    subject = models.CharField(max_length=200)
    mail = models.TextField()
    opening = models.TextField()
    closing = models.TextField()
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    made_by_label = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "key", "language", "version"], name="text_version_once"
            )
        ]
