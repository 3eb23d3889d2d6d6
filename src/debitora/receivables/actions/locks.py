"""The one order of locks: company, then customers by id, then items by id. Every action of the ledger keeps it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from debitora.receivables.models import Customer, ItemState


class CustomerUnknown(Exception):
    """No customer of this company has the id."""


class ItemUnknown(Exception):
    """No item of this company has the id."""


def lock_company(*, company: int) -> None:
    """Let one action at a time change a company's ledger as a whole, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select id from people_company where id = %s for no key update", [company])


def lock_customer(*, company: int, customer: int) -> Customer:
    """The customer, locked until the end of the transaction: nothing of hers changes meanwhile. Raises CustomerUnknown."""
    return lock_customers(company=company, customers=[customer])[customer]


def hold_customer(*, company: int, customer: int) -> None:
    """As `lock_customer`, for whoever needs nothing of the customer. Raises CustomerUnknown."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id from receivables_customer where company_id = %s and id = %s for no key update",
            [company, customer],
        )
        if cursor.fetchone() is None:
            raise CustomerUnknown(customer)


def lock_customers(*, company: int, customers: Iterable[int]) -> dict[int, Customer]:
    """Customers by id, locked in ascending order. Raises CustomerUnknown if one is missing."""
    wanted = set(customers)
    rows = Customer.objects.filter(company_id=company, id__in=wanted).order_by("id")
    found = {row.id: row for row in rows.select_for_update(no_key=True)}
    for missing in sorted(wanted - found.keys()):
        raise CustomerUnknown(missing)
    return found


def lock_items(*, company: int, items: Iterable[int]) -> dict[int, ItemState]:
    """States of items by item id, locked in ascending order. Raises ItemUnknown if one is missing."""
    wanted = set(items)
    rows = ItemState.objects.filter(company_id=company, item_id__in=wanted).order_by("item_id")
    found = {row.item_id: row for row in rows.select_for_update(no_key=True)}
    for missing in sorted(wanted - found.keys()):
        raise ItemUnknown(missing)
    return found
