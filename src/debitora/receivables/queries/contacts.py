"""Whom to write to at customers, by role."""

from __future__ import annotations

from collections.abc import Collection

from debitora.receivables.models import Contact
from debitora.receivables.rules.contacts import ROLES


def contacts_of(*, customer: int) -> list[Contact]:
    """The live contacts of a customer, from accounts payable upwards."""
    found = Contact.objects.filter(customer_id=customer, ended_at=None).order_by("id")
    return sorted(found, key=lambda one: ROLES.index(one.role))


def contacts_by_role(*, customers: Collection[int]) -> dict[int, dict[str, Contact]]:
    """The live contacts of customers, by customer and role; who has none is absent."""
    found: dict[int, dict[str, Contact]] = {}
    for one in Contact.objects.filter(customer_id__in=customers, ended_at=None).order_by("id"):
        found.setdefault(one.customer_id, {})[one.role] = one
    return found
