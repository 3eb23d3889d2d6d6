"""TRUST T06: what was reported at the end of a month stays what it was, whatever is learned of that month later.

There is no switch that closes a month: every row bears the day on which it counts and the moment at which it was known, so
that the figures of the last day, as known at the closing, can be asked for ever, and what comes late is seen beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from debitora.people.models import Company
from debitora.receivables.actions import allocate, release_allocation, undo_list
from debitora.receivables.models import Allocation, Item
from debitora.receivables.queries import aging_as_of, balance_as_of
from debitora.receivables.testing import MOMENT, TESTS, a_customer, a_listed, an_open_item, apply_listed
from debitora.values.money import Money

MONTH_END = date(2026, 10, 31)
CLOSING = MOMENT + timedelta(days=1)
LATER = CLOSING + timedelta(days=5)


def an_invoice_of_the_month(company: Company) -> None:
    day = MONTH_END - timedelta(days=3)
    an_open_item(company.id, _customer(), number="LATE", minor=5_000, on=day, at=LATER)


def a_payment_of_the_month(company: Company) -> None:
    allocate(
        company=company.id,
        credit_item=Item.objects.get(number="PAID").id,
        debit_item=Item.objects.get(number="R-1").id,
        amount=Money(4_000, "EUR"),
        on=MONTH_END - timedelta(days=1),
        by=TESTS,
        at=LATER,
    )


def a_list_of_the_month(company: Company) -> None:
    apply_listed(company.id, a_listed([("L-1", 700)]), list_import=9, on=MONTH_END, at=LATER)


LATE: dict[str, tuple[Callable[[Company], None], int]] = {
    "an invoice": (an_invoice_of_the_month, 5_000),
    "a payment": (a_payment_of_the_month, 0),
    "a list": (a_list_of_the_month, 700),
}


@pytest.mark.parametrize("what", LATE)
def test_t06_closed_figures_stay_and_the_late_event_stands_beside_them(company: Company, what: str) -> None:
    reported = _closed(company)
    happens, moved = LATE[what]
    happens(company)
    assert aging_as_of(on=MONTH_END, known_at=CLOSING) == reported
    assert balance_as_of(on=MONTH_END)["EUR"] - 6_000 == moved


def test_t06_what_is_taken_back_names_what_it_takes_back(company: Company) -> None:
    reported = _closed(company)
    a_payment_of_the_month(company)
    paid = Allocation.objects.get()
    release_allocation(company=company.id, allocation=paid.id, on=MONTH_END, by=TESTS, at=LATER)
    assert Allocation.objects.get(reverses=paid).amount_minor == -paid.amount_minor
    assert aging_as_of(on=MONTH_END, known_at=CLOSING) == reported


def test_t06_undoing_a_list_of_the_month_leaves_them_too(company: Company) -> None:
    reported = _closed(company)
    a_list_of_the_month(company)
    undo_list(company=company.id, list_import=9, by=TESTS, at=LATER)
    assert aging_as_of(on=MONTH_END, known_at=CLOSING) == reported


def _closed(company: Company) -> object:
    """A month with an invoice of 100 and a credit of 40 euros, and its figures as they were reported."""
    customer = a_customer(company.id)
    day = MONTH_END - timedelta(days=20)
    an_open_item(company.id, customer, number="R-1", minor=10_000, on=day)
    an_open_item(company.id, customer, number="PAID", minor=-4_000, kind="payment", on=day)
    reported = aging_as_of(on=MONTH_END, known_at=CLOSING)
    assert reported["EUR"].total == 6_000
    return reported


def _customer() -> int:
    return Item.objects.get(number="R-1").customer_id
