"""What is open is kept added up: by every door, exactly, and folded without a change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from debitora.kit.pg.company import serving
from debitora.people.models import Company, User
from debitora.receivables import queries as q
from debitora.receivables.actions import allocate, fold_open_sums, release_allocation
from debitora.receivables.models import Customer, OpenSum
from debitora.receivables.queries import sums
from debitora.receivables.rules.items import BANDS, ItemFilters, Scope, State
from debitora.receivables.testing import MOMENT, ON, TESTS, a_customer, a_listed, an_open_item, apply_listed
from debitora.values.money import Money

SALES = 5
STATES = (State.OPEN, State.OVERDUE, State.NOT_DUE, State.CREDITS)


def _all_sums() -> list[object]:
    """Every sum that is kept, then the same ones counted item by item."""
    asked = [
        ItemFilters(state=state, band=band, currency=currency)
        for state in STATES
        for band in ("", *BANDS)
        for currency in ("", "EUR", "CHF")
    ]
    kept = [q.items_sums(filters=filters, on=ON) for filters in asked]
    counted = [q.items_sums(filters=replace(filters, salesperson=SALES), on=ON) for filters in asked]
    assert kept == counted
    assert q.aging(on=ON) == q.aging(on=ON, scope=Scope((SALES,)))
    return [kept, q.aging(on=ON)]


def test_kept_sums_follow_every_door_and_stay_when_folded(company: Company) -> None:
    customer = a_customer(company.id, "10001")
    Customer.objects.filter(id=customer).update(salesperson_id=SALES)
    listed = [("R-1", 100), ("R-2", 250), ("R-3", -70)]
    apply_listed(company.id, a_listed(listed))
    _all_sums()
    francs = an_open_item(company.id, customer, number="F-1", currency="CHF", due_on=ON)
    credit = an_open_item(company.id, customer, number="G-1", minor=-4_000, currency="CHF", due_on=ON)
    _all_sums()
    put = allocate(
        company=company.id,
        credit_item=credit.id,
        debit_item=francs.id,
        amount=Money(4_000, "CHF"),
        on=ON,
        by=TESTS,
        at=MOMENT,
    )
    _all_sums()
    release_allocation(company=company.id, allocation=put.id, on=ON, by=TESTS, at=MOMENT)
    apply_listed(company.id, a_listed(listed[:1], due_on=ON + timedelta(days=9)), list_import=2)
    before = _all_sums()
    assert fold_open_sums() > OpenSum.objects.count() > 0
    assert _all_sums() == before


def test_what_settles_leaves_no_currency_behind(company: Company) -> None:
    apply_listed(company.id, a_listed([("R-1", 100)]))
    apply_listed(company.id, a_listed([]), list_import=2)
    assert (q.aging(on=ON), q.items_sums(filters=ItemFilters(state=State.OPEN), on=ON)) == ({}, [])
    fold_open_sums()
    assert not OpenSum.objects.exists()


def test_nobody_writes_the_sums_by_hand(company: Company) -> None:
    apply_listed(company.id, a_listed([("R-1", 100)]))
    for statement in (
        "update receivables_opensum set minor = 0",
        "delete from receivables_opensum",
        "insert into receivables_opensum select * from receivables_opensum",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_company_folds_only_its_own(company: Company, other_company: Company) -> None:
    with serving(other_company.id):
        apply_listed(other_company.id, a_listed([("R-1", 100), ("R-2", 5)]))
        fold_open_sums()
        theirs = list(OpenSum.objects.values_list("id", "minor"))
    apply_listed(company.id, a_listed([("R-1", 7)]))
    fold_open_sums()
    assert [int(one.minor) for one in OpenSum.objects.all()] == [7]
    with serving(other_company.id):
        assert list(OpenSum.objects.values_list("id", "minor")) == theirs


def test_many_are_told_to_be_many(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sums, "MOST_COUNTED", 2)
    customer = a_customer(company.id)
    for number in range(3):
        an_open_item(company.id, customer, number=f"R-{number}", due_on=date(2026, 11, 1))
    many = q.items_tally(filters=ItemFilters(customer=customer), on=ON)
    assert (many.sums, many.currencies, many.more) == ((), ("EUR",), True)
    few = q.items_tally(filters=ItemFilters(customer=customer, text="R-1"), on=ON)
    assert ([one.items for one in few.sums], few.more) == ([1], False)
    kept = q.items_tally(filters=ItemFilters(state=State.OPEN), on=ON)
    assert ([one.items for one in kept.sums], kept.more) == ([3], False)


def test_a_page_says_that_it_holds_more_than_it_counts(
    company: Company, clerk: User, client_of: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sums, "MOST_COUNTED", 2)
    customer = a_customer(company.id)
    for number in range(3):
        an_open_item(company.id, customer, number=f"R-{number}")
    shown = client_of(clerk).get(f"/c/{company.code}/items/?customer={customer}").content.decode()
    assert "more than 10,000 items" in shown
    assert "3 items" in client_of(clerk).get(f"/c/{company.code}/items/").content.decode()
