"""Hold and its release: dunning is stopped for an item, an amount of it, or a whole customer, by whom, why and how long."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from debitora.kit.pg.fields import Ref
from debitora.people.models import Company
from debitora.receivables.models.customers import Customer
from debitora.receivables.models.items import Item
from debitora.trail.models import Wording

REASONS = ("clarification", "promise", "complaint", "agreement", "legal", "insolvency", "other")


class Hold(models.Model):
    """A dunning stop (Mahnsperre). In force on a day D if from_on <= D <= until_on and it is not released.

    Exactly one of item and "the whole customer" is held; with an amount only that part of the item is.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    customer = Ref(Customer)
    item = Ref(Item, null=True)
    amount_minor = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=20)
    wording = Ref(Wording, null=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    placed_by_id = models.BigIntegerField(null=True)
    placed_by_label = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company", "customer", "id"], name="hold_of_customer"),
            models.Index(fields=["company", "item", "id"], name="hold_of_item", condition=~Q(item=None)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(reason__in=REASONS), name="hold_reason_known"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="hold_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor=None) | Q(item__isnull=False, amount_minor__gt=0),
                name="hold_amount_needs_item",
            ),
        ]


class HoldRelease(models.Model):
    """A hold was lifted before its end, or is to end earlier."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    hold = Ref(Hold)
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    released_by_id = models.BigIntegerField(null=True)
    released_by_label = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "hold"], name="hold_released_once")
        ]
