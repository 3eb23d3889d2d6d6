"""Somebody stands in: she is told, sees, answers and is counted in the other's place, until that one is back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from debitora.disputes import jobs
from debitora.disputes.actions import answer_case, remind_or_escalate
from debitora.disputes.models import CaseMail, CaseState
from debitora.disputes.queries.cases import CaseFilters, cases_page, overdue_cases
from debitora.disputes.queries.routing import facts_of_case
from debitora.disputes.queries.sheet import may_be_asked
from debitora.disputes.rules.outcomes import Outcome, Proposal
from debitora.disputes.rules.routing import CaseReason
from debitora.disputes.testing import MOMENT, ON, TESTS, a_case
from debitora.disputes.tests.test_telling import plain, read, tell
from debitora.kit.runtime import clock_at
from debitora.messaging.testing import a_sender
from debitora.people.actions import add_user, end_absence, enter_absence, grant, revoke
from debitora.people.models import Absence, Company, User
from debitora.receivables.gates import scope_of
from debitora.receivables.models import Item
from debitora.receivables.testing import a_customer, an_open_item
from debitora.trail.rules import Actor
from tests.smtp_server import Reply, Script, SmtpServer

ClientOf = Callable[[User], Client]
DAY = timedelta(days=1)


@pytest.fixture
def other(company: Company) -> User:
    """A second salesperson, Bea."""
    user = add_user(
        login="bea",
        name="Bea",
        password="correct horse battery",
        email="bea@acme.example",
        language="en",
        at=MOMENT,
    )
    grant(company=company, user=user, role="sales", by=TESTS, at=MOMENT)
    return user


@pytest.fixture
def item(company: Company, sales: User) -> Item:
    """An invoice of a customer of Anna's."""
    User.objects.filter(id=sales.id).update(email="anna@acme.example", name="Anna")
    sales.refresh_from_db()
    return an_open_item(company.id, a_customer(company.id, salesperson_id=sales.id), number="R-1")


def gone(company: Company, user: User, stand_in: User, first: int = 0, last: int | None = 6) -> Absence:
    until = None if last is None else ON + last * DAY
    return enter_absence(
        company=company,
        user=user,
        stand_in=stand_in,
        from_on=ON + first * DAY,
        until_on=until,
        on=ON,
        by=TESTS,
        at=MOMENT,
    )


def test_she_sees_the_customers_of_both_while_it_lasts(company: Company, sales: User, other: User) -> None:
    gone(company, sales, other, 1, 3)
    seen = [scope_of(person=other, role="sales", on=ON + day * DAY).salespeople for day in range(5)]
    both, alone = (other.id, sales.id), (other.id,)
    assert seen == [alone, both, both, both, alone]
    assert scope_of(person=sales, role="sales", on=ON + DAY).salespeople == (sales.id,)


def test_the_mail_goes_to_her_and_says_for_whom(
    company: Company, item: Item, sales: User, other: User
) -> None:
    gone(company, sales, other)
    with SmtpServer() as server:
        a_sender(company.id, port=server.port)
        case = a_case(company, [item])
        for _round in range(2):
            tell(company)
    [sent] = server.mails
    assert sent.recipients == ("bea@acme.example",)
    assert "In place of: Anna" in plain(read(server))
    assert CaseState.objects.get(case=case).assignee_id == sales.id


def test_her_link_answers_until_the_other_is_back(
    company: Company, item: Item, sales: User, other: User, client: Client
) -> None:
    absence = gone(company, sales, other)
    with SmtpServer() as server:
        a_sender(company.id, port=server.port)
        a_case(company, [item])
        tell(company)
    link = re.search(r"(/c/acme/answer/\S+?/)\n", plain(read(server)))
    assert link is not None
    with clock_at(MOMENT + timedelta(hours=1)):
        assert "R-1" in client.get(link[1], follow=True).content.decode()
        end_absence(company=company, absence=absence.id, on=ON, by=TESTS, at=MOMENT)
        answer = client.get(link[1], follow=True)
    assert answer.status_code == 410
    assert "R-1" not in answer.content.decode()


def test_what_no_server_took_still_goes_to_whom_it_was_meant_for(
    company: Company, item: Item, sales: User, other: User
) -> None:
    with SmtpServer(Script(rcpt=Reply(451)), Script(), Script(rcpt=Reply(451)), Script()) as server:
        a_sender(company.id, port=server.port)
        a_case(company, [item])
        tell(company)
        absence = gone(company, sales, other)
        tell(company, MOMENT + timedelta(minutes=5))
        assert [mail.recipients[-1] for mail in server.mails] == ["anna@acme.example"]
        second = an_open_item(company.id, item.customer_id, number="R-2")
        a_case(company, [second])
        tell(company, MOMENT + timedelta(minutes=6))
        end_absence(company=company, absence=absence.id, on=ON, by=TESTS, at=MOMENT)
        tell(company, MOMENT + timedelta(minutes=12))
    assert len(server.mails) == 1
    assert list(CaseMail.objects.order_by("id").values_list("user_id", "state")) == [
        (sales.id, "sent"),
        (other.id, "waiting"),
    ]


def test_nobody_is_told_in_anothers_place_of_what_she_did_herself(
    company: Company, item: Item, sales: User, other: User
) -> None:
    gone(company, sales, other)
    with SmtpServer() as server:
        a_sender(company.id, port=server.port)
        a_case(company, [item], by=Actor(other.id, "user", other.login))
        tell(company)
    assert not server.mails


def test_she_is_reminded_in_her_place(company: Company, item: Item, sales: User, other: User) -> None:
    with SmtpServer() as server:
        a_sender(company.id, port=server.port)
        case = a_case(company, [item], due_on=ON + 2 * DAY).id
        tell(company)
        gone(company, sales, other)
        later = MOMENT + DAY
        remind_or_escalate(company=company, case=case, on=ON + DAY, by=TESTS, at=later)
        tell(company, later)
    assert [mail.recipients[0] for mail in server.mails] == ["anna@acme.example", "bea@acme.example"]


def test_the_board_finds_what_she_answers_for_and_says_so(
    company: Company, item: Item, sales: User, other: User, client_of: ClientOf
) -> None:
    gone(company, sales, other)
    case = a_case(company, [item], due_on=ON + DAY)
    hers = CaseFilters(owner=other.id, also=(sales.id,))
    assert [row.id for row in cases_page(filters=hers, on=ON).rows] == [case.id]
    assert cases_page(filters=CaseFilters(owner=other.id), on=ON).rows == ()
    assert overdue_cases(users=[other.id, sales.id], on=ON + 9 * DAY) == 1
    with clock_at(MOMENT):
        client = client_of(other)
        board = client.get(f"/c/acme/clarification/?owner={other.id}").content.decode()
        assert "Anna (Bea stands in)" in board
        assert "(Bea stands in)" in client.get(f"/c/acme/clarification/{case.id}/").content.decode()
        assert "You stand in for Anna" in client.get("/c/acme/").content.decode()
        answer = client.post(f"/c/acme/clarification/{case.id}/answer/", {"outcome": "valid"})
        assert answer.status_code in (200, 303)
    state = CaseState.objects.get(case=case)
    assert (state.state, state.assignee_id) == ("answered", sales.id)


def test_the_board_as_a_file_says_who_stands_in(
    company: Company, item: Item, sales: User, clerk: User, client_of: ClientOf
) -> None:
    gone(company, sales, clerk)
    a_case(company, [item])
    with clock_at(MOMENT):
        answer = client_of(clerk).get(f"/c/acme/clarification/export/csv/?owner={clerk.id}", follow=True)
    text = (
        b"".join(answer.streaming_content).decode("utf-8-sig")
        if answer.streaming
        else answer.content.decode()
    )
    assert "stands in)" in text


def test_who_can_be_asked_and_which_rule_catches(
    company: Company, item: Item, sales: User, other: User
) -> None:
    known: dict[str, Any] = {"company": company, "salesperson": sales.id}
    assert other.id not in may_be_asked(**known, on=ON)
    gone(company, sales, other)
    assert {sales.id, other.id} <= may_be_asked(**known, on=ON).keys()
    assert other.id not in may_be_asked(**known, on=ON + 9 * DAY)


def test_who_has_left_for_good_is_followed_by_her_stand_in(
    company: Company, item: Item, sales: User, other: User
) -> None:
    gone(company, sales, other, last=None)
    revoke(company=company, user=sales, by=TESTS, at=MOMENT)
    case = a_case(company, [item], reason=CaseReason.PRICE)
    assert CaseState.objects.get(case=case).assignee_id == other.id


def test_a_team_asks_those_who_are_there_first(
    company: Company, item: Item, clerk: User, manager: User
) -> None:
    second = add_user(
        login="zoe",
        name="Zoe",
        password="correct horse battery",
        email="zoe@acme.example",
        language="en",
        at=MOMENT,
    )
    grant(company=company, user=second, role="clerk", by=TESTS, at=MOMENT)
    case = a_case(company, [item]).id
    assert facts_of_case(company=company, case=case, on=ON).teams["clerk"] == [clerk.id, second.id]
    gone(company, clerk, manager)
    assert facts_of_case(company=company, case=case, on=ON).teams["clerk"] == [second.id, clerk.id]


def test_an_answer_of_hers_is_taken_and_of_a_third_is_not(
    company: Company, item: Item, sales: User, other: User, client_of: ClientOf
) -> None:
    case = a_case(company, [item])
    with clock_at(MOMENT):
        assert client_of(other).get(f"/c/acme/clarification/{case.id}/").status_code == 404
        gone(company, sales, other)
        assert client_of(other).get(f"/c/acme/clarification/{case.id}/").status_code == 200
    answer_case(company=company, case=case.id, proposal=Proposal(Outcome.VALID), on=ON, by=TESTS, at=MOMENT)


def test_jobs_run_on_the_companys_day(company: Company, item: Item, sales: User, other: User) -> None:
    """Just after midnight in Berlin it is still the day before in UTC: the absence has begun already."""
    gone(company, sales, other, 1, 3)
    with SmtpServer() as server:
        a_sender(company.id, port=server.port)
        midnight = datetime.fromisoformat("2026-11-18T23:30:00+00:00")
        a_case(company, [item], on=date(2026, 11, 19), at=midnight)
        with clock_at(midnight):
            jobs.tell(company=company.id)
    assert [mail.recipients[0] for mail in server.mails] == ["bea@acme.example"]
