"""Payments and lists tell of the same money: what a list has settled gives way to the payment, and nothing counts twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from debitora.people.models import Company
from debitora.receivables.actions import allocate
from debitora.receivables.models import Item
from debitora.receivables.queries import known_items
from debitora.receivables.testing import MOMENT, ON, TESTS, a_listed, a_source, an_open_item, apply_listed
from debitora.receivables.tests.test_settlements import opened, settle
from debitora.values.money import Money
from tests.ledger_oracle import findings


def test_a_payment_outranks_the_list_in_bulk_as_by_hand(company: Company) -> None:
    apply_listed(company.id, a_listed([("R-1", 10_000)]))
    apply_listed(company.id, a_listed([("R-1", 9_000)]), list_import=2)
    apply_listed(company.id, a_listed([]), list_import=3)
    debit = Item.objects.get()
    made = settle(company, [(debit.customer_id, 20_000)], [(0, (None, debit.id, 6_000))])
    assert opened(debit.id, made.items["item"][0]) == [0, -14_000]
    assert known_items(source=a_source(company.id))["settled_per_list_minor"].to_list() == [-4_000]
    assert findings() == []


@pytest.mark.parametrize(("days", "left"), [(0, 6_000), (3, 6_000), (4, 2_000), (-30, 6_000)])
def test_a_part_payment_of_which_a_list_told_counts_once(company: Company, days: int, left: int) -> None:
    """To the cent, and told at most three days before the bank: it is the same payment. In bulk as by hand."""
    told_on = ON - timedelta(days=days)
    apply_listed(company.id, a_listed([("R-1", 10_000), ("R-2", 10_000)]), on=told_on)
    apply_listed(company.id, a_listed([("R-1", 6_000), ("R-2", 6_000)]), list_import=2, on=told_on)
    one, two = Item.objects.order_by("number")
    settle(company, [(one.customer_id, 4_000)], [(0, (None, one.id, 4_000))])
    payment = an_open_item(company.id, two.customer_id, number="P", minor=-4_000, kind="payment")
    allocate(
        company=company.id, credit_item=payment.id, debit_item=two.id, amount=Money(4_000, "EUR"), on=ON, by=TESTS, at=MOMENT
    )  # fmt: skip
    assert opened(one.id, two.id) == [left, left]
    assert findings() == []


def test_a_credit_that_a_list_settled_gives_way_too(company: Company) -> None:
    apply_listed(company.id, a_listed([("R-1", 10_000), ("G-1", -1_000)]))
    apply_listed(company.id, a_listed([]), list_import=2)
    debit, note = Item.objects.get(kind="invoice"), Item.objects.get(kind="credit")
    settle(
        company,
        [(debit.customer_id, 9_000)],
        [(0, (None, debit.id, 9_000)), (0, (note.id, debit.id, 1_000))],
    )
    assert opened(debit.id, note.id) == [0, 0]
    assert known_items(source=a_source(company.id))["settled_per_list_minor"].to_list() == [0, 0]
    assert findings() == []
