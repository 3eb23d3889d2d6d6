"""Contacts of a customer by role: kept, replaced, ended, and put back."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction

from debitora.receivables.actions.customers import NotAnAddress
from debitora.receivables.actions.locks import lock_customer
from debitora.receivables.models import Contact
from debitora.receivables.rules.contacts import INVOICES, ROLES
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject
from debitora.values.emails import is_address


class ContactRoleUnknown(Exception):
    """The role is none of rules.contacts.ROLES."""


class ContactEnded(Exception):
    """The contact was replaced or ended already."""


def keep_contact(
    *,
    company: int,
    customer: int,
    role: str,
    name: str,
    email: str = "",
    phone: str = "",
    by: Actor,
    at: datetime,
) -> Contact:
    """Note whom to write to in a role at a customer; who stood there before is ended. The same person again changes nothing.

    Raises ContactRoleUnknown, NotAnAddress and CustomerUnknown.
    """
    if role not in ROLES:
        raise ContactRoleUnknown(role)
    if email and not is_address(email):
        raise NotAnAddress(str(customer))
    with transaction.atomic():
        lock_customer(company=company, customer=customer)
        before = _live(company).filter(customer_id=customer, role=role).first()
        if before is not None and (before.name, before.email, before.phone) == (name, email, phone):
            return before
        _live(company).filter(customer_id=customer, role=role).update(ended_at=at)
        contact = Contact.objects.create(
            company_id=company,
            customer_id=customer,
            role=role,
            name=name,
            email=email,
            phone=phone,
            recorded_at=at,
        )
        _record(contact, "contact.kept", by, at)
    return contact


def end_contact(*, company: int, contact: int, by: Actor, at: datetime) -> Contact:
    """Write no more to a contact. Raises Contact.DoesNotExist, ContactEnded."""
    with transaction.atomic():
        found = Contact.objects.select_for_update().get(company_id=company, id=contact)
        if found.ended_at is not None:
            raise ContactEnded
        found.ended_at = at
        found.save(update_fields=["ended_at"])
        _record(found, "contact.ended", by, at)
    return found


def keep_again(*, company: int, contact: int, by: Actor, at: datetime) -> Contact:
    """Put a contact that was ended back in her role, as she stood there. Raises Contact.DoesNotExist."""
    old = Contact.objects.get(company_id=company, id=contact)
    if old.role == INVOICES:
        return _named_again(old, by, at)
    return keep_contact(
        company=company,
        customer=old.customer_id,
        role=old.role,
        name=old.name,
        email=old.email,
        phone=old.phone,
        by=by,
        at=at,
    )


def _named_again(old: Contact, by: Actor, at: datetime) -> Contact:
    """Whom invoices name comes back with her items; nothing, where somebody of her address stands there already."""
    with transaction.atomic():
        lock_customer(company=old.company_id, customer=old.customer_id)
        live = _live(old.company_id).filter(customer_id=old.customer_id, role=INVOICES)
        there = live.filter(email__iexact=old.email).first()
        if there is not None:
            return there
        old.ended_at = None
        old.save(update_fields=["ended_at"])
        _record(old, "contact.kept", by, at)
    return old


def _live(company: int) -> models.QuerySet[Contact]:
    return Contact.objects.filter(company_id=company, ended_at=None)


def _record(contact: Contact, verb: str, by: Actor, at: datetime) -> None:
    record(
        company=contact.company_id,
        by=by,
        at=at,
        verb=verb,
        subjects=[Subject("contact", contact.id, contact.customer_id)],
        facts={"role": contact.role},
    )
