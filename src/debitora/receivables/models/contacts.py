"""Contact (Ansprechperson): whom to write to at a customer, by what she is there, and which items name one. Can be erased."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from debitora.kit.pg.fields import Ref
from debitora.people.models import Company
from debitora.receivables.models.customers import Customer
from debitora.receivables.models.items import Item
from debitora.receivables.rules.contacts import INVOICES, ROLES


class Contact(models.Model):
    """A person at a customer in a role of rules.contacts, until `ended_at`. A change ends one and adds another.

    One is live per role; of those whom invoices name, one per address.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    customer = Ref(Customer)
    role = models.CharField(max_length=12)
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "customer", "role"],
                condition=Q(ended_at=None) & ~Q(role=INVOICES),
                name="one_contact_per_role",
            ),
            models.UniqueConstraint(
                F("company"),
                F("customer"),
                Lower("email"),
                condition=Q(ended_at=None, role=INVOICES),
                name="one_contact_per_address",
            ),
            models.CheckConstraint(condition=Q(role__in=(*ROLES, INVOICES)), name="contact_role_known"),
        ]


class ItemContact(models.Model):
    """The contact whom an item names, until `ended_at`. A change ends one and adds another."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    item = Ref(Item)
    contact = Ref(Contact)
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "item"], condition=Q(ended_at=None), name="one_contact_per_item"
            )
        ]
