"""What was agreed with a customer, and what became of that."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from debitora.kit.pg.fields import Ref
from debitora.people.models import Company
from debitora.receivables.models.customers import Customer
from debitora.receivables.rules.agreements import AGREEMENT_CHANGES, LONGEST_NAME, AgreementKind
from debitora.trail.models import Wording


class Agreement(models.Model):
    """A special deal or terms, as somebody of ours agreed with somebody of hers. Append-only.

    It counts from a day on, until a day or until further notice, unless its newest change ended it.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    customer = Ref(Customer)
    kind = models.CharField(max_length=10)
    wording = Ref(Wording)
    with_whom = models.CharField(max_length=LONGEST_NAME, blank=True, default="")
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    entered_at = models.DateTimeField()
    entered_by_id = models.BigIntegerField(null=True)
    entered_by_label = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company", "customer", "-id"], name="agreement_of_customer")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in AgreementKind]), name="agreement_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="agreement_ends_later",
            ),
        ]


class AgreementChange(models.Model):
    """An agreement was ended, or that was taken back. Append-only; the newest counts."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    agreement = Ref(Agreement)
    place = models.IntegerField()
    kind = models.CharField(max_length=10)
    changed_at = models.DateTimeField()
    changed_by_id = models.BigIntegerField(null=True)
    changed_by_label = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "agreement", "place"], name="agreement_change_once_per_place"
            ),
            models.CheckConstraint(condition=Q(kind__in=AGREEMENT_CHANGES), name="agreement_change_known"),
        ]
