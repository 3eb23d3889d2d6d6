"""The mail to whoever answers a case: once for a step, in her language, with her facts, and not to whom it does not concern."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from debitora.disputes import jobs
from debitora.disputes.actions import answer_case, assign_case, close_case, move_deadline, reopen_case
from debitora.disputes.actions.telling import leave_uncertain
from debitora.disputes.models import CaseMail
from debitora.disputes.queries.telling import mail_of_mark, waiting_steps
from debitora.disputes.rules.outcomes import Outcome, Proposal
from debitora.disputes.testing import MOMENT, ON, TESTS, a_case
from debitora.kit.runtime import clock_at
from debitora.messaging.actions import lock_sending
from debitora.messaging.testing import a_sender
from debitora.people.models import Company, User
from debitora.receivables.models import Item
from debitora.receivables.testing import a_customer, an_open_item
from debitora.trail.rules import Actor
from tests.smtp_server import Cut, Reply, Script, SmtpServer

DAY = timedelta(days=1)


@pytest.fixture
def item(company: Company, sales: User) -> Item:
    """An invoice of 100.00 of a customer whom the salesperson looks after."""
    User.objects.filter(id=sales.id).update(email="anna@acme.example", language="de")
    customer = a_customer(company.id, name="Müller GmbH", salesperson_id=sales.id)
    return an_open_item(company.id, customer, number="R-1")


def tell(company: Company, at: datetime = MOMENT) -> None:
    with clock_at(at):
        jobs.tell(company=company.id)


def read(server: SmtpServer, place: int = -1) -> EmailMessage:
    mail = message_from_bytes(server.mails[place].data, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def plain(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\u00a0", " ").replace("\r\n", "\n")


def states() -> list[str]:
    return list(CaseMail.objects.order_by("id").values_list("state", flat=True))


def test_she_is_told_with_the_facts_and_a_link_in_her_language(company: Company, item: Item) -> None:
    with SmtpServer() as server:
        a_sender(company.id, port=server.port)
        case = a_case(company, [item], minor=4_000)
        tell(company)
    [sent] = server.mails
    mail = read(server)
    text = plain(mail)
    assert sent.recipients == ("anna@acme.example",)
    assert mail["Subject"] == f"[Fall {case.id}] Preis: Müller GmbH, Antwort bis 23.11.2026"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert re.match(r"<case-\d+-[a-z2-7]{26}@", mail["Message-ID"])
    for part in ("Müller GmbH", "R-1", "40,00 EUR", "100,00 EUR", "40 were agreed", "?outcome=valid"):
        assert part in text
    link = re.search(r"/c/acme/answer/(\S+?)/\n", text)
    assert link is not None
    assert mail_of_mark(company=company.id, mark=link[1], use="link") == CaseMail.objects.get().id
    assert mail_of_mark(company=company.id, mark=link[1], use="reply") is None
    html = mail.get_body(("html",))
    assert html is not None
    assert link[1] in html.get_content()


def test_a_step_is_told_once(company: Company, item: Item) -> None:
    with SmtpServer() as server:
        a_sender(company.id, port=server.port)
        a_case(company, [item])
        for _round in range(3):
            tell(company)
    assert (len(server.mails), states()) == (1, ["sent"])


def test_every_further_step_that_asks_her_is_told_and_an_answer_is_not(company: Company, item: Item) -> None:
    with SmtpServer() as server:
        a_sender(company.id, port=server.port)
        case = a_case(company, [item]).id
        facts: dict[str, Any] = {"company": company, "case": case, "on": ON, "by": TESTS, "at": MOMENT}
        tell(company)
        move_deadline(**facts, due_on=date(2026, 11, 27))
        tell(company)
        answer_case(**facts, proposal=Proposal(Outcome.VALID))
        tell(company)
        assert len(server.mails) == 2
        close_case(**facts, proposal=Proposal(Outcome.VALID))
        tell(company)
        reopen_case(**facts)
        tell(company)
    subjects = [read(server, place)["Subject"] for place in range(len(server.mails))]
    assert len(subjects) == 3
    assert "27.11.2026" in subjects[1]
    assert "erneut" in plain(read(server))


def test_of_several_steps_the_newest_is_told_to_whom_it_concerns_now(
    company: Company, item: Item, manager: User
) -> None:
    User.objects.filter(id=manager.id).update(email="mona@acme.example", language="en")
    with SmtpServer() as server:
        a_sender(company.id, port=server.port)
        case = a_case(company, [item]).id
        assign_case(company=company, case=case, assignee=manager.id, on=ON, by=TESTS, at=MOMENT)
        tell(company)
    [sent] = server.mails
    assert sent.recipients == ("mona@acme.example",)
    assert "it was put to you" in plain(read(server))


def test_nobody_is_told_of_what_she_did_herself(company: Company, item: Item, sales: User) -> None:
    a_case(company, [item], by=Actor(sales.id, "user", sales.login))
    assert waiting_steps(company=company.id, on=ON, at=MOMENT) == []


def test_what_is_older_than_two_days_is_no_news(company: Company, item: Item) -> None:
    a_case(company, [item])
    assert waiting_steps(company=company.id, on=ON + 2 * DAY, at=MOMENT + 2 * DAY) == []


def test_what_a_server_refuses_waits_for_the_next_round(company: Company, item: Item) -> None:
    with SmtpServer(Script(rcpt=Reply(451)), Script()) as server:
        a_sender(company.id, port=server.port)
        a_case(company, [item])
        tell(company)
        assert states() == ["waiting"]
        tell(company)
    assert (len(server.mails), states()) == (1, ["sent"])
    assert CaseMail.objects.get().attempts == 2


def test_what_falls_silent_behind_the_dot_is_uncertain_and_not_sent_again(
    company: Company, item: Item
) -> None:
    with SmtpServer(Script(dot=Cut()), Script()) as server:
        a_sender(company.id, port=server.port)
        a_case(company, [item])
        tell(company)
        tell(company)
    assert states() == ["uncertain"]


def test_a_claim_whose_worker_ended_is_uncertain_after_a_quarter_of_an_hour(
    company: Company, item: Item
) -> None:
    with SmtpServer() as server:
        a_sender(company.id, port=server.port)
        a_case(company, [item])
        tell(company)
        CaseMail.objects.update(state="claimed")
        assert leave_uncertain(company=company.id, at=MOMENT) == 0
        CaseMail.objects.update(claimed_at=MOMENT - timedelta(days=30))
        assert leave_uncertain(company=company.id, at=MOMENT) == 1
        tell(company)
    assert (len(server.mails), states()) == (1, ["uncertain"])


def test_nothing_leaves_while_sending_is_locked_or_to_nobody(
    company: Company, item: Item, sales: User
) -> None:
    with SmtpServer() as server:
        a_sender(company.id, port=server.port)
        a_case(company, [item])
        User.objects.filter(id=sales.id).update(email="")
        tell(company)
        assert states() == ["waiting"]
        User.objects.filter(id=sales.id).update(email="anna@acme.example")
        lock_sending(company=company.id, note="", by=TESTS, at=MOMENT)
        tell(company)
        assert not server.mails
    assert states() == ["waiting"]


def test_who_has_left_is_told_nothing(company: Company, item: Item, sales: User) -> None:
    with SmtpServer() as server:
        a_sender(company.id, port=server.port)
        a_case(company, [item])
        User.objects.filter(id=sales.id).update(is_active=False)
        tell(company)
    assert (len(server.mails), states()) == (0, [])


def test_line_breaks_in_names_break_no_header(company: Company, sales: User) -> None:
    User.objects.filter(id=sales.id).update(email="anna@acme.example", language="en")
    customer = a_customer(company.id, "10007", name="Evil\r\nBcc: x@evil.example", salesperson_id=sales.id)
    with SmtpServer() as server:
        a_sender(company.id, port=server.port)
        a_case(company, [an_open_item(company.id, customer, number="R-7")])
        tell(company)
    mail = read(server)
    assert mail["Bcc"] is None
    assert server.mails[0].recipients == ("anna@acme.example",)


@pytest.mark.parametrize(
    "statement", ["delete from disputes_casemail", "update disputes_casemail set user_id = 1"]
)
def test_a_mail_that_was_told_stays(company: Company, item: Item, statement: str) -> None:
    with SmtpServer() as server:
        a_sender(company.id, port=server.port)
        a_case(company, [item])
        tell(company)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
