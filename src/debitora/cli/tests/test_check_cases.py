"""The questions about cases: silent over what the actions wrote, loud over a state that no step led to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from debitora.cli.checks.questions import questions
from debitora.disputes.actions import answer_case, close_case, move_deadline
from debitora.disputes.models import CaseItem, CaseState
from debitora.disputes.rules.outcomes import Outcome, Proposal
from debitora.disputes.testing import MOMENT, ON, TESTS, a_case
from debitora.people.models import Company
from debitora.receivables.models import Item
from debitora.receivables.testing import a_customer, an_open_item

DAY = timedelta(days=1)


@pytest.fixture
def item(company: Company) -> Item:
    return an_open_item(company.id, a_customer(company.id))


@pytest.fixture
def facts(company: Company) -> dict[str, Any]:
    return {"company": company, "on": ON, "by": TESTS, "at": MOMENT}


def broken(company: Company, name: str = "I45_cases") -> list[tuple[str, str]]:
    """What a question finds: (object, what is wrong)."""
    question = next(one for one in questions() if one.name == name)
    with connection.cursor() as cursor:
        cursor.execute(question.broken, {"company": company.id})
        return [(thing, str(said).strip('"')) for thing, _customer, said in cursor.fetchall()]


def test_every_step_has_its_record(company: Company, item: Item, facts: dict[str, Any]) -> None:
    case = a_case(company, [item])
    answer_case(case=case.id, proposal=Proposal(Outcome.VALID), **facts)
    close_case(case=case.id, proposal=Proposal(Outcome.PROMISED, ON), **facts)
    about = [thing for thing, _said in broken(company, "I44_recorded") + broken(company, "I44_records")]
    assert not [thing for thing in about if "case" in thing or "hold" in thing]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"state": "closed"}, "is closed after the step answered"),
        ({"assignee_id": 4711}, "is with somebody else than its steps say"),
        ({"due_on": ON}, "is due on another day than its steps say"),
        ({"outcome": "valid"}, "has another outcome than its steps say"),
        ({"last_step_at": MOMENT + DAY}, "moved at another moment than its steps say"),
    ],
)
def test_the_check_follows_the_steps(
    company: Company, item: Item, facts: dict[str, Any], changed: dict[str, Any], said: str
) -> None:
    case = a_case(company, [item])
    answer_case(case=case.id, proposal=Proposal(Outcome.PROMISED, ON), **facts)
    move_deadline(case=case.id, due_on=ON + DAY, **facts)
    assert broken(company) == []
    CaseState.objects.filter(case=case).update(**changed)
    assert broken(company) == [(f"case {case.id}", said)]


def test_the_check_finds_an_item_in_two_cases(company: Company, item: Item) -> None:
    a_case(company, [item])
    other = a_case(company, [an_open_item(company.id, item.customer_id, number="R-2")])
    CaseItem.objects.create(company_id=company.id, case=other, item=item, claimed_minor=1)
    assert (f"item {item.id}", "stands in 2 cases that are not closed") in broken(company)
    assert (f"case {other.id}", "disputes another sum than its items") in broken(company)
