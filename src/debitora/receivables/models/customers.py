"""Customer and Party: the debtor's number and standing, and apart from it whatever names a person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from debitora.kit.pg.fields import Ref
from debitora.people.models import Company

KINDS = ("business", "consumer", "unknown")


class Party(models.Model):
    """Name and addresses of a customer in one version. A change adds a row; erasure overwrites it after retention."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    name = models.CharField(max_length=200)
    contact_name = models.CharField(max_length=200, blank=True, default="")
    street = models.CharField(max_length=200, blank=True, default="")
    postcode = models.CharField(max_length=20, blank=True, default="")
    city = models.CharField(max_length=120, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    recorded_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company", "name"], name="party_by_name"),
            models.Index(fields=["company", "country"], name="party_by_country"),
        ]


class Customer(models.Model):
    """A debtor (Debitor) of a company, known by its number; matched without leading zeros, shown as delivered."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    number = models.CharField(max_length=60)
    number_key = models.CharField(max_length=60, db_collation="C")
    party = Ref(Party)
    kind = models.CharField(max_length=10, default="unknown")
    language = models.CharField(max_length=2, blank=True, default="")
    salesperson_id = models.BigIntegerField(null=True)
    parent = Ref("self", null=True)
    parked_at = models.DateTimeField(null=True)
    parked_reason = models.CharField(max_length=40, blank=True, default="")
    version = models.IntegerField(default=1)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company", "salesperson_id", "id"], name="customer_by_salesperson"),
            models.Index(fields=["company", "party"], name="customer_by_party"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "number_key"], name="customer_number_once"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="customer_kind_known"),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=models.F("id")), name="customer_is_not_its_own_parent"
            ),
        ]
