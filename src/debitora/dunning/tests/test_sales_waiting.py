"""What the first page counts as waiting for a word of sales is what the list of those waiting holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from debitora.dunning.actions import Stop, answer_questions, take_answers_back
from debitora.dunning.models import SalesQuestion
from debitora.dunning.queries.sales_list import (
    QuestionFilters,
    questions_page,
    questions_waiting,
    salespeople_asked,
)
from debitora.dunning.rules.policy import Silence
from debitora.dunning.rules.presets import preset
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer, a_run, a_strategy
from debitora.people.models import Company, User
from debitora.receivables.actions import place_hold, release_hold
from debitora.receivables.models import Item, ItemState
from debitora.receivables.rules.items import EVERYTHING, Scope
from debitora.values.money import Money

BASE = preset("de-business")
DAYS = [ON + timedelta(days=away) for away in (0, 1, 2, 3, 5, 30)]


def asking(company: Company, kind: str, silence: Silence) -> None:
    first = replace(BASE.steps[0], ask_sales_days=2, sales_silence=silence)
    a_strategy(company, kind=kind, steps=(first, *BASE.steps[1:]))


def held(company: Company, customer: int, *, days: int = 9, **part: Any) -> int:
    known = {"from_on": ON, "until_on": ON + timedelta(days=days), "reason": "agreement", **part}
    return place_hold(company=company.id, customer=customer, by=TESTS, at=MOMENT, **known).id


@pytest.fixture
def many(acme: Company, sales: User, manager: User) -> dict[str, int]:
    """A customer for whatever becomes of a question, twice: where silence releases, and where it stops. Name -> customer."""
    for kind, silence in (("business", Silence.RELEASE), ("consumer", Silence.STOP)):
        asking(acme, kind, silence)
    names = "open released stopped undone all-held each-held one-held part-held freed one-paid reminded another".split()
    made = {}
    for place, (name, kind) in enumerate((n, k) for n in names for k in ("business", "consumer")):
        whose = manager.id if name == "another" else sales.id
        made[f"{name} {kind}"] = a_late_payer(
            acme, str(20_000 + place), minors=(11_900, 5_000), kind=kind, salesperson_id=whose
        )
    a_run(acme)
    assert SalesQuestion.objects.count() == len(made)
    for name, customer in made.items():
        become(acme, name.split()[0], customer)
    return made


def become(company: Company, name: str, customer: int) -> None:
    question = SalesQuestion.objects.get(customer_id=customer).id
    first, second = Item.objects.filter(customer_id=customer).order_by("id").values_list("id", flat=True)
    if name in {"released", "undone"}:
        answer = answer_questions(company=company, questions=[question], by=TESTS, at=MOMENT).kept
        if name == "undone":
            take_answers_back(company=company, answers=answer, by=TESTS, at=MOMENT)
    elif name == "stopped":
        stop = Stop(ON + timedelta(days=9), "agreement", "")
        answer_questions(company=company, questions=[question], stop=stop, by=TESTS, at=MOMENT)
    elif name == "all-held":
        held(company, customer, days=2)
    elif name in {"each-held", "one-held"}:
        for item in (first, second)[: 2 if name == "each-held" else 1]:
            held(company, customer, item=item)
    elif name == "part-held":
        for item in (first, second):
            held(company, customer, item=item, amount=Money(1_000, "EUR"))
    elif name == "freed":
        release_hold(company=company.id, hold=held(company, customer), on=ON, by=TESTS, at=MOMENT)
    elif name == "one-paid":
        ItemState.objects.filter(item_id=first).update(open_minor=0)
    elif name == "reminded":
        ItemState.objects.filter(customer_id=customer).update(level=1, last_reminded_on=ON)


@pytest.mark.parametrize("on", DAYS)
def test_as_many_are_counted_as_the_list_holds(many: dict[str, int], sales: User, on: date) -> None:
    for scope in (EVERYTHING, Scope((sales.id,)), Scope((0,))):
        listed = questions_page(filters=QuestionFilters(), on=on, size=100, scope=scope).rows
        assert questions_waiting(on=on, scope=scope) == len(listed)
        if not scope.is_narrow:
            asked = {row.salesperson_id for row in listed}
            assert set(salespeople_asked(on=on)) == asked


def test_of_all_that_can_become_of_a_question_these_wait(many: dict[str, int]) -> None:
    def waiting(away: int) -> set[str]:
        on = ON + timedelta(days=away)
        found = {row.customer for row in questions_page(filters=QuestionFilters(), on=on, size=100).rows}
        return {name for name, customer in many.items() if customer in found}

    names = ("open", "undone", "one-held", "part-held", "freed", "one-paid", "another")
    both = {f"{name} {kind}" for name in names for kind in ("business", "consumer")}
    assert waiting(0) == both
    stops = {name for name in both if name.endswith("consumer")}
    assert waiting(5) == {*stops, "all-held consumer"}
