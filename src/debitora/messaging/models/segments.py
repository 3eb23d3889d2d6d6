"""Segment messages: one text to many customers that somebody chose, and what became of it for each."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from debitora.kit.pg.fields import Ref
from debitora.messaging.models.intents import Intent
from debitora.messaging.rules.segments import OUTCOMES, PURPOSES
from debitora.people.models import Company
from debitora.receivables.models import Customer

SEGMENT_STATES = ("draft", "sending", "sent", "cancelled")


class Segment(models.Model):
    """A message to the customers that a query of their list finds. Whom it reaches is fixed when it starts.

    Who was contacted within `quiet_days` gets none, nor, while it is `optional`, who wants no such messages.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=2000, blank=True, default="")
    quiet_days = models.SmallIntegerField(default=7)
    purpose = models.CharField(max_length=8, default="optional")
    state = models.CharField(max_length=10, default="draft")
    created_by_label = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    started_by_label = models.CharField(max_length=64, blank=True, default="")
    started_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=SEGMENT_STATES), name="segment_state_known"),
            models.CheckConstraint(condition=Q(purpose__in=PURPOSES), name="segment_purpose_known"),
            models.CheckConstraint(
                condition=Q(quiet_days__gte=0, quiet_days__lte=365), name="segment_quiet_days_usual"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", started_at=None) | ~Q(state="draft") & Q(started_at__isnull=False),
                name="segment_started_by_somebody",
            ),
        ]


class SegmentText(models.Model):
    """What it says in one language; changed while it is a draft."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    segment = Ref(Segment)
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=200)
    body = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "segment", "language"], name="segment_text_once")
        ]


class SegmentReceiver(models.Model):
    """One of the chosen customers, and what became of the message to her; `intent` where one was queued."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    segment = Ref(Segment)
    customer = Ref(Customer)
    outcome = models.CharField(max_length=12, default="waiting")
    intent = Ref(Intent, null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company", "segment", "outcome", "id"], name="receivers_by_outcome")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "segment", "customer"], name="segment_reaches_once"),
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="segment_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome="queued", intent__isnull=False) | ~Q(outcome="queued") & Q(intent=None),
                name="segment_queued_has_intent",
            ),
        ]
