"""One customer with an invoice and a credit note, and what another company has."""

from __future__ import annotations

import pytest

from debitora.kit.pg.company import serving
from debitora.people.models import Company
from debitora.receivables.models import Item
from debitora.receivables.testing import a_customer, an_open_item


@pytest.fixture
def customer(company: Company) -> int:
    """Berg & Co, number 10001, with an e-mail address and nobody in sales."""
    return a_customer(company.id, "10001", name="Berg & Co", email="info@berg.example", kind="business")


@pytest.fixture
def invoice(company: Company, customer: int) -> Item:
    """R-1: 100.00 EUR, 17 days overdue."""
    return an_open_item(company.id, customer, number="R-1", minor=10_000)


@pytest.fixture
def credit(company: Company, customer: int) -> Item:
    """G-1: a credit note of 30.00 EUR."""
    return an_open_item(company.id, customer, number="G-1", minor=-3_000)


@pytest.fixture
def theirs(other_company: Company) -> Item:
    """An item of the other company."""
    with serving(other_company.id):
        there = a_customer(other_company.id, "666", name="Umbra's secret")
        return an_open_item(other_company.id, there, number="SECRET-1")
