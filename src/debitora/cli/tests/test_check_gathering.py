"""`debitora check` finds nothing wrong with notices by level or order, nor with credits that are only shown."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from debitora.cli.checks.examination import Depth, examine
from debitora.dunning.models import Notice
from debitora.dunning.rules.policy import Grouping
from debitora.dunning.testing import a_late_payer, a_ready_company, a_run, a_strategy
from debitora.kit.runtime import now
from debitora.people.models import Company
from debitora.receivables.actions import name_contact
from debitora.receivables.testing import TESTS, an_open_item


@pytest.mark.parametrize(
    ("grouping", "offset", "notices"),
    [
        (Grouping.CUSTOMER_CURRENCY, False, 1),
        (Grouping.LEVEL, True, 1),
        (Grouping.ORDER, True, 3),
        (Grouping.ORDER, False, 3),
        (Grouping.CONTACT, True, 2),
    ],
)
def test_what_is_gathered_otherwise_adds_up(
    committed: str, company: Company, grouping: Grouping, offset: bool, notices: int
) -> None:
    with transaction.atomic():
        a_ready_company(company)
        a_strategy(company, kind="business", grouping=grouping, offset_credits=offset, contact_cap=None)
        customer = a_late_payer(company, minors=(11_900,))
        for order in ("A", "B"):
            an_open_item(
                company.id, customer, number=order, minor=5_000, order=order, due_on=date(2026, 11, 1)
            )
        named = an_open_item(company.id, customer, number="C", minor=5_000, due_on=date(2026, 11, 1))
        name_contact(company=company.id, item=named.id, name="", email="po@kunde.example", by=TESTS, at=now())
        an_open_item(company.id, customer, number="G-1", minor=-1_900)
        a_run(company, at=now())
        assert Notice.objects.count() == notices
    report = examine(database=committed, now=now(), depth=Depth.FULL)
    assert not [one for one in report.findings if one.invariant in ("I20", "I23", "D5", "D6")]
