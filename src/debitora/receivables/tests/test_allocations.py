"""Allocations: what is refused is refused by the action and, past the action, by the database."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from debitora.kit.pg.company import serving
from debitora.people.models import Company
from debitora.receivables.actions import allocate, allocations, release_allocation
from debitora.receivables.actions.allocations import (
    AllocationAlreadyReleased,
    AllocationUnknown,
    ItemsUnknown,
    MoreThanIsOpen,
    NotACreditAndADebit,
    NothingToAllocate,
    NotTheSameCurrency,
    NotTheSameCustomer,
)
from debitora.receivables.models import Allocation, Entry, Item, ItemState
from debitora.receivables.queries import item_facts, known_items
from debitora.receivables.testing import (
    MOMENT,
    ON,
    TESTS,
    a_customer,
    a_listed,
    a_source,
    an_open_item,
    apply_listed,
)
from debitora.trail.models import Record
from debitora.values.money import Money
from tests.ledger_oracle import findings


def put(
    company: Company, credit: Item, debit: Item, minor: int, *, on: date = ON, currency: str = "EUR"
) -> Allocation:
    return allocate(
        company=company.id,
        credit_item=credit.id,
        debit_item=debit.id,
        amount=Money(minor, currency),
        on=on,
        by=TESTS,
        at=MOMENT,
    )


def release(company: Company, allocation: int) -> Allocation:
    return release_allocation(company=company.id, allocation=allocation, on=ON, by=TESTS, at=MOMENT)


def opened(*items: Item) -> list[int]:
    return [ItemState.objects.get(item=item).open_minor for item in items]


def insert_allocation(
    company: Company, credit: int, debit: int, minor: int, reverses: int | None = None
) -> None:
    """Past the action: what wrong code could write."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "insert into receivables_allocation (company_id, credit_item_id, debit_item_id, amount_minor, effective_on,"
            " recorded_at, reason, reverses_id) values (%s, %s, %s, %s, %s, %s, '', %s)",
            [company.id, credit, debit, minor, ON, MOMENT, reverses],
        )


def test_a_credit_is_put_against_a_debit_and_taken_back(company: Company) -> None:
    customer = a_customer(company.id)
    debit, credit = (
        an_open_item(company.id, customer),
        an_open_item(company.id, customer, number="G", minor=-3_000),
    )
    made = put(company, credit, debit, 2_000)
    assert opened(debit, credit) == [8_000, -1_000]
    assert Record.objects.get(verb="items.allocated").facts == {
        "allocation": made.id,
        "minor": 2_000,
        "currency": "EUR",
        "reason": "by_hand",
    }
    release(company, made.id)
    assert opened(debit, credit) == [10_000, -3_000]
    assert findings() == []
    with pytest.raises(AllocationAlreadyReleased):
        release(company, made.id)
    facts = item_facts(item=debit.id, on=ON)
    assert facts is not None
    assert [one.amount_minor for one in facts.allocations] == [2_000, -2_000]


@pytest.mark.parametrize("minor", [0, -1])
def test_nothing_is_no_allocation(company: Company, minor: int) -> None:
    customer = a_customer(company.id)
    debit, credit = (
        an_open_item(company.id, customer),
        an_open_item(company.id, customer, number="G", minor=-3_000),
    )
    with pytest.raises(NothingToAllocate):
        put(company, credit, debit, minor)
    with pytest.raises(IntegrityError, match="allocation_sign"):
        insert_allocation(company, credit.id, debit.id, minor)


def test_never_more_than_is_open_on_either_side(company: Company) -> None:
    customer = a_customer(company.id)
    debit, credit = (
        an_open_item(company.id, customer),
        an_open_item(company.id, customer, number="G", minor=-20_000),
    )
    small = an_open_item(company.id, customer, number="K", minor=-500)
    for one, minor in ((credit, 10_001), (small, 501)):
        with pytest.raises(MoreThanIsOpen):
            put(company, one, debit, minor)
    for beyond in (-1, 10_001):
        with pytest.raises(IntegrityError, match="open_between_zero_and_raised"), transaction.atomic():
            ItemState.objects.filter(item=debit).update(open_minor=beyond)
    with pytest.raises(IntegrityError, match="open_between_zero_and_raised"), transaction.atomic():
        ItemState.objects.filter(item=credit).update(open_minor=1)


def test_only_a_credit_against_a_debit(company: Company) -> None:
    customer = a_customer(company.id)
    debit, other = an_open_item(company.id, customer), an_open_item(company.id, customer, number="R-2")
    credit = an_open_item(company.id, customer, number="G", minor=-1)
    for wrong in ((debit, other), (credit, credit), (debit, credit)):
        with pytest.raises((NotACreditAndADebit, ItemsUnknown)):
            put(company, wrong[0], wrong[1], 1)
        with pytest.raises(IntegrityError, match=r"belong together|joins_two_items"):
            insert_allocation(company, wrong[0].id, wrong[1].id, 1)


def test_only_one_currency(company: Company) -> None:
    customer = a_customer(company.id)
    debit = an_open_item(company.id, customer)
    dollars = an_open_item(company.id, customer, number="G", minor=-500, currency="USD")
    for currency in ("EUR", "USD"):
        with pytest.raises(NotTheSameCurrency):
            put(company, dollars, debit, 1, currency=currency)
    with pytest.raises(IntegrityError, match="belong together"):
        insert_allocation(company, dollars.id, debit.id, 1)


def test_only_one_customer_or_one_group(company: Company) -> None:
    mother, daughter = a_customer(company.id, "1"), a_customer(company.id, "2")
    debit, credit = (
        an_open_item(company.id, daughter),
        an_open_item(company.id, mother, number="G", minor=-500),
    )
    with pytest.raises(NotTheSameCustomer):
        put(company, credit, debit, 1)
    with pytest.raises(IntegrityError, match="belong together"):
        insert_allocation(company, credit.id, debit.id, 1)
    a_customer(company.id, "2", parent_number="1")
    put(company, credit, debit, 500)
    assert findings() == []


def test_nobody_reaches_another_company(company: Company, other_company: Company) -> None:
    customer = a_customer(company.id)
    debit = an_open_item(company.id, customer)
    with serving(other_company.id):
        foreign = an_open_item(other_company.id, a_customer(other_company.id), minor=-500)
    with pytest.raises(ItemsUnknown):
        put(company, foreign, debit, 1)
    with pytest.raises(AllocationUnknown):
        release(company, 999_999)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_allocation(company, foreign.id, debit.id, 1)


def test_a_release_takes_back_exactly_one_allocation(company: Company) -> None:
    customer = a_customer(company.id)
    debit, credit = (
        an_open_item(company.id, customer),
        an_open_item(company.id, customer, number="G", minor=-500),
    )
    made = put(company, credit, debit, 100)
    with pytest.raises(IntegrityError, match="exactly one allocation"):
        insert_allocation(company, credit.id, debit.id, -99, reverses=made.id)
    back = release(company, made.id)
    with pytest.raises(AllocationUnknown):
        release(company, back.id)
    with pytest.raises(IntegrityError, match="allocation_reversed_once"):
        insert_allocation(company, credit.id, debit.id, -100, reverses=made.id)


def test_an_entrys_reversal_is_exact(company: Company) -> None:
    customer = a_customer(company.id)
    item, other = an_open_item(company.id, customer), an_open_item(company.id, customer, number="R-2")
    entry = Entry.objects.get(item=item)
    whole = {"item": item, "kind": "opened", "amount_minor": -10_000}
    for wrong in ({"amount_minor": -9_999}, {"kind": "charged"}, {"item": other}):
        with pytest.raises(IntegrityError, match="exactly one entry"), transaction.atomic():
            _reverse(company, entry, **(whole | wrong))
    _reverse(company, entry, **whole)
    with pytest.raises(IntegrityError, match="entry_reversed_once"), transaction.atomic():
        _reverse(company, entry, **whole)


def _reverse(company: Company, entry: Entry, **fields: Any) -> None:
    Entry.objects.create(company_id=company.id, reverses=entry, effective_on=ON, recorded_at=MOMENT, **fields)


def test_a_payment_outranks_the_list(company: Company) -> None:
    """The list settled 100; the bank says 60 came: its entry gives way, and only 40 stay settled per list."""
    apply_listed(company.id, a_listed([("R-1", 10_000)]))
    apply_listed(company.id, a_listed([("R-1", 9_000)]), list_import=2)
    apply_listed(company.id, a_listed([]), list_import=3)
    debit = Item.objects.get()
    payment = an_open_item(company.id, debit.customer_id, number="P", minor=-20_000, kind="payment")
    put(company, payment, debit, 6_000)
    assert opened(debit, payment) == [0, -14_000]
    assert known_items(source=a_source(company.id))["settled_per_list_minor"].to_list() == [-4_000]
    put(company, payment, debit, 3_500)
    assert known_items(source=a_source(company.id))["settled_per_list_minor"].to_list() == [-500]
    with pytest.raises(MoreThanIsOpen):
        put(company, payment, debit, 501)
    assert findings() == []


def test_a_credit_note_does_not_outrank_the_list(company: Company) -> None:
    apply_listed(company.id, a_listed([("R-1", 10_000)]))
    apply_listed(company.id, a_listed([]), list_import=2)
    debit = Item.objects.get()
    with pytest.raises(MoreThanIsOpen):
        put(company, an_open_item(company.id, debit.customer_id, number="G", minor=-500), debit, 500)


def test_what_was_paid_here_is_not_reopened_by_a_list_but_by_a_returned_payment(company: Company) -> None:
    apply_listed(company.id, a_listed([("R-1", 10_000)]))
    debit = Item.objects.get()
    payment = an_open_item(company.id, debit.customer_id, number="P", minor=-10_000, kind="payment")
    partly, rest = put(company, payment, debit, 4_000), put(company, payment, debit, 6_000)
    assert apply_listed(company.id, a_listed([("R-1", 10_000)]), list_import=2).behind == 1
    state = ItemState.objects.get(item=debit)
    assert (state.open_minor, state.list_behind) == (0, True)
    release(company, partly.id)
    assert ItemState.objects.get(item=debit).list_behind
    release(company, rest.id)
    state = ItemState.objects.get(item=debit)
    assert (state.open_minor, state.list_behind) == (10_000, False)
    assert findings() == []


def allocate_behind_a_barrier(company: Company, credit: Item, debits: list[Item]) -> list[Exception | None]:
    """Two clerks put the whole credit against one debit each, at the same moment, over connections of their own."""
    barrier = threading.Barrier(2)
    outcome: list[Exception | None] = [None, None]

    def clerk(index: int) -> None:
        try:
            with serving(company.id):
                barrier.wait(timeout=30)
                put(company, credit, debits[index], 10_000)
        except (MoreThanIsOpen, DatabaseError) as refused:
            outcome[index] = refused
        finally:
            connections.close_all()

    clerks = [threading.Thread(target=clerk, args=(index,)) for index in range(2)]
    for thread in clerks:
        thread.start()
    for thread in clerks:
        thread.join()
    return outcome


def test_two_clerks_cannot_spend_one_credit_twice(committed: str, company: Company) -> None:
    for attempt in range(5):
        credit, debits = _a_credit_and_two_debits(company, attempt)
        outcome = allocate_behind_a_barrier(company, credit, debits)
        assert sorted(type(each).__name__ for each in outcome) == ["MoreThanIsOpen", "NoneType"]
    with transaction.atomic():
        assert findings() == []


def test_without_the_lock_the_clerks_do_spend_it_twice(
    committed: str, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: both read the credit before either writes, and both succeed, leaving rows and projection apart."""
    meeting = threading.Barrier(2)

    def unlocked(company_id: int, credit: int, debit: int) -> Any:
        items = {item.id: item for item in Item.objects.filter(id__in=(credit, debit))}
        states = {state.item_id: state for state in ItemState.objects.filter(item_id__in=items)}
        customers = {item.customer_id: item.customer for item in items.values()}
        meeting.wait(timeout=30)
        return allocations._Pair(states[credit], states[debit], items, customers)

    with transaction.atomic():
        credit, debits = _a_credit_and_two_debits(company, 0)
    monkeypatch.setattr(allocations, "_locked_pair", unlocked)
    outcome = allocate_behind_a_barrier(company, credit, debits)
    assert outcome == [None, None]
    with transaction.atomic():
        assert Allocation.objects.filter(credit_item=credit).count() == 2
        assert findings()


def _a_credit_and_two_debits(company: Company, attempt: int) -> tuple[Item, list[Item]]:
    with transaction.atomic():
        customer = a_customer(company.id)
        debits = [an_open_item(company.id, customer, number=f"R-{attempt}-{index}") for index in range(2)]
        return an_open_item(company.id, customer, number=f"G-{attempt}", minor=-10_000), debits
