"""The question about claims: silent over what the actions wrote, loud over an amount that was changed by other means."""

from __future__ import annotations

import pytest
from django.db import connection

from debitora.cli.checks.questions import questions
from debitora.people.models import Company
from debitora.receivables.actions import ClaimAsked, accrue_claims, waive_claim
from debitora.receivables.models import Claim
from debitora.receivables.testing import MOMENT, ON, TESTS, a_customer, an_open_item
from debitora.values.money import Money


def broken(company: Company) -> list[str]:
    question = next(one for one in questions() if one.name == "I9_claims")
    with connection.cursor() as cursor:
        cursor.execute(question.broken, {"company": company.id})
        return [str(difference) for _object, _customer, difference in cursor.fetchall()]


@pytest.fixture
def claimed(company: Company) -> Company:
    """A company with a fee, interest and a lump sum claimed of one customer, part of the interest waived."""
    customer = a_customer(company.id)
    item = an_open_item(company.id, customer).id
    accrue_claims(
        company=company.id,
        asked=[
            ClaimAsked(7, customer, item, "interest", "EUR", 1_000, ON),
            ClaimAsked(7, customer, item, "lump_sum", "EUR", 4_000),
            ClaimAsked(7, customer, None, "fee", "EUR", 250),
        ],
        as_of=MOMENT,
        on=ON,
        by=TESTS,
        at=MOMENT,
    )
    claim = Claim.objects.get(kind="interest").id
    waive_claim(
        company=company.id,
        claim=claim,
        amount=Money(400, "EUR"),
        reason="goodwill",
        on=ON,
        by=TESTS,
        at=MOMENT,
    )
    return company


def test_what_the_actions_wrote_adds_up(claimed: Company) -> None:
    assert broken(claimed) == []


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"waived_minor": 100}, "waived is 100, its entries say 400"),
        ({"paid_minor": 1}, "paid is 1, its entries say 0"),
        ({"booked_minor": 1}, "booked is 1, its entries say 0"),
        ({"accrued_minor": 2_000}, "accrued is 2000, its entries say 1000"),
    ],
)
def test_an_amount_that_its_entries_do_not_say_is_found(
    claimed: Company, changed: dict[str, int], what: str
) -> None:
    Claim.objects.filter(kind="interest").update(**changed)
    assert [what in one for one in broken(claimed)] == [True]
