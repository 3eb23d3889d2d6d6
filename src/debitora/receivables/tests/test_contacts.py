"""Contacts of a customer by role: kept, replaced, ended, put back; and the rungs from below upwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client
from django.urls import clear_script_prefix, reverse

from debitora.people.models import Company, User
from debitora.receivables import gates
from debitora.receivables.actions import end_contact, keep_again, keep_contact
from debitora.receivables.actions.contacts import ContactEnded, ContactRoleUnknown
from debitora.receivables.actions.customers import NotAnAddress
from debitora.receivables.models import Contact
from debitora.receivables.queries.contacts import contacts_by_role, contacts_of
from debitora.receivables.rules.contacts import ROLES, rung
from debitora.receivables.rules.items import EVERYTHING, Scope
from debitora.receivables.testing import MOMENT, TESTS, a_customer

ClientOf = Callable[[User], Client]
LATER = MOMENT + timedelta(days=1)


def kept(
    company: Company, customer: int, role: str = "payables", name: str = "Frau Ott", email: str = ""
) -> Contact:
    return keep_contact(
        company=company.id, customer=customer, role=role, name=name, email=email, by=TESTS, at=MOMENT
    )


@pytest.mark.parametrize(
    ("wanted", "known", "expected"),
    [
        ("payables", ROLES, "payables"),
        ("payables", ("signer", "management"), "management"),
        ("payables", ("signer",), "signer"),
        ("management", ("payables",), ""),
        ("signer", ROLES, "signer"),
        ("", ROLES, ""),
        ("customer", ROLES, ""),
    ],
)
def test_a_rung_that_nobody_stands_on_gives_way_to_the_next_above(
    wanted: str, known: tuple[str, ...], expected: str
) -> None:
    assert rung(wanted, known) == expected


def test_one_contact_stands_in_a_role_and_another_takes_her_place(company: Company) -> None:
    customer = a_customer(company.id)
    first = kept(company, customer)
    assert kept(company, customer).id == first.id
    signer = kept(company, customer, "signer", "Herr Kant")
    second = keep_contact(
        company=company.id, customer=customer, role="payables", name="Herr Rau", by=TESTS, at=LATER
    )
    assert [one.id for one in contacts_of(customer=customer)] == [second.id, signer.id]
    assert contacts_by_role(customers=[customer]) == {customer: {"payables": second, "signer": signer}}
    assert Contact.objects.get(id=first.id).ended_at == LATER
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.create(
            company=company, customer_id=customer, role="payables", name="Twice", recorded_at=LATER
        )


def test_a_contact_ends_once_and_can_be_put_back(company: Company) -> None:
    contact = kept(company, a_customer(company.id), email="ott@debtor.example")
    end_contact(company=company.id, contact=contact.id, by=TESTS, at=LATER)
    assert contacts_of(customer=contact.customer_id) == []
    with pytest.raises(ContactEnded):
        end_contact(company=company.id, contact=contact.id, by=TESTS, at=LATER)
    again = keep_again(company=company.id, contact=contact.id, by=TESTS, at=LATER)
    assert (again.name, again.email, again.role) == ("Frau Ott", "ott@debtor.example", "payables")


def test_what_is_no_role_and_no_address_is_refused(company: Company) -> None:
    customer = a_customer(company.id)
    with pytest.raises(ContactRoleUnknown):
        kept(company, customer, "porter")
    with pytest.raises(NotAnAddress):
        kept(company, customer, email="nobody")


def test_the_page_keeps_removes_and_puts_back(company: Company, clerk: User, client_of: ClientOf) -> None:
    customer = a_customer(company.id)
    client = client_of(clerk)

    def here(name: str, *args: int) -> str:
        clear_script_prefix()
        return f"/c/acme{reverse(f'receivables:{name}', args=args)}"

    assert "No contacts by role" in client.get(here("contacts", customer)).content.decode()
    typed = {"role": "management", "name": "Frau Dr. Blum", "email": "blum@debtor.example"}
    client.post(here("contact_kept", customer), typed)
    contact = Contact.objects.get()
    assert "blum@debtor.example" in client.get(here("customer", customer)).content.decode()
    assert "Management" in client.get(here("contacts", customer)).content.decode()
    wrong = client.post(here("contact_kept", customer), {**typed, "email": "a@b@c"})
    assert wrong.status_code == 422
    assert "is removed" in client.post(here("contact_ended", contact.id), follow=True).content.decode()
    late = client.post(here("contact_ended", contact.id), follow=True).content.decode()
    assert "replaced or removed already" in late
    client.post(here("contact_again", contact.id))
    assert len(contacts_of(customer=customer)) == 1


def test_a_contact_is_behind_its_customers_gate(company: Company, sales: User) -> None:
    contact = kept(company, a_customer(company.id))
    assert gates.contact(scope=EVERYTHING, contact=contact.id) == contact
    with pytest.raises(Http404):
        gates.contact(scope=Scope((sales.id,)), contact=contact.id)
