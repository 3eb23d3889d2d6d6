"""The company that most tests of dunning are about."""

from __future__ import annotations

import pytest

from debitora.dunning.testing import a_ready_company
from debitora.people.models import Company


@pytest.fixture
def acme(company: Company) -> Company:
    """Ready to dun, with nobody late yet."""
    return a_ready_company(company)
