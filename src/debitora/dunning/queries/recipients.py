"""Whom notices go to: the customer, the contact on the rung that a step names, whom the items name, or the parent company."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from debitora.dunning.models import Notice
from debitora.dunning.rules.composition import Recipient
from debitora.receivables.models import Contact, Customer
from debitora.receivables.queries.contacts import contacts_by_role, contacts_of_items
from debitora.receivables.rules.contacts import rung

Steps = Mapping[int, Mapping[str, object]]


def recipients_of(
    notices: Sequence[Notice], *, steps: Steps, due: Mapping[int, Sequence[int]]
) -> dict[int, Recipient]:
    """Who each notice goes to, by notice. `steps` and `due`, by notice: the step that made it, and the items it asks for.

    A notice that gathers what names one contact goes to her; else a role that the step names decides (rules.contacts.rung).
    """
    named = _named(steps, due)
    houses = _houses(notices, steps)
    asked = {house.id for notice, house in houses.items() if steps[notice].get("to")}
    known = contacts_by_role(customers=asked) if asked else {}
    return {
        notice.id: _recipient(
            notice.customer,
            houses[notice.id],
            named.get(notice.id) or _on_rung(steps[notice.id], known.get(houses[notice.id].id, {})),
        )
        for notice in notices
    }


def _houses(notices: Sequence[Notice], steps: Steps) -> dict[int, Customer]:
    """In whose house each notice is read: the parent's where its strategy gathers so and there is one, else the customer's."""
    gathering = {
        notice.customer.parent_id
        for notice in notices
        if steps[notice.id].get("gathers") == "parent" and notice.customer.parent_id
    }
    parents = (
        {one.id: one for one in Customer.objects.filter(id__in=gathering).select_related("party")}
        if gathering
        else {}
    )
    return {
        notice.id: parents.get(notice.customer.parent_id or 0, notice.customer)
        if steps[notice.id].get("gathers") == "parent"
        else notice.customer
        for notice in notices
    }


def _named(steps: Steps, due: Mapping[int, Sequence[int]]) -> dict[int, Contact]:
    """The contact whom all items of a notice name, where its strategy gathers so; what else stands on it does not count."""
    gathering = {notice: due[notice] for notice, step in steps.items() if step.get("gathers") == "contact"}
    known = (
        contacts_of_items(items=[item for items in gathering.values() for item in items]) if gathering else {}
    )
    found = {}
    for notice, items in gathering.items():
        contacts = {contact.id: contact for contact in map(known.get, items) if contact}
        if len(contacts) == 1 and all(item in known for item in items):
            found[notice] = next(iter(contacts.values()))
    return found


def _on_rung(step: Mapping[str, object], known: Mapping[str, Contact]) -> Contact | None:
    return known.get(rung(str(step.get("to", "")), known))


def _recipient(customer: Customer, house: Customer, contact: Contact | None) -> Recipient:
    """The contact as she stands there now; else the house as its party reads now."""
    party, elsewhere = house.party, house.id != customer.id
    own = Recipient(
        party=party.id,
        name=party.name,
        contact_name=party.contact_name,
        street=party.street,
        postcode=party.postcode,
        city=party.city,
        country=party.country,
        email=party.email,
        language=house.language,
        via=house.id if elsewhere else None,
        debtor=customer.party.name if elsewhere else "",
    )
    if contact is None:
        return own
    named = replace(own, contact_name=contact.name)
    return replace(named, email=contact.email, contact=contact.id) if contact.email else named
