"""Two at once about one question, and a run that decides at the moment of an answer: one word stands, on committed data."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

import pytest
from django.db import IntegrityError, transaction

from debitora.dunning.actions import (
    Answered,
    NoticeOnItsWay,
    Stop,
    answer_questions,
    propose_run,
    take_answers_back,
)
from debitora.dunning.actions import sales as sales_actions
from debitora.dunning.actions.sales_mail import tell_sales
from debitora.dunning.models import Notice, NoticeEvent, SalesAnswer, SalesMail, SalesQuestion
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer, a_ready_company, a_released_run, a_run
from debitora.dunning.tests.test_races import beside, served, until_waiting
from debitora.dunning.tests.test_sales import asking
from debitora.messaging.testing import a_sender
from debitora.people.models import Company, User
from debitora.receivables.actions.locks import lock_customer
from debitora.receivables.models import Hold
from tests.smtp_server import SmtpServer


@pytest.fixture
def acme(committed: str, company: Company, sales: User) -> Company:
    with transaction.atomic():
        a_ready_company(company)
        asking(company)
        a_late_payer(company, salesperson_id=sales.id)
    a_run(company)
    return company


@transaction.atomic
def the_question() -> SalesQuestion:
    return SalesQuestion.objects.get()


def releasing(company: Company, question: int) -> Callable[[], Answered]:
    return served(
        company, lambda: answer_questions(company=company, questions=[question], by=TESTS, at=MOMENT)
    )


def stopping(company: Company, question: int) -> Callable[[], Answered]:
    given = Stop(ON, "agreement")
    return served(
        company,
        lambda: answer_questions(company=company, questions=[question], stop=given, by=TESTS, at=MOMENT),
    )


def test_two_answer_one_question_and_the_second_is_told(acme: Company) -> None:
    question = the_question()
    with ExitStack() as both:
        with transaction.atomic():
            lock_customer(company=acme.id, customer=question.customer_id)
            answers = both.enter_context(beside(releasing(acme, question.id), stopping(acme, question.id)))
            until_waiting(2)
        given = [one.result() for one in answers]
    assert sorted((len(one.kept), len(one.before)) for one in given) == [(0, 1), (1, 0)]
    with transaction.atomic():
        assert Hold.objects.count() == (SalesAnswer.objects.get().kind == "stopped")


def test_without_the_customers_lock_both_would_answer(acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: what holds the two apart is the lock, and behind it the constraint of the table."""
    question = the_question()
    monkeypatch.setattr(sales_actions, "lock_customers", lambda **_known: {})
    monkeypatch.setattr(sales_actions, "newest_answer", lambda **_known: None)
    releasing(acme, question.id)()
    with pytest.raises(IntegrityError, match="sales_answer_once"):
        releasing(acme, question.id)()


def test_a_release_taken_back_while_a_run_decides_leaves_no_notice_to_go(acme: Company) -> None:
    """The one waits for the other: either the run sees the question open, or its notice is withheld."""
    answer = releasing(acme, the_question().id)().kept[0]
    run = served(acme, lambda: propose_run(company=acme, on=ON, by=TESTS, at=MOMENT))
    back = served(acme, lambda: take_answers_back(company=acme, answers=[answer], by=TESTS, at=MOMENT))
    with ExitStack() as both:
        with transaction.atomic():
            Company.objects.select_for_update(no_key=True).get(pk=acme.pk)
            works = both.enter_context(beside(run, back))
            until_waiting(2)
        for work in works:
            work.result()
    with transaction.atomic():
        going = set(Notice.objects.filter(run__state="proposed").values_list("id", flat=True))
        withheld = set(NoticeEvent.objects.filter(kind="withheld").values_list("notice_id", flat=True))
        assert SalesAnswer.objects.order_by("-id")[0].kind == "undone"
    assert going <= withheld


def test_two_runs_at_once_ask_once(acme: Company) -> None:
    works = [
        served(acme, lambda: propose_run(company=acme, on=ON, by=TESTS, at=MOMENT)) for _place in range(2)
    ]
    with beside(*works) as runs:
        for one in runs:
            one.result()
    assert the_question().place == 1


def test_two_jobs_mail_once(acme: Company, sales: User) -> None:
    with SmtpServer() as server:
        with transaction.atomic():
            a_sender(acme.id, port=server.port)
        page = "https://debitora.example/"
        tell = served(acme, lambda: tell_sales(company=acme, user=sales.id, on=ON, page=page, at=MOMENT))
        with beside(tell, tell) as told:
            assert sorted(one.result() for one in told) == [False, True]
    with transaction.atomic():
        assert len(server.mails) == SalesMail.objects.count() == 1


def test_what_was_written_meanwhile_stays_and_says_so(acme: Company) -> None:
    answer = releasing(acme, the_question().id)().kept[0]
    a_released_run(acme)
    with pytest.raises(NoticeOnItsWay), transaction.atomic():
        take_answers_back(company=acme, answers=[answer], by=TESTS, at=MOMENT)
