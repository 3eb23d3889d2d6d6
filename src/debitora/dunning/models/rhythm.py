"""Rhythm: how the runs of a company come; and Watch, how far its runs have read the record."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from debitora.dunning.rules.rhythm import Mode
from debitora.people.models import Company

MODES = tuple(one.value for one in Mode)


class Rhythm(models.Model):
    """How runs come, as a person chose it. Append-only, the newest row counts; without a row `rules.rhythm.Rhythm()` does."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    mode = models.CharField(max_length=10)
    begins = models.SmallIntegerField()
    ends = models.SmallIntegerField()
    chosen_at = models.DateTimeField()
    chosen_by_id = models.BigIntegerField(null=True)
    chosen_by_label = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(mode__in=MODES), name="rhythm_mode_known"),
            models.CheckConstraint(
                condition=Q(begins__gte=0, ends__lte=24) & Q(begins__lt=F("ends")),
                name="rhythm_hours_in_order",
            ),
        ]


class Watch(models.Model):
    """Up to which seal of the record the runs of a company know what has changed, and when they looked. Only ever moves on."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    sequence = models.BigIntegerField()
    looked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["company"], name="one_watch_per_company")]
