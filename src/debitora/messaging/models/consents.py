"""Consent (Einwilligung): a customer agreed by the link of a message to get invoices by e-mail, or took that back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from debitora.kit.pg.fields import Ref
from debitora.messaging.models.segments import SegmentReceiver
from debitora.people.models import Company
from debitora.receivables.models import Customer

CONSENT_KINDS = ("given", "withdrawn")


class Consent(models.Model):
    """What somebody who had the message answered by its link. Append-only; the newest of a customer counts.

    `place` counts the answers by one link. `email` is the address that the message went to; which words were agreed to
    stands in the message.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    receiver = Ref(SegmentReceiver)
    customer = Ref(Customer)
    place = models.IntegerField()
    kind = models.CharField(max_length=10)
    email = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["company", "customer", "-id"], name="consent_of_customer")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "receiver", "place"], name="consent_once_per_place"),
            models.CheckConstraint(condition=Q(kind__in=CONSENT_KINDS), name="consent_kind_known"),
        ]
