"""Calls of the populated companies: whom a strategy has telephoned, what came of it, and a word that was taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from debitora.dunning.actions import add_strategy, answer_call, choose_strategy, take_call_back
from debitora.dunning.models import Notice
from debitora.dunning.queries.calls import due_calls
from debitora.dunning.rules.policy import Channel
from debitora.dunning.rules.presets import preset
from debitora.people.models import Company, User
from debitora.receivables.models import Customer
from debitora.trail.rules import Actor


def by_telephone(*, company: int, people: Iterable[User], name: str, by: Actor, at: datetime) -> None:
    """The eighth customer of each salesperson is called before anything is written."""
    base = preset("de-business")
    steps = (replace(base.steps[0], channel=Channel.CALL), *base.steps[1:])
    policy = replace(base, name=name, steps=steps)
    strategy = add_strategy(company=company, policy=policy, by=by, at=at).strategy_id
    for person in people:
        hers = Customer.objects.filter(salesperson_id=person.id).order_by("id")
        choose_strategy(company=company, customer=hers[7].id, strategy=strategy, by=by, at=at)


def called(*, company: Company, note: Callable[[str], str], by: Actor, at: datetime) -> None:
    """Every call was made once: in vain, or with a word that was taken back. `note`: what was said, by the customer's number."""
    for place, notice in enumerate(due_calls()):
        number = Notice.objects.get(id=notice).customer.number
        outcome = ("not_reached", "reached")[place % 2]
        call = answer_call(company=company, notice=notice, outcome=outcome, note=note(number), by=by, at=at)
        if place % 2:
            take_call_back(company=company, call=call.id, by=by, at=at)
