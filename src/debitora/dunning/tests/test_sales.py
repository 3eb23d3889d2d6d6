"""Asking sales before a step: what a run asks, what an answer does to the next run, and the taking back of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from debitora.dunning.actions import (
    NoticeOnItsWay,
    Stop,
    StopNeedsADay,
    StopNeedsAReason,
    answer_questions,
    approve_run,
    release_run,
    take_answers_back,
)
from debitora.dunning.models import Decision, Notice, NoticeEvent, Run, SalesAnswer, SalesQuestion
from debitora.dunning.queries.why import why_item
from debitora.dunning.rules.policy import Silence
from debitora.dunning.rules.presets import preset
from debitora.dunning.rules.reasons import Reason
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer, a_released_run, a_run, a_strategy
from debitora.kit import failpoints
from debitora.people.models import Company, User
from debitora.receivables.models import Hold, HoldRelease, Item, ItemState
from debitora.receivables.testing import an_open_item

BASE = preset("de-business")
UserOf = Callable[[str], User]
NEXT = ON + timedelta(days=1)
NEXT_MOMENT = MOMENT + timedelta(days=1)
LAST = date(2026, 11, 20)
"""The last day of an answer: asked on Wednesday the 18th, two working days."""


def asking(company: Company, **changes: object) -> None:
    """Business customers' salespeople are asked before the first step, and have two working days."""
    first = replace(BASE.steps[0], **{"ask_sales_days": 2, **changes})  # type: ignore[arg-type]
    a_strategy(company, kind="business", steps=(first, *BASE.steps[1:]))


def a_question(company: Company, salesperson: User, **known: object) -> SalesQuestion:
    a_late_payer(company, salesperson_id=salesperson.id, **known)  # type: ignore[arg-type]
    a_run(company)
    return SalesQuestion.objects.get()


def reasons(run: int | None) -> set[Reason]:
    return {Reason(one.reason) for one in Decision.objects.filter(run_id=run)}


def release(company: Company, question: SalesQuestion) -> int:
    return answer_questions(company=company, questions=[question.id], by=TESTS, at=MOMENT).kept[0]


def stop(company: Company, question: SalesQuestion, *, until: date = ON + timedelta(days=9)) -> int:
    given = Stop(until, "agreement", "new terms")
    return answer_questions(company=company, questions=[question.id], stop=given, by=TESTS, at=MOMENT).kept[0]


# --------------------------------------------------------------------------------------------------- what a run asks


def test_a_run_asks_instead_of_making_the_notice(acme: Company, sales: User) -> None:
    asking(acme)
    question = a_question(acme, sales, minors=(11_900, 5_000))
    run = Run.objects.get()
    assert (question.level, question.place, question.run_id) == (1, 1, run.id)
    assert (question.asked_on, question.until_on, question.silence) == (ON, LAST, "release")
    assert sorted(question.items) == sorted(Item.objects.values_list("id", flat=True))
    assert reasons(run.id) == {Reason.SALES_ASKED}
    assert (run.overdue_items, run.notice_count, run.counts["decisions"]) == (2, 0, {"sales_asked": 2})


def test_it_is_asked_once_however_often_a_run_looks(acme: Company, sales: User) -> None:
    asking(acme)
    question = a_question(acme, sales)
    an_open_item(acme.id, question.customer_id, number="R-later", minor=900_00, due_on=date(2026, 11, 2))
    again = a_run(acme, on=NEXT, at=NEXT_MOMENT)
    assert reasons(again.run) == {Reason.SALES_ASKED}
    assert SalesQuestion.objects.count() == 1


@pytest.mark.parametrize("known", [{}, {"salesperson_id": 99_999}], ids=["nobody", "who has no role here"])
def test_where_nobody_can_be_asked_the_notice_goes(acme: Company, known: dict[str, int]) -> None:
    asking(acme)
    a_late_payer(acme, **known)
    assert reasons(a_run(acme).run) == {Reason.NOTICE}
    assert not SalesQuestion.objects.exists()


def test_who_has_left_is_not_asked(acme: Company, sales: User) -> None:
    asking(acme)
    User.objects.filter(id=sales.id).update(is_active=False)
    a_late_payer(acme, salesperson_id=sales.id)
    assert reasons(a_run(acme).run) == {Reason.NOTICE}


def test_the_why_card_says_whom_it_waits_for(acme: Company, sales: User) -> None:
    asking(acme)
    question = a_question(acme, sales)
    card = why_item(company=acme, item=question.items[0], on=ON).why
    assert card.reason is Reason.SALES_ASKED
    assert dict(card.facts)["sales_until_on"] == LAST
    assert [(one.code.value, dict(one.params)) for one in card.changes] == [
        ("sales_releases", {"level": 1}),
        ("time", {"days": 3, "on": LAST + timedelta(days=1)}),
    ]


# ---------------------------------------------------------------------------------------------------- what an answer does


def test_released_the_next_run_sends_it(acme: Company, sales: User) -> None:
    asking(acme)
    release(acme, a_question(acme, sales))
    a_released_run(acme, on=NEXT, at=NEXT_MOMENT)
    assert list(NoticeEvent.objects.values_list("kind", flat=True)) == ["rendered"]


def test_silence_releases_after_the_last_day(acme: Company, sales: User) -> None:
    asking(acme)
    a_question(acme, sales)
    assert reasons(a_run(acme, on=LAST, at=NEXT_MOMENT).run) == {Reason.SALES_ASKED}
    assert reasons(a_run(acme, on=LAST + timedelta(days=1), at=NEXT_MOMENT).run) == {Reason.NOTICE}


def test_silence_may_mean_that_nothing_goes(acme: Company, sales: User) -> None:
    asking(acme, sales_silence=Silence.STOP)
    question = a_question(acme, sales)
    assert reasons(a_run(acme, on=ON + timedelta(days=60), at=NEXT_MOMENT).run) == {Reason.SALES_ASKED}
    release(acme, question)
    assert reasons(a_run(acme, on=NEXT, at=NEXT_MOMENT).run) == {Reason.NOTICE}


def test_a_stop_holds_the_items_and_then_she_is_asked_again(acme: Company, sales: User) -> None:
    asking(acme)
    question = a_question(acme, sales)
    stop(acme, question)
    held = Hold.objects.get()
    assert (held.item_id, held.reason, held.until_on, held.wording and held.wording.text) == (
        question.items[0],
        "agreement",
        ON + timedelta(days=9),
        "new terms",
    )
    assert reasons(a_run(acme, on=ON + timedelta(days=9), at=NEXT_MOMENT).run) == {Reason.HELD_ITEM}
    assert reasons(a_run(acme, on=ON + timedelta(days=10), at=NEXT_MOMENT).run) == {Reason.SALES_ASKED}
    assert [one.place for one in SalesQuestion.objects.order_by("id")] == [1, 2]


def test_a_stop_catches_a_notice_that_silence_has_released(acme: Company, sales: User) -> None:
    """The run is proposed and approved, the letters are not made yet: the hold stops them (at the same time as a run)."""
    asking(acme)
    question = a_question(acme, sales)
    late = MOMENT + timedelta(days=3)
    run = a_run(acme, on=late.date(), at=late).run or 0
    approve_run(company=acme.id, run=run, by=TESTS, at=late, confirmed=True, despite=True)
    answer_questions(
        company=acme, questions=[question.id], stop=Stop(late.date(), "agreement"), by=TESTS, at=late
    )
    release_run(company=acme, run=run, by=TESTS, clock=lambda: late)
    assert list(NoticeEvent.objects.values_list("kind", "reason")) == [("stopped", "held")]


def test_after_the_notice_has_gone_the_next_item_is_asked_about(acme: Company, sales: User) -> None:
    asking(acme)
    question = a_question(acme, sales)
    release(acme, question)
    ItemState.objects.filter(item_id=question.items[0]).update(level=1, last_reminded_on=NEXT)
    an_open_item(acme.id, question.customer_id, number="R-later", minor=900_00, due_on=date(2026, 11, 2))
    day = ON + timedelta(days=5)
    a_run(acme, on=day, at=MOMENT + timedelta(days=5))
    newest = SalesQuestion.objects.order_by("-id")[0]
    assert (newest.place, len(newest.items)) == (2, 1)


def test_a_paid_item_ends_its_question(acme: Company, sales: User) -> None:
    asking(acme)
    question = a_question(acme, sales)
    ItemState.objects.filter(item_id=question.items[0]).update(open_minor=0)
    given = answer_questions(company=acme, questions=[question.id], by=TESTS, at=MOMENT)
    assert (given.kept, given.before, given.over) == ((), (), (question.id,))


# --------------------------------------------------------------------------------------------- twice, wrong, and back


def test_the_second_answer_is_told_and_changes_nothing(acme: Company, sales: User) -> None:
    asking(acme)
    question = a_question(acme, sales)
    release(acme, question)
    given = answer_questions(
        company=acme, questions=[question.id], stop=Stop(ON, "agreement"), by=TESTS, at=MOMENT
    )
    assert given.before == (question.id,)
    assert (SalesAnswer.objects.count(), Hold.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        (Stop(ON - timedelta(days=1), "agreement"), StopNeedsADay),
        (Stop(ON + timedelta(days=367), "agreement"), StopNeedsADay),
        (Stop(ON, "because"), StopNeedsAReason),
        (Stop(ON, ""), StopNeedsAReason),
    ],
)
def test_a_stop_without_day_or_reason_is_refused(
    acme: Company, sales: User, given: Stop, refusal: type[Exception]
) -> None:
    asking(acme)
    question = a_question(acme, sales)
    with pytest.raises(refusal):
        answer_questions(company=acme, questions=[question.id], stop=given, by=TESTS, at=MOMENT)
    assert not SalesAnswer.objects.exists()


def test_a_stop_taken_back_frees_what_it_held_and_asks_again(acme: Company, sales: User) -> None:
    asking(acme)
    question = a_question(acme, sales)
    answer = stop(acme, question)
    assert take_answers_back(company=acme, answers=[answer], by=TESTS, at=MOMENT) == (answer,)
    assert HoldRelease.objects.count() == 1
    assert take_answers_back(company=acme, answers=[answer], by=TESTS, at=MOMENT) == ()
    assert release(acme, question)
    assert [one.kind for one in SalesAnswer.objects.order_by("place")] == ["stopped", "undone", "released"]


def test_a_release_taken_back_withholds_what_a_run_proposes(acme: Company, sales: User) -> None:
    asking(acme)
    question = a_question(acme, sales)
    answer = release(acme, question)
    a_run(acme, on=NEXT, at=NEXT_MOMENT)
    take_answers_back(company=acme, answers=[answer], by=TESTS, at=NEXT_MOMENT)
    assert list(NoticeEvent.objects.values_list("kind", flat=True)) == ["withheld"]
    assert reasons(a_run(acme, on=NEXT, at=NEXT_MOMENT).run) == {Reason.SALES_ASKED}


def test_what_is_written_cannot_be_taken_back(acme: Company, sales: User) -> None:
    asking(acme)
    question = a_question(acme, sales)
    answer = release(acme, question)
    a_released_run(acme, on=NEXT, at=NEXT_MOMENT)
    with pytest.raises(NoticeOnItsWay, match=Notice.objects.get().number):
        take_answers_back(company=acme, answers=[answer], by=TESTS, at=NEXT_MOMENT)
    assert SalesAnswer.objects.count() == 1


def test_broken_off_in_the_middle_nothing_is_answered_and_nothing_held(
    acme: Company, sales: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking(acme)
    question = a_question(acme, sales)
    monkeypatch.setenv("DEBITORA_TEST", "1")
    monkeypatch.setenv("DEBITORA_FAILPOINT", "sales_answered:raise")
    with pytest.raises(failpoints.FailpointReached), transaction.atomic():
        stop(acme, question)
    monkeypatch.delenv("DEBITORA_FAILPOINT")
    assert (SalesAnswer.objects.count(), Hold.objects.count()) == (0, 0)
    assert stop(acme, question)


@pytest.mark.parametrize("table", ["dunning_salesquestion", "dunning_salesanswer"])
@pytest.mark.parametrize("how", ["update {} set place = 9", "delete from {}"])
def test_questions_and_answers_stay_as_they_are(acme: Company, sales: User, table: str, how: str) -> None:
    asking(acme)
    release(acme, a_question(acme, sales))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(how.format(table))


def test_a_credit_that_covers_it_needs_no_word(acme: Company, sales: User) -> None:
    asking(acme)
    customer = a_late_payer(acme, salesperson_id=sales.id)
    an_open_item(acme.id, customer, number="G-1", minor=-11_900, due_on=date(2026, 11, 1))
    assert Reason.CREDIT_COVERS in reasons(a_run(acme).run)
    assert not SalesQuestion.objects.exists()
