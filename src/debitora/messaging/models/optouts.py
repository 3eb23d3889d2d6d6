"""Opt-out (Widerspruch): an address wants no more messages to many customers, or wants them again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from debitora.kit.pg.fields import Ref
from debitora.messaging.models.segments import SegmentReceiver
from debitora.people.models import Company
from debitora.receivables.models import Customer

OPT_OUT_KINDS = ("given", "withdrawn")


class OptOut(models.Model):
    """What was said about messages that may be declined, for one address. Append-only; the newest of an address counts.

    `receiver` is the message by whose link it was said; without one a person of the company wrote down what the customer told her.
    `email` stands in lower case; `place` counts what was said for it.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    receiver = Ref(SegmentReceiver, null=True)
    customer = Ref(Customer)
    email = models.CharField(max_length=254)
    place = models.IntegerField()
    kind = models.CharField(max_length=10)
    recorded_by_label = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["company", "customer", "-id"], name="opt_out_of_customer")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "email", "place"], name="opt_out_once_per_place"),
            models.CheckConstraint(condition=Q(kind__in=OPT_OUT_KINDS), name="opt_out_kind_known"),
            models.CheckConstraint(condition=~Q(email=""), name="opt_out_names_an_address"),
        ]
