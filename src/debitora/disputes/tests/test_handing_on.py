"""Many cases to one person: with a preview and the way back; and cases of somebody who has left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client

from debitora.disputes.actions import CaseUnknown, answer_case, hand_on
from debitora.disputes.models import Case, CaseState, CaseStep
from debitora.disputes.queries.cases import ownerless_cases
from debitora.disputes.queries.waiting import who_waits
from debitora.disputes.rules.outcomes import Outcome, Proposal
from debitora.disputes.testing import MOMENT, ON, TESTS, a_case
from debitora.kit.runtime import clock_at
from debitora.people.actions import revoke
from debitora.people.models import Company, User
from debitora.receivables.testing import a_customer, an_open_item
from debitora.trail.rules import Actor

ClientOf = Callable[[User], Client]
BOARD = "/c/acme/clarification/"
PAGE = f"{BOARD}handing-on/"


@pytest.fixture(autouse=True)
def that_day() -> Iterator[None]:
    """The clock of the pages stands on the day of the tests."""
    with clock_at(MOMENT):
        yield


@pytest.fixture
def cases(company: Company, sales: User) -> list[Case]:
    """Three of one salesperson, of which the last was answered."""
    customer = a_customer(company.id, salesperson_id=sales.id)
    found = [a_case(company, [an_open_item(company.id, customer, number=f"R-{n}")]) for n in range(3)]
    facts: dict[str, Any] = {"company": company, "on": ON, "by": TESTS, "at": MOMENT}
    answer_case(**facts, case=found[2].id, proposal=Proposal(Outcome.VALID))
    return found


def owners() -> list[int | None]:
    return list(CaseState.objects.order_by("case_id").values_list("assignee_id", flat=True))


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_what_waits_is_handed_on_and_the_rest_is_named(
    company: Company, cases: list[Case], clerk: User, sales: User
) -> None:
    facts: dict[str, Any] = {"company": company, "on": ON, "by": TESTS, "at": MOMENT}
    wanted = {case.id: clerk.id for case in cases}
    found = hand_on(**facts, wanted=wanted)
    assert found.before == {cases[0].id: sales.id, cases[1].id: sales.id}
    assert found.waits_no_more == (cases[2].id,)
    assert hand_on(**facts, wanted=wanted).before == {}
    assert CaseStep.objects.filter(kind="assigned").count() == 2
    assert hand_on(**facts, wanted={cases[0].id: 10**9}).not_hers == (cases[0].id,)
    with pytest.raises(CaseUnknown):
        hand_on(**facts, wanted={10**9: clerk.id})


def test_first_the_form_then_the_step_then_the_way_back(
    cases: list[Case], client_of: ClientOf, clerk: User, sales: User, manager: User
) -> None:
    office, chosen = client_of(clerk), [case.id for case in cases]
    assert 'name="chosen"' in said(office.get(BOARD))
    asked = said(office.post(PAGE, {"chosen": chosen}))
    assert "Hand on 2 cases" in asked
    assert "1 that waits for no answer stays where it is." in asked
    assert office.post(PAGE, {"chosen": chosen, "assignee": "999999"}).status_code == 422
    told = said(office.post(PAGE, {"chosen": chosen, "assignee": manager.id, "note": "!"}, follow=True))
    assert "2 cases have been handed on." in told
    assert owners() == [manager.id, manager.id, sales.id]
    back = {"chosen": chosen[:2], "back": [sales.id, sales.id]}
    assert office.post(f"{PAGE}back/", back).status_code == 303
    assert owners() == [sales.id] * 3
    assert "Nothing had to be changed." in said(office.post(f"{PAGE}back/", back, follow=True))
    nothing = said(office.post(PAGE, {"chosen": [chosen[2]]}, follow=True))
    assert "Choose at least one case" in nothing


def test_nobody_else_hands_on(
    cases: list[Case], client_of: ClientOf, sales: User, auditor: User, clerk: User
) -> None:
    for person in (sales, auditor):
        answer = client_of(person).post(PAGE, {"chosen": [cases[0].id], "assignee": clerk.id})
        assert answer.status_code == 403
        assert 'name="chosen"' not in said(client_of(person).get(BOARD))
    assert client_of(clerk).post(PAGE, {"chosen": [10**9]}).status_code == 404


def test_whoever_leaves_leaves_her_cases_to_be_seen(
    company: Company, cases: list[Case], client_of: ClientOf, clerk: User, sales: User
) -> None:
    office, path = client_of(clerk), f"{BOARD}?owner=0"
    assert ownerless_cases() == 0
    assert "No case fits these filters" in said(office.get(path))
    revoke(company=company, user=sales, by=TESTS, at=MOMENT)
    assert ownerless_cases() == 2
    assert f"{BOARD}{cases[0].id}/" in said(office.get(path))
    assert "2 cases wait for nobody" in said(office.get("/c/acme/"))


def test_who_waits_for_whom(
    company: Company, cases: list[Case], client_of: ClientOf, clerk: User, sales: User
) -> None:
    by = Actor(clerk.id, "user", clerk.login)
    other = an_open_item(company.id, a_customer(company.id, "10002"), number="O-1")
    a_case(company, [other], by=by, minor=4_000)
    found = who_waits(on=date(2026, 11, 24))
    assert [(one.asker, one.answerer, one.cases, one.overdue) for one in found] == [
        ("tests", sales.name, 2, 2),
        (clerk.login, clerk.name, 1, 1),
    ]
    assert found[1].amount.minor == 4_000
    path = f"{BOARD}waiting/"
    assert f"?owner={sales.id}" in said(client_of(clerk).get(path))
    assert "?owner=" in said(client_of(sales).get(path))
    assert clerk.name not in said(client_of(sales).get(path)).split("<tbody")[1]
    headers = {"HX-Request": "true"}
    assert client_of(clerk).get(f"{path}export/pdf/").status_code == 404
    written = client_of(clerk).get(f"{path}export/csv/", headers=headers)
    assert written.status_code == 200
