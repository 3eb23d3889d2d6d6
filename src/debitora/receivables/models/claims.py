"""Claim: what a customer owes beside the items themselves: fees of notices, interest, lump sums; and every change of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from debitora.kit.pg.fields import Ref
from debitora.people.models import Company
from debitora.receivables.models.customers import Customer
from debitora.receivables.models.items import Item
from debitora.trail.models import Wording

CLAIM_KINDS = ("fee", "interest", "lump_sum")
CLAIM_ENTRY_KINDS = (
    "accrued",
    "returned",
    "waived",
    "restored",
    "paid",
    "unpaid",
    "booked",
    "unbooked",
)


class Claim(models.Model):
    """A fee of one notice, or the interest or lump sum of one item. It outlives the item that is paid.

    The amounts are the fold of its entries; open is what accrued less what was waived, paid, or booked as an item of its own.
    `until_on` is the first day whose interest is not claimed yet.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    kind = models.CharField(max_length=10)
    customer = Ref(Customer)
    item = Ref(Item, null=True)
    notice_id = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    accrued_minor = models.BigIntegerField(default=0)
    waived_minor = models.BigIntegerField(default=0)
    paid_minor = models.BigIntegerField(default=0)
    booked_minor = models.BigIntegerField(default=0)
    until_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["company", "customer", "id"], name="claim_of_customer")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "item", "kind"], name="claim_once_per_item", condition=~Q(item=None)
            ),
            models.UniqueConstraint(
                fields=["company", "notice_id", "kind"],
                name="claim_once_per_notice",
                condition=~Q(notice_id=None),
            ),
            models.CheckConstraint(
                condition=Q(kind="fee", item=None, notice_id__isnull=False)
                | Q(kind__in=("interest", "lump_sum"), item__isnull=False, notice_id=None),
                name="claim_is_of_notice_or_item",
            ),
            models.CheckConstraint(
                condition=Q(
                    waived_minor__gte=0,
                    paid_minor__gte=0,
                    booked_minor__gte=0,
                    accrued_minor__gte=F("waived_minor") + F("paid_minor") + F("booked_minor"),
                ),
                name="claim_adds_up",
            ),
        ]


class ClaimEntry(models.Model):
    """One change of a claim, above zero in minor units; `kind` says which way. Append-only.

    What accrued names the notice that claimed it. What takes back a waiver, a payment or a booking names it as `reverses`. A booking
    that a person asked for names the `charge` that it became.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    claim = Ref(Claim)
    kind = models.CharField(max_length=10)
    minor = models.BigIntegerField()
    notice_id = models.BigIntegerField(null=True)
    until_on = models.DateField(null=True)
    reverses = Ref("self", null=True)
    charge = Ref(Item, null=True)
    wording = Ref(Wording, null=True)
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company", "claim", "id"], name="entry_of_claim"),
            models.Index(fields=["company", "notice_id"], name="claim_entry_of_notice"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "claim", "notice_id", "kind"],
                name="claim_changed_once_per_notice",
                condition=~Q(notice_id=None),
            ),
            models.UniqueConstraint(
                fields=["company", "reverses"], name="claim_entry_reversed_once", condition=~Q(reverses=None)
            ),
            models.CheckConstraint(condition=Q(kind__in=CLAIM_ENTRY_KINDS), name="claim_entry_kind_known"),
            models.CheckConstraint(condition=Q(minor__gt=0), name="claim_entry_above_zero"),
        ]
