"""Reference rates that a company added to the tables that are shipped, and the withdrawal of one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from debitora.kit.pg.fields import Ref
from debitora.people.models import Company
from debitora.trail.models import Wording


class Rate(models.Model):
    """One published rate of a table, in force from `valid_from` and known until `known_to`, both included. Append-only.

    `bp`: basis points. A later row that begins on the same day goes before an earlier one.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    table_key = models.CharField(max_length=20)
    valid_from = models.DateField()
    bp = models.IntegerField()
    known_to = models.DateField()
    source = models.CharField(max_length=200)
    checked_on = models.DateField()
    added_at = models.DateTimeField()
    added_by_id = models.BigIntegerField(null=True)
    added_by_label = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(known_to__gte=F("valid_from")), name="rate_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(bp__gt=-500, bp__lt=2500), name="rate_is_one"),
            models.CheckConstraint(condition=~Q(source=""), name="rate_has_source"),
        ]


class RateWithdrawal(models.Model):
    """An added rate was withdrawn, by whom and when; why, unless it was taken back at once. Exactly one."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    rate = Ref(Rate)
    wording = Ref(Wording, null=True)
    withdrawn_at = models.DateTimeField()
    withdrawn_by_id = models.BigIntegerField(null=True)
    withdrawn_by_label = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "rate"], name="rate_withdrawn_once")
        ]
