"""Questions to sales of the populated companies: one that waits, one that was stopped with marked words, for each salesperson."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from debitora.dunning.actions import (
    Stop,
    add_strategy,
    answer_questions,
    choose_strategy,
    take_answers_back,
)
from debitora.dunning.models import CopyMail, SalesMail, SalesQuestion
from debitora.dunning.rules.presets import preset
from debitora.people.models import Company, User
from debitora.receivables.models import Customer
from debitora.trail.rules import Actor


def ask_first(*, company: int, people: Iterable[User], name: str, by: Actor, at: datetime) -> None:
    """Before the ninth and the tenth customer of each salesperson get a notice, she is asked."""
    base = preset("de-business")
    steps = (replace(base.steps[0], ask_sales_days=2), *base.steps[1:])
    policy = replace(base, name=name, steps=steps)
    strategy = add_strategy(company=company, policy=policy, by=by, at=at).strategy_id
    for person in people:
        hers = Customer.objects.filter(salesperson_id=person.id).order_by("id")
        for customer in hers[8:10]:
            choose_strategy(company=company, customer=customer.id, strategy=strategy, by=by, at=at)


def answer_first(
    *,
    company: Company,
    people: Iterable[User],
    note: Callable[[User], str],
    on: date,
    by: Actor,
    at: datetime,
) -> None:
    """The older question of each is released, taken back and stopped; and a mail told her of them."""
    for person in people:
        question = SalesQuestion.objects.filter(customer__salesperson_id=person.id).order_by("id")[0].id
        released = answer_questions(company=company, questions=[question], by=by, at=at)
        take_answers_back(company=company, answers=released.kept, by=by, at=at)
        stop = Stop(on + timedelta(days=30), "agreement", note(person))
        answer_questions(company=company, questions=[question], stop=stop, by=by, at=at)
        SalesMail.objects.create(company=company, user_id=person.id, on=on, questions=2, told_at=at)
        CopyMail.objects.create(company=company, user_id=person.id, on=on, notices=[1], told_at=at)
