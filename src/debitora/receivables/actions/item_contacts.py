"""Whom items name as the customer's contact: one by hand, many by a list; and taken back."""

from __future__ import annotations

from datetime import datetime

import polars as pl
from django.db import connection, transaction
from django.db.models.functions import Lower

from debitora.kit.pg.bulk import stage
from debitora.receivables.actions.bulk import run
from debitora.receivables.actions.customers import NotAnAddress
from debitora.receivables.actions.locks import lock_customer
from debitora.receivables.models import Contact, Item, ItemContact
from debitora.receivables.rules.contacts import INVOICES
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject
from debitora.values.emails import is_address


class ItemContactEnded(Exception):
    """The item names somebody else, or nobody, already."""


def name_contact(*, company: int, item: int, name: str, email: str, by: Actor, at: datetime) -> ItemContact:
    """Note whom an item names as the customer's contact; whom it named before is ended. The same again changes nothing.

    The contact is known by her address among those whom the customer's invoices name. Raises NotAnAddress, Item.DoesNotExist.
    """
    if not is_address(email):
        raise NotAnAddress(email)
    with transaction.atomic():
        found = Item.objects.get(company_id=company, id=item)
        lock_customer(company=company, customer=found.customer_id)
        contact = _kept(company, found.customer_id, name or email, email, at)
        live = ItemContact.objects.filter(company_id=company, item_id=item, ended_at=None)
        before = live.first()
        if before is not None and before.contact_id == contact.id:
            return before
        live.update(ended_at=at)
        named = ItemContact.objects.create(
            company_id=company, item_id=item, contact_id=contact.id, recorded_at=at
        )
        _record(found, "item.contact_named", contact.id, by, at)
    return named


def unname_contact(*, company: int, item: int, contact: int, by: Actor, at: datetime) -> None:
    """The item names this contact no more: its notices go to the customer again. Raises ItemContactEnded, Item.DoesNotExist."""
    with transaction.atomic():
        found = Item.objects.get(company_id=company, id=item)
        lock_customer(company=company, customer=found.customer_id)
        live = ItemContact.objects.filter(company_id=company, item_id=item, contact_id=contact, ended_at=None)
        if not live.update(ended_at=at):
            raise ItemContactEnded
        _record(found, "item.contact_ended", contact, by, at)


def name_contacts(*, company: int, source: int, named: pl.DataFrame, by: Actor, at: datetime) -> int:
    """Note whom the items of a source name, as its list says: columns customer_key, number_key, position, currency,
    contact_name, contact_email; rows without an address that can be one say nothing. Returns how many items name somebody else now.

    A part of the transaction that applies the list, under the company's lock.
    """
    told = named.with_columns(pl.col("contact_email").str.strip_chars()).filter(
        pl.col("contact_email").map_elements(is_address, return_dtype=pl.Boolean)
    )
    if not told.height:
        return 0
    stage(told, "list_contact")
    with connection.cursor() as cursor:
        run(cursor, "lists/contacts", company=company, source=source, at=at)
        subjects = [Subject(*found) for found in cursor.fetchall()]
    items = sum(one.kind == "item" for one in subjects)
    if subjects:
        record(
            company=company,
            by=by,
            at=at,
            verb="item.contact_named",
            subjects=subjects,
            facts={"source": source, "items": items},
        )
    return items


def _kept(company: int, customer: int, name: str, email: str, at: datetime) -> Contact:
    known = (
        Contact.objects.filter(company_id=company, customer_id=customer, role=INVOICES, ended_at=None)
        .alias(address=Lower("email"))
        .filter(address=email.lower())
        .first()
    )
    return known or Contact.objects.create(
        company_id=company, customer_id=customer, role=INVOICES, name=name, email=email, recorded_at=at
    )


def _record(item: Item, verb: str, contact: int, by: Actor, at: datetime) -> None:
    record(
        company=item.company_id,
        by=by,
        at=at,
        verb=verb,
        subjects=[Subject("item", item.id, item.customer_id), Subject("contact", contact, item.customer_id)],
        facts={"number": item.number},
    )
