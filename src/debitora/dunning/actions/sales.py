"""What sales answers before a step, and the taking back of an answer.

Locks: the company where an answer is taken back, then customers by id, so that two who answer come one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from debitora.dunning.actions.notices import withhold
from debitora.dunning.models import SalesAnswer, SalesQuestion
from debitora.dunning.queries.sales import (
    holds_of_answer,
    newest_answer,
    notices_since,
    waiting_items,
)
from debitora.dunning.rules.sales import MOST_STOPPED_DAYS
from debitora.kit.failpoints import failpoint
from debitora.people.models import Company
from debitora.receivables.actions import place_hold, release_hold
from debitora.receivables.actions.locks import lock_customers
from debitora.receivables.models.holds import REASONS
from debitora.trail.actions import put_wording, record
from debitora.trail.rules import Actor, Subject


class StopNeedsADay(Exception):
    """A stop says until which day, today or later, and at most a year ahead."""


class StopNeedsAReason(Exception):
    """A stop says why, by one of the reasons of holds."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing goes until the day, its last one, because of the reason (receivables.models.holds.REASONS)."""

    until_on: date
    reason: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """Which answers were kept, by id, and which questions took none: somebody answered before, or they are over."""

    kept: tuple[int, ...]
    before: tuple[int, ...]
    over: tuple[int, ...]


def answer_questions(
    *, company: Company, questions: Iterable[int], stop: Stop | None = None, by: Actor, at: datetime
) -> Answered:
    """Release what questions are about, so that the next run sends it, or stop it until a day.

    A stop holds the items of the question, so that notices already on their way stop, too. A question that somebody has
    answered, or that is over, is left as it is. Raises StopNeedsADay, StopNeedsAReason.
    """
    day = company.day_at(at)
    _refuse_nonsense(stop, day)
    kept, before, over = [], [], []
    with transaction.atomic():
        for question in _locked(company, questions):
            newest, items = newest_answer(question=question.id), waiting_items(question=question)
            if newest is not None and newest.kind != "undone":
                before.append(question.id)
            elif not items:
                over.append(question.id)
            else:
                kept.append(_answer(question, newest, stop, items, day, by, at).id)
        failpoint("sales_answered")
    return Answered(tuple(kept), tuple(before), tuple(over))


def _refuse_nonsense(stop: Stop | None, day: date) -> None:
    if stop is None:
        return
    if not 0 <= (stop.until_on - day).days <= MOST_STOPPED_DAYS:
        raise StopNeedsADay(stop.until_on.isoformat())
    if stop.reason not in REASONS:
        raise StopNeedsAReason(stop.reason)


def _locked(company: Company, questions: Iterable[int]) -> list[SalesQuestion]:
    """The questions, their customers locked in the order of their ids."""
    found = SalesQuestion.objects.filter(company_id=company.id, id__in=list(questions)).order_by("id")
    lock_customers(company=company.id, customers={one.customer_id for one in found})
    return list(found)


def _answer(
    question: SalesQuestion,
    newest: SalesAnswer | None,
    stop: Stop | None,
    items: Sequence[int],
    day: date,
    by: Actor,
    at: datetime,
) -> SalesAnswer:
    note = stop.note if stop else ""
    made = SalesAnswer.objects.create(
        company_id=question.company_id,
        question=question,
        place=newest.place + 1 if newest else 1,
        kind="stopped" if stop else "released",
        reason=stop.reason if stop else "",
        until_on=stop.until_on if stop else None,
        wording=put_wording(company=question.company_id, text=note) if note else None,
        answered_on=day,
        answered_at=at,
        answered_by_id=by.id,
        answered_by_label=by.label[:64],
    )
    if stop:
        _hold(question, items, stop, day, by, at)
    _record(question, made, by, at)
    return made


def _hold(
    question: SalesQuestion, items: Sequence[int], stop: Stop, day: date, by: Actor, at: datetime
) -> None:
    for item in items:
        place_hold(
            company=question.company_id,
            customer=question.customer_id,
            item=item,
            reason=stop.reason,
            from_on=day,
            until_on=stop.until_on,
            note=stop.note,
            by=by,
            at=at,
        )


def take_answers_back(
    *, company: Company, answers: Iterable[int], by: Actor, at: datetime
) -> tuple[int, ...]:
    """Take the last word about questions back: they are asked again, until the same day. Returns those taken back.

    What a stop held is free. A notice that a run made since a release is withheld; raises NoticeOnItsWay where one has been
    written already, and then takes nothing back. An answer that was followed by another word stays.
    """
    day = company.day_at(at)
    with transaction.atomic():
        # A run that reads the release now either waits, or has written its notices before they are looked for.
        Company.objects.select_for_update(no_key=True).get(pk=company.pk)
        found = SalesAnswer.objects.filter(company_id=company.id, id__in=list(answers)).order_by("id")
        of_questions = {one.question_id: one for one in found if one.kind != "undone"}
        taken = [
            _undo(question, of_questions[question.id], day, by, at)
            for question in _locked(company, of_questions)
            if newest_answer(question=question.id) == of_questions[question.id]
        ]
    return tuple(taken)


def _undo(question: SalesQuestion, answer: SalesAnswer, day: date, by: Actor, at: datetime) -> int:
    if answer.kind == "stopped":
        for hold in holds_of_answer(question=question, answer=answer):
            release_hold(company=question.company_id, hold=hold, on=day, by=by, at=at)
    else:
        withhold(company=question.company_id, notices=notices_since(question=question), note="", by=by, at=at)
    undone = SalesAnswer.objects.create(
        company_id=question.company_id,
        question=question,
        place=answer.place + 1,
        kind="undone",
        answered_on=day,
        answered_at=at,
        answered_by_id=by.id,
        answered_by_label=by.label[:64],
    )
    _record(question, undone, by, at)
    return answer.id


def _record(question: SalesQuestion, answer: SalesAnswer, by: Actor, at: datetime) -> None:
    facts: dict[str, object] = {"level": question.level}
    if answer.until_on:
        facts |= {"reason": answer.reason, "until": answer.until_on.isoformat()}
    record(
        company=question.company_id,
        by=by,
        at=at,
        verb=f"sales.{answer.kind}",
        subjects=[Subject("question", question.id, question.customer_id)],
        facts=facts,
    )
