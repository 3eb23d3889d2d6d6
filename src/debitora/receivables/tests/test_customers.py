"""Customers: from a list, by hand, in bulk; and who may see them."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from debitora.kit.pg.company import serving
from debitora.people.models import Company, User
from debitora.receivables import gates
from debitora.receivables.actions import (
    CustomerUnknown,
    StaleCustomer,
    allocate,
    complete_recipients,
    edit_customer,
    park_customer,
    place_hold,
    save_customers,
    unpark_customer,
)
from debitora.receivables.actions.customers import (
    CustomerIsNotHerOwnParent,
    CustomerKindUnknown,
    CustomerListedTwice,
    CustomersSaved,
    FieldNotEditable,
    NotAnAddress,
    ParentUnknown,
)
from debitora.receivables.models import Customer, Party
from debitora.receivables.queries import CustomerFilters, customer_sheet, customers_page
from debitora.receivables.rules.customers import CustomerRow
from debitora.receivables.rules.items import EVERYTHING, Scope
from debitora.receivables.testing import MOMENT, ON, TESTS, a_customer, an_open_item
from debitora.trail.models import Record
from debitora.values.money import Money


def save(company: Company, *rows: CustomerRow) -> CustomersSaved:
    return save_customers(company=company.id, rows=rows, by=TESTS, at=MOMENT)


def edit(company: Company, customer: int, version: int = 1, **changes: object) -> Customer:
    return edit_customer(
        company=company.id, customer=customer, version=version, changes=changes, by=TESTS, at=MOMENT
    )


def test_a_list_creates_changes_and_leaves_alone(company: Company) -> None:
    first = save(
        company, CustomerRow("0007", name="Berg", email="b@berg.example", kind="business"), CustomerRow("8")
    )
    assert (first.created, first.changed, first.unchanged, sorted(first.ids)) == (2, 0, 0, ["7", "8"])
    again = save(company, CustomerRow("7", name="Berg", kind="unknown"), CustomerRow("8"))
    assert (again.created, again.changed, again.unchanged) == (0, 0, 2)
    changed = save(
        company, CustomerRow("7", name="Berg AG", language="de"), CustomerRow("8", salesperson_id=5)
    )
    assert (changed.created, changed.changed) == (0, 2)
    berg = Customer.objects.select_related("party").get(id=first.ids["7"])
    assert (berg.number, berg.party.name, berg.party.email) == ("0007", "Berg AG", "b@berg.example")
    assert (berg.kind, berg.language, berg.version) == ("business", "de", 2)
    assert Party.objects.count() == 3
    assert Record.objects.filter(verb="customers.saved").count() == 3


def test_parents_are_found_in_the_list_and_in_the_ledger(company: Company) -> None:
    ids = save(company, CustomerRow("2", parent_number="01"), CustomerRow("1", parent_number="1")).ids
    assert Customer.objects.get(id=ids["2"]).parent_id == ids["1"]
    assert Customer.objects.get(id=ids["1"]).parent_id is None
    later = save(company, CustomerRow("3", parent_number="1"), CustomerRow("4", parent_number="99"))
    assert later.created == 2
    assert later.unknown_parents == ("99",)
    with pytest.raises(IntegrityError, match="own_parent"), transaction.atomic():
        Customer.objects.filter(id=ids["1"]).update(parent_id=ids["1"])


def test_a_list_that_contradicts_itself_is_refused(company: Company) -> None:
    with pytest.raises(CustomerListedTwice):
        save(company, CustomerRow("7"), CustomerRow("007"))
    with pytest.raises(CustomerKindUnknown):
        save(company, CustomerRow("7", kind="alien"))
    assert not Customer.objects.exists()


def test_editing_blanks_and_notes_what_changed(company: Company) -> None:
    customer = a_customer(company.id, email="a@b.example", phone="1")
    edited = edit(company, customer, email="", kind="business", phone="1")
    assert (edited.party.email, edited.party.phone, edited.kind, edited.version) == ("", "1", "business", 2)
    assert Record.objects.get(verb="customer.edited").facts == {"fields": ["email", "kind"]}
    with pytest.raises(StaleCustomer):
        edit(company, customer, version=1, kind="consumer")
    assert edit(company, customer, version=2, language="de").party_id == edited.party_id
    assert edit(company, customer, version=3, language="de").version == 3


def test_edits_that_make_no_sense_are_refused(company: Company) -> None:
    customer = a_customer(company.id)
    for refusal, changes in (
        (FieldNotEditable, {"number": "8"}),
        (CustomerKindUnknown, {"kind": "alien"}),
        (NotAnAddress, {"email": "nobody"}),
        (CustomerIsNotHerOwnParent, {"parent_id": customer}),
        (ParentUnknown, {"parent_id": 999_999}),
    ):
        with pytest.raises(refusal):
            edit(company, customer, **changes)
    with pytest.raises(CustomerUnknown):
        edit(company, 999_999, kind="business")
    other = a_customer(company.id, "2")
    assert edit(company, customer, parent_id=other).parent_id == other


def test_recipients_are_completed_in_bulk(company: Company) -> None:
    one, two = a_customer(company.id, "1"), a_customer(company.id, "2", email="old@b.example")
    emails = {one: "a@b.example", two: "old@b.example", 999_999: "x@y.example"}
    assert complete_recipients(company=company.id, emails=emails, by=TESTS, at=MOMENT) == 1
    sheet = customer_sheet(customer=one, on=ON)
    assert sheet is not None
    assert (sheet.party.email, sheet.party.name, sheet.version) == ("a@b.example", "Customer 1", 2)
    with pytest.raises(NotAnAddress, match=str(one)):
        complete_recipients(company=company.id, emails={one: "nobody"}, by=TESTS, at=MOMENT)


def test_parking_keeps_the_first_reason(company: Company) -> None:
    customer = a_customer(company.id)
    for reason in ("bounced", "later"):
        park_customer(company=company.id, customer=customer, reason=reason, by=TESTS, at=MOMENT)
    assert Customer.objects.get(id=customer).parked_reason == "bounced"
    assert customers_page(filters=CustomerFilters(parked=True), on=ON, currency="EUR").rows[0].parked
    for _ in range(2):
        unpark_customer(company=company.id, customer=customer, by=TESTS, at=MOMENT)
    assert Customer.objects.get(id=customer).parked_at is None
    assert Record.objects.filter(verb__startswith="customer.").count() == 2
    with pytest.raises(CustomerUnknown):
        park_customer(company=company.id, customer=999_999, reason="x", by=TESTS, at=MOMENT)


def test_a_salesperson_sees_her_own_customers(company: Company, sales: User, clerk: User) -> None:
    hers, other = a_customer(company.id, "1", salesperson_id=sales.id), a_customer(company.id, "2")
    item = an_open_item(company.id, other)
    credit = an_open_item(company.id, other, number="G", minor=-5)
    made = allocate(
        company=company.id,
        credit_item=credit.id,
        debit_item=item.id,
        amount=Money(5, "EUR"),
        on=ON,
        by=TESTS,
        at=MOMENT,
    )
    hold = place_hold(company=company.id, customer=other, reason="legal", from_on=ON, by=TESTS, at=MOMENT)
    scope = gates.scope_of(person=sales, role="sales", on=ON)
    assert scope == Scope((sales.id,))
    assert gates.scope_of(person=clerk, role="clerk", on=ON) == EVERYTHING
    assert gates.customer(scope=scope, customer=hers).id == hers
    for gate, hidden in (
        (lambda s: gates.customer(scope=s, customer=other), other),
        (lambda s: gates.item(scope=s, item=item.id), item.id),
        (lambda s: gates.hold(scope=s, hold=hold.id), hold.id),
        (lambda s: gates.allocation(scope=s, allocation=made.id), made.id),
    ):
        assert gate(EVERYTHING).id == hidden
        with pytest.raises(Http404):
            gate(scope)
    found = customers_page(filters=CustomerFilters(), on=ON, currency="EUR", scope=scope)
    assert [row.customer for row in found.rows] == [hers]


def test_foreign_and_unknown_are_equally_not_there(company: Company, other_company: Company) -> None:
    with serving(other_company.id):
        foreign = a_customer(other_company.id)
        item = an_open_item(other_company.id, foreign).id
    for wanted in (foreign, 999_999):
        with pytest.raises(Http404):
            gates.customer(scope=EVERYTHING, customer=wanted)
    for wanted in (item, 999_999):
        with pytest.raises(Http404):
            gates.item(scope=EVERYTHING, item=wanted)
    assert customer_sheet(customer=foreign, on=ON) is None
