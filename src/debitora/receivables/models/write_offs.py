"""What was proposed to be given up, what became of it, and up to which sum one person decides alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from debitora.kit.pg.fields import Ref
from debitora.people.models import Company
from debitora.receivables.models.customers import Customer
from debitora.receivables.models.holds import Hold
from debitora.receivables.models.items import Item
from debitora.receivables.rules.write_offs import Ground, StepKind
from debitora.trail.models import Wording


def _company() -> models.ForeignKey[Company, Company]:
    return models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)


class WriteOffLimit(models.Model):
    """Up to which sum, in the company's currency, whoever proposes a write-off books it alone. Append-only; the newest counts."""

    company = _company()
    minor = models.BigIntegerField()
    chosen_at = models.DateTimeField()
    chosen_by_id = models.BigIntegerField(null=True)
    chosen_by_label = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(minor__gte=0, minor__lt=10**15), name="write_off_limit_in_range"
            )
        ]


class WriteOff(models.Model):
    """An amount of an item, in minor units of its currency, that somebody proposes to give up. Append-only.

    It is proposed until a step says more; `hold` keeps it from being reminded of meanwhile.
    """

    company = _company()
    customer = Ref(Customer)
    item = Ref(Item)
    amount_minor = models.BigIntegerField()
    ground = models.CharField(max_length=16)
    wording = Ref(Wording)
    hold = Ref(Hold, null=True)
    proposed_at = models.DateTimeField()
    proposed_by_id = models.BigIntegerField(null=True)
    proposed_by_label = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company", "item"], name="write_off_of_item"),
            models.Index(fields=["company", "customer", "-id"], name="write_off_of_customer"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="write_off_above_zero"),
            models.CheckConstraint(
                condition=Q(ground__in=[one.value for one in Ground]), name="write_off_ground_known"
            ),
        ]


class WriteOffStep(models.Model):
    """What became of a proposal: booked with an entry of the ledger, declined, withdrawn, or reversed. Append-only.

    Nobody but a second person books what is above the limit: `proposed_by_id` is copied so that the database refuses it.
    """

    company = _company()
    write_off = Ref(WriteOff)
    place = models.SmallIntegerField()
    kind = models.CharField(max_length=10)
    entry = models.BigIntegerField(null=True)
    within_limit = models.BooleanField(default=False)
    proposed_by_id = models.BigIntegerField(null=True)
    wording = Ref(Wording, null=True)
    done_on = models.DateField()
    done_at = models.DateTimeField()
    done_by_id = models.BigIntegerField(null=True)
    done_by_label = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "write_off", "place"], name="write_off_step_once_per_place"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in StepKind]), name="write_off_step_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("booked", "reversed"), entry__isnull=False)
                | Q(kind__in=("declined", "withdrawn"), entry__isnull=True),
                name="write_off_booked_with_an_entry",
            ),
            models.CheckConstraint(
                condition=~Q(kind="booked")
                | Q(within_limit=True)
                | Q(proposed_by_id__isnull=True)
                | ~Q(done_by_id=F("proposed_by_id")),
                name="write_off_needs_two_people",
            ),
        ]
