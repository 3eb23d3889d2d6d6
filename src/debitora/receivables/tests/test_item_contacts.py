"""Whom items name: by hand, on the page, twice, with nonsense, and of another customer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from debitora.people.models import Company, User
from debitora.receivables.actions import end_contact, keep_again, name_contact, unname_contact
from debitora.receivables.actions.customers import NotAnAddress
from debitora.receivables.actions.item_contacts import ItemContactEnded
from debitora.receivables.models import Contact, ItemContact
from debitora.receivables.queries.contacts import contacts_by_role, contacts_of, contacts_of_items
from debitora.receivables.testing import MOMENT, TESTS, a_customer, an_open_item

ClientOf = Callable[[User], Client]


def named(company: Company, item: int, email: str = "ana@debtor.example", name: str = "Ana") -> ItemContact:
    return name_contact(company=company.id, item=item, name=name, email=email, by=TESTS, at=MOMENT)


def test_an_item_names_one_contact_and_a_customer_has_each_address_once(company: Company) -> None:
    customer = a_customer(company.id)
    first, second = (an_open_item(company.id, customer, number=number).id for number in ("R-1", "R-2"))
    once = named(company, first)
    assert named(company, first, "ANA@debtor.example", "Ana again").id == once.id
    assert named(company, second).contact_id == once.contact_id
    other = named(company, second, "ben@debtor.example", "")
    assert contacts_of_items(items=[first, second]) == {
        first: Contact.objects.get(id=once.contact_id),
        second: Contact.objects.get(id=other.contact_id),
    }
    assert [(one.name, one.role) for one in contacts_of(customer=customer)] == [
        ("Ana", "invoices"),
        ("ben@debtor.example", "invoices"),
    ]
    assert contacts_by_role(customers=[customer]) == {}


def test_what_is_taken_back_twice_is_told(company: Company) -> None:
    item = an_open_item(company.id, a_customer(company.id)).id
    contact = named(company, item).contact_id
    unname_contact(company=company.id, item=item, contact=contact, by=TESTS, at=MOMENT)
    assert contacts_of_items(items=[item]) == {}
    with pytest.raises(ItemContactEnded):
        unname_contact(company=company.id, item=item, contact=contact, by=TESTS, at=MOMENT)
    with pytest.raises(NotAnAddress):
        named(company, item, "nobody")


def test_a_removed_contact_comes_back_with_her_items_once(company: Company) -> None:
    item = an_open_item(company.id, a_customer(company.id)).id
    contact = named(company, item).contact_id
    end_contact(company=company.id, contact=contact, by=TESTS, at=MOMENT)
    assert contacts_of_items(items=[item]) == {}
    assert keep_again(company=company.id, contact=contact, by=TESTS, at=MOMENT).id == contact
    assert contacts_of_items(items=[item])[item].id == contact
    end_contact(company=company.id, contact=contact, by=TESTS, at=MOMENT)
    newer = named(company, item).contact_id
    assert keep_again(company=company.id, contact=contact, by=TESTS, at=MOMENT).id == newer


def test_the_page_names_chooses_and_takes_back(company: Company, clerk: User, client_of: ClientOf) -> None:
    customer = a_customer(company.id)
    first, second = (an_open_item(company.id, customer, number=number).id for number in ("R-1", "R-2"))
    client = client_of(clerk)
    wrong = client.post(f"/c/acme/items/{first}/contact/", {"name": "Ana", "email": "a@b@c"})
    assert wrong.status_code == 422
    assert "a@b@c" in wrong.content.decode()
    client.post(f"/c/acme/items/{first}/contact/", {"name": "Ana", "email": "ana@debtor.example"})
    assert "ana@debtor.example" in client.get(f"/c/acme/items/{first}/").content.decode()
    offered = client.get(f"/c/acme/items/{second}/contact/").content.decode()
    assert "Ana (ana@debtor.example)" in offered
    contact = Contact.objects.get()
    client.post(f"/c/acme/items/{second}/contact/", {"known": str(contact.id)})
    assert contacts_of_items(items=[second]) == {second: contact}
    for word in ("names nobody now", "names nobody any more"):
        assert word in client.post(f"/c/acme/items/{second}/contact/ended/", follow=True).content.decode()
