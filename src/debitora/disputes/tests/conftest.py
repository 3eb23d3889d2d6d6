"""What several tests of the room begin with."""

from __future__ import annotations

from typing import Any

import pytest

from debitora.disputes.testing import MOMENT, ON, TESTS
from debitora.people.models import Company
from debitora.receivables.models import Item
from debitora.receivables.testing import a_customer, an_open_item


@pytest.fixture
def items(company: Company) -> list[Item]:
    """Two invoices of 100.00 of one customer."""
    customer = a_customer(company.id)
    return [an_open_item(company.id, customer, number=number) for number in ("R-1", "R-2")]


@pytest.fixture
def facts(company: Company) -> dict[str, Any]:
    return {"company": company, "on": ON, "by": TESTS, "at": MOMENT}
