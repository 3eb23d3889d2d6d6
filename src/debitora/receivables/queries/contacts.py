"""Whom to write to at customers, by role."""

from __future__ import annotations

from collections.abc import Collection

from debitora.receivables.models import Contact, ItemContact
from debitora.receivables.rules.contacts import INVOICES, ROLES


def contacts_of(*, customer: int) -> list[Contact]:
    """The live contacts of a customer, from accounts payable upwards; then whom invoices name."""
    found = Contact.objects.filter(customer_id=customer, ended_at=None).order_by("id")
    return sorted(found, key=lambda one: (*ROLES, INVOICES).index(one.role))


def contacts_by_role(*, customers: Collection[int]) -> dict[int, dict[str, Contact]]:
    """The live contacts of customers, by customer and role; who has none is absent."""
    found: dict[int, dict[str, Contact]] = {}
    live = Contact.objects.filter(customer_id__in=customers, ended_at=None).exclude(role=INVOICES)
    for one in live.order_by("id"):
        found.setdefault(one.customer_id, {})[one.role] = one
    return found


def contacts_of_items(*, items: Collection[int]) -> dict[int, Contact]:
    """The live contact whom each item names; who names none is absent."""
    named = ItemContact.objects.filter(item_id__in=items, ended_at=None, contact__ended_at=None)
    return {one.item_id: one.contact for one in named.select_related("contact")}
