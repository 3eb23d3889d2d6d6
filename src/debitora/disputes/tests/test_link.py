"""The link of a mail: it opens one case for one person, answers it, takes the answer back, and ends with what it stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from debitora.disputes.actions import assign_case, close_case
from debitora.disputes.models import Case, CaseMail, CaseState, CaseStep
from debitora.disputes.queries.telling import mail_mark
from debitora.disputes.rules.outcomes import Outcome, Proposal
from debitora.disputes.rules.telling import LINK
from debitora.disputes.testing import MOMENT, ON, TESTS, a_case
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.testing import a_customer, an_open_item
from debitora.trail.models import Record

ClientOf = Callable[[User], Client]


@pytest.fixture(autouse=True)
def that_day() -> Iterator[None]:
    """The clock of the pages stands on the day of the tests."""
    with clock_at(MOMENT):
        yield


@pytest.fixture
def case(company: Company, sales: User) -> Case:
    User.objects.filter(id=sales.id).update(language="en")
    customer = a_customer(company.id, name="Miller Ltd", salesperson_id=sales.id)
    return a_case(company, [an_open_item(company.id, customer, number="R-1")], minor=4_000)


def mark(case: Case, user: User, *, use: str = "link") -> str:
    """What stands in the link of a mail to a person about the newest step of the case."""
    mail, _made = CaseMail.objects.get_or_create(
        company=case.company,
        step=CaseStep.objects.filter(case=case).latest("id"),
        defaults={
            "case": case,
            "user_id": user.id,
            "state": "sent",
            "claimed_at": MOMENT,
            "state_at": MOMENT,
            "until": MOMENT + LINK,
        },
    )
    return mail_mark(company=case.company_id, mail=mail.id, use=use)


def opened(case: Case, user: User, query: str = "") -> tuple[Client, str, Any]:
    """A browser that nobody has signed in to, after she pressed the link; the page it was led to."""
    client = Client()
    answer = client.get(f"/c/acme/answer/{mark(case, user)}/{query}")
    assert answer.status_code == 303
    there = answer.headers["Location"]
    return client, there, client.get(there)


def test_she_answers_without_signing_in_and_takes_it_back(case: Case, sales: User) -> None:
    client, there, page = opened(case, sales, "?outcome=credit_expected")
    text = page.content.decode()
    assert "-" not in there.removesuffix("?outcome=credit_expected")
    for part in ("Miller Ltd", "R-1", "40 were agreed", 'value="credit_expected"', "checked"):
        assert part in text
    there = there.partition("?")[0]
    wrong = client.post(there, {"outcome": "credit_expected"})
    assert (wrong.status_code, "This outcome needs a last day." in wrong.content.decode()) == (422, True)
    answer = client.post(
        there, {"outcome": "credit_expected", "until": "+2", "amount": "30", "note": "<b>My</b>"}
    )
    assert answer.status_code == 303
    assert "Thank you. Your answer is kept." in client.get(there).content.decode()
    step = CaseStep.objects.latest("id")
    assert (step.kind, step.done_by_id, step.amount_minor) == ("answered", sales.id, 3_000)
    assert Record.objects.get(verb="case.answered").facts["way"] == "link"
    assert client.post(f"{there}withdrawal/").status_code == 303
    assert CaseState.objects.get().state == "open"
    assert client.post(f"{there}withdrawal/").status_code == 303
    assert [one.kind for one in CaseStep.objects.order_by("id")] == ["opened", "answered", "withdrawn"]


def test_opening_the_link_changes_nothing(case: Case, sales: User) -> None:
    address = f"/c/acme/answer/{mark(case, sales)}/"
    for ask in (Client().get, Client().head):
        assert ask(address).status_code == 303
    assert Client().post(address).status_code == 404
    assert CaseStep.objects.count() == 1


def test_without_the_link_there_is_nothing(case: Case, sales: User) -> None:
    opened(case, sales)
    stranger = Client()
    for path in (
        f"/c/acme/answer/{case.id}/",
        f"/c/acme/answer/{case.id + 1}/",
        f"/c/nowhere/answer/{case.id}/",
    ):
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, {"outcome": "valid"}).status_code == 404
    assert CaseStep.objects.count() == 1


@pytest.mark.parametrize("place", [0, -1])
def test_a_mark_that_is_not_ours_opens_nothing(case: Case, sales: User, place: int) -> None:
    good = mark(case, sales)
    number, _dash, signature = good.partition("-")
    other = "a" if signature[place] != "a" else "b"
    changed = signature[:place] + other + (signature[place + 1 :] if place >= 0 else "")
    for wrong in (
        f"{number}-{changed}",
        f"{int(number) + 1}-{signature}",
        number + "-",
        mark(case, sales, use="reply"),
    ):
        assert Client().get(f"/c/acme/answer/{wrong}/").status_code == 404
    assert Client().get(f"/c/acme/answer/{good.upper()}/").status_code == 303


def _closed(case: Case, _sales: User, _manager: User) -> None:
    close_case(
        company=case.company, case=case.id, proposal=Proposal(Outcome.VALID), on=ON, by=TESTS, at=MOMENT
    )


def _reassigned(case: Case, _sales: User, manager: User) -> None:
    assign_case(company=case.company, case=case.id, assignee=manager.id, on=ON, by=TESTS, at=MOMENT)


def _left(_case: Case, sales: User, _manager: User) -> None:
    User.objects.filter(id=sales.id).update(is_active=False)


def _another_salesperson(case: Case, _sales: User, manager: User) -> None:
    case.customer.salesperson_id = manager.id
    case.customer.save(update_fields=["salesperson_id"])


@pytest.mark.parametrize(
    ("change", "status", "word"),
    [
        (_closed, 200, "The case is clarified."),
        (_reassigned, 410, "put to somebody else"),
        (_left, 410, "You can no longer answer here."),
        (_another_salesperson, 410, "You can no longer answer here."),
    ],
    ids=["closed", "reassigned", "left", "another_salesperson"],
)
def test_the_link_ends_with_what_it_stands_on(
    case: Case, sales: User, manager: User, change: Callable[..., None], status: int, word: str
) -> None:
    client, there, _page = opened(case, sales)
    change(case, sales, manager)
    steps = CaseStep.objects.count()
    for ask in (client.get, client.post):
        answer = ask(there, {"outcome": "valid"})
        assert answer.status_code == status
        assert word in answer.content.decode()
        assert ("Miller Ltd" in answer.content.decode()) is (status == 200)
    client.post(f"{there}withdrawal/")
    assert CaseStep.objects.count() == steps


def test_the_link_runs_out(case: Case, sales: User) -> None:
    opened(case, sales)
    with clock_at(MOMENT + LINK - timedelta(seconds=1)):
        assert Client().get(f"/c/acme/answer/{mark(case, sales)}/").status_code == 303
    with clock_at(MOMENT + LINK):
        late = Client()
        address = late.get(f"/c/acme/answer/{mark(case, sales)}/").headers["Location"]
        answer = late.get(address)
    assert (answer.status_code, "This link has run out." in answer.content.decode()) == (410, True)


def test_the_link_opens_no_page_behind_signing_in(case: Case, sales: User) -> None:
    client, _there, _page = opened(case, sales)
    for path in (
        f"/c/acme/clarification/{case.id}/",
        "/c/acme/items/",
        f"/c/acme/clarification/{case.id}/answer/",
    ):
        assert client.get(path).status_code == 302


def test_a_form_from_elsewhere_is_refused(case: Case, sales: User) -> None:
    client = Client(enforce_csrf_checks=True)
    there = client.get(f"/c/acme/answer/{mark(case, sales)}/").headers["Location"]
    assert client.post(there, {"outcome": "valid"}).status_code == 403
    assert CaseStep.objects.count() == 1


def test_an_answer_on_the_board_can_be_taken_back_by_whom_it_is(
    case: Case, client_of: ClientOf, sales: User, clerk: User
) -> None:
    seller, office = client_of(sales), client_of(clerk)
    page = f"/c/acme/clarification/{case.id}/"
    assert seller.post(f"{page}answer/", {"outcome": "valid"}).status_code == 303
    refused = office.post(f"{page}answer/withdrawal/", follow=True).content.decode()
    assert "Something else has happened with that case since." in refused
    taken = seller.post(f"{page}answer/withdrawal/", follow=True).content.decode()
    assert "Your answer is taken back." in taken
    assert "Answer taken back" in taken
    assert CaseState.objects.get().state == "open"
    seller.post(f"{page}answer/", {"outcome": "valid"})
    office.post(f"{page}closure/", {"outcome": "valid"})
    assert (
        "Somebody has closed that case meanwhile"
        in seller.post(f"{page}answer/withdrawal/", follow=True).content.decode()
    )
