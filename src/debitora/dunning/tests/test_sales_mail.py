"""The one mail of a day to a salesperson: all that waits for her, in her language, once, and not while sending is locked."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from email import message_from_bytes, policy

import pytest

from debitora.dunning import jobs
from debitora.dunning.actions import answer_questions, sales_mail
from debitora.dunning.actions.sales_mail import tell_sales
from debitora.dunning.models import SalesMail, SalesQuestion
from debitora.dunning.queries.sales_list import salespeople_asked
from debitora.dunning.rules.policy import Silence
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer, a_run
from debitora.dunning.tests.test_sales import asking
from debitora.kit.runtime import clock_at
from debitora.kit.smtp import NotTaken
from debitora.messaging.actions import lock_sending
from debitora.messaging.testing import a_sender
from debitora.people.actions import enter_absence
from debitora.people.models import Company, User
from debitora.values.locales import format_date
from tests.smtp_server import Reply, Script, SmtpServer

PAGE = "https://debitora.example/c/acme/sales/"


@pytest.fixture
def asked(acme: Company, sales: User, manager: User) -> Company:
    asking(acme)
    for place, person in enumerate((sales, sales, manager), start=1):
        a_late_payer(acme, f"1000{place}", salesperson_id=person.id, name=f"Kunde {place}")
    User.objects.filter(id__in=(sales.id, manager.id)).update(language="de", email="anna@acme.example")
    a_run(acme)
    return acme


def told(company: Company, user: User, *, on: date = ON, at: datetime = MOMENT) -> bool:
    return tell_sales(company=company, user=user.id, on=on, page=PAGE, at=at)


def test_all_her_questions_stand_in_one_mail_in_her_language(asked: Company, sales: User) -> None:
    with SmtpServer() as server:
        a_sender(asked.id, port=server.port)
        assert told(asked, sales)
    [mail] = server.mails
    read = message_from_bytes(mail.data, policy=policy.default)
    text = read.get_content()
    assert mail.recipients == ("anna@acme.example",)
    assert (read["Subject"], read["Auto-Submitted"]) == ("2 Ihrer Kunden sind fällig", "auto-generated")
    assert [name in text for name in ("Kunde 1", "Kunde 2", "Kunde 3")] == [True, True, False]
    assert PAGE in text
    assert f"Antwort bis {format_date(date(2026, 11, 20), 'de')}; danach geht sie von selbst hinaus." in text
    assert SalesMail.objects.get().questions == 2


def test_one_mail_a_day_and_none_when_nothing_waits(asked: Company, sales: User) -> None:
    with SmtpServer() as server:
        a_sender(asked.id, port=server.port)
        assert [told(asked, sales), told(asked, sales)] == [True, False]
        assert told(asked, sales, on=ON + timedelta(days=1), at=MOMENT + timedelta(days=1))
        answer_questions(
            company=asked, questions=SalesQuestion.objects.values_list("id", flat=True), by=TESTS, at=MOMENT
        )
        assert not told(asked, sales, on=ON + timedelta(days=2), at=MOMENT + timedelta(days=2))
    assert len(server.mails) == 2


def test_what_a_server_refuses_is_tried_again(asked: Company, sales: User) -> None:
    with SmtpServer(Script(rcpt=Reply(451)), Script()) as server:
        a_sender(asked.id, port=server.port)
        with pytest.raises(NotTaken):
            told(asked, sales)
        assert not SalesMail.objects.exists()
        assert told(asked, sales)
    assert len(server.mails) == 1


def test_nothing_leaves_while_sending_is_locked_or_without_an_address(asked: Company, sales: User) -> None:
    with SmtpServer() as server:
        a_sender(asked.id, port=server.port)
        User.objects.filter(id=sales.id).update(email="no address")
        assert not told(asked, sales)
        User.objects.filter(id=sales.id).update(email="anna@acme.example")
        lock_sending(company=asked.id, note="", by=TESTS, at=MOMENT)
        assert not told(asked, sales)
    assert not server.mails
    assert not SalesMail.objects.exists()


def test_the_job_mails_each_salesperson_on_working_days(asked: Company) -> None:
    with SmtpServer() as server:
        a_sender(asked.id, port=server.port)
        with clock_at(MOMENT):
            jobs.tell_salespeople(company=asked.id)
            jobs.tell_salespeople(company=asked.id)
        with clock_at(MOMENT + timedelta(days=3)):  # a Saturday
            jobs.tell_salespeople(company=asked.id)
    assert len(server.mails) == 2


def test_what_is_too_much_for_a_mail_is_counted_and_silence_is_said(
    acme: Company, sales: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking(acme, sales_silence=Silence.STOP)
    for place in range(2):
        a_late_payer(acme, f"2000{place}", salesperson_id=sales.id)
    a_run(acme)
    User.objects.filter(id=sales.id).update(language="en", email="anna@acme.example")
    monkeypatch.setattr(sales_mail, "MOST_LINES", 1)
    with SmtpServer() as server:
        a_sender(acme.id, port=server.port)
        assert told(acme, sales)
    text = message_from_bytes(server.mails[0].data, policy=policy.default).get_content()
    assert "And 1 more." in text
    assert "without your word nothing goes." in text


def test_a_server_that_refuses_one_mail_keeps_no_other_back(asked: Company) -> None:
    with SmtpServer(Script(rcpt=Reply(451)), Script()) as server:
        a_sender(asked.id, port=server.port)
        with clock_at(MOMENT):
            jobs.tell_salespeople(company=asked.id)
            assert (len(server.mails), SalesMail.objects.count()) == (1, 1)
            jobs.tell_salespeople(company=asked.id)
    assert (len(server.mails), SalesMail.objects.count()) == (2, 2)


def test_whoever_stands_in_is_mailed_with_the_customers_of_both(
    asked: Company, sales: User, manager: User, clerk: User
) -> None:
    User.objects.filter(id=clerk.id).update(email="carla@acme.example", language="en")
    day = timedelta(days=1)
    enter_absence(
        company=asked, user=sales, stand_in=clerk, from_on=ON, until_on=ON, on=ON, by=TESTS, at=MOMENT
    )
    assert salespeople_asked(on=ON) == sorted((clerk.id, manager.id))
    assert salespeople_asked(on=ON + day) == sorted((sales.id, manager.id))
    with SmtpServer() as server:
        a_sender(asked.id, port=server.port)
        assert told(asked, clerk)
    [mail] = server.mails
    text = message_from_bytes(mail.data, policy=policy.default).get_content()
    assert [name in text for name in ("Kunde 1", "Kunde 2", "Kunde 3")] == [True, True, False]
    assert mail.recipients == ("carla@acme.example",)
