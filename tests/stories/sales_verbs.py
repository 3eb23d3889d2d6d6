"""What happens where sales is asked before a step, beside the verbs of every story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from debitora.dunning.actions import (
    Stop,
    add_strategy,
    answer_questions,
    assign,
    take_answers_back,
)
from debitora.dunning.models import SalesAnswer, SalesQuestion
from debitora.dunning.queries.sales_list import QuestionFilters, questions_page
from debitora.dunning.rules.presets import preset
from debitora.people.queries import away
from debitora.people.rules import stood_for
from debitora.receivables.actions import save_customers
from debitora.receivables.rules.customers import CustomerRow
from debitora.receivables.rules.items import Scope
from tests.stories.telling import Row, StoryBroken, Verb, agree, day, verb, written
from tests.stories.world import HOUSE, World

Table = Sequence[Row]
SALES: list[Verb] = []


@verb(
    "Before the first notice sales has {days} working days to answer, and its silence releases", among=SALES
)
def sales_first(world: World, days: str) -> None:
    """The shipped steps for businesses, of which the first asks."""
    known = preset("de-business")
    steps = (replace(known.steps[0], ask_sales_days=int(days)), *known.steps[1:])
    policy = replace(known, name="Sales first", steps=steps)
    version = add_strategy(company=world.company.id, policy=policy, by=HOUSE, at=world.at)
    strategy = version.strategy_id
    assign(company=world.company.id, customer_kind="business", strategy=strategy, by=HOUSE, at=world.at)


@verb("{person} looks after", among=SALES)
def looks_after(world: World, person: str, table: Table) -> None:
    rows = [
        CustomerRow(
            number=row["number"],
            name=row["name"],
            kind="business",
            email=row["e-mail"],
            language="en",
            salesperson_id=world.person(person).id,
        )
        for row in table
    ]
    save_customers(company=world.company.id, rows=rows, by=HOUSE, at=world.at)
    world.names |= {row["number"]: row["name"] for row in table}


@verb("{person} is asked about", among=SALES)
def asked_about(world: World, person: str, table: Table) -> None:
    """What waits for her word; a table that names nobody says that nothing does."""
    with world.looking():
        user = world.person(person).id or 0
        scope = Scope((user, *stood_for(user, away(on=world.on))))
        found = questions_page(filters=QuestionFilters(), on=world.on, scope=scope).rows
    waiting = [
        {
            "customer": row.customer_number,
            "items": str(row.items),
            "open": written(row.open_minor, row.currency),
            "due since": f"{row.due_on:%-d %B %Y}",
            "step": str(row.level),
            "answer until": f"{row.until_on:%-d %B %Y}",
        }
        for row in found
    ]
    agree(table, waiting or [{"customer": "nobody"}])


@verb("{person} releases the notice to {customer}", among=SALES)
def released(world: World, person: str, customer: str) -> None:
    _answer(world, person, customer, None)


@verb("{person} stops {customer} until {when}, because of: {reason}", among=SALES)
def stopped(world: World, person: str, customer: str, when: str, reason: str) -> None:
    _answer(world, person, customer, Stop(day(when), reason))


def _answer(world: World, person: str, customer: str, stop: Stop | None) -> None:
    by, question = world.person(person), _question(world, customer).id
    given = answer_questions(company=world.company, questions=[question], stop=stop, by=by, at=world.at)
    if not given.kept:
        raise StoryBroken(f"the question about {customer} takes no answer: {given}")


@verb("{person} takes the word about {customer} back", among=SALES)
def taken_back(world: World, person: str, customer: str) -> None:
    with world.looking():
        answer = SalesAnswer.objects.filter(question=_question(world, customer)).latest("id").id
    by = world.person(person)
    if not take_answers_back(company=world.company, answers=[answer], by=by, at=world.at):
        raise StoryBroken(f"the word about {customer} stays")


def _question(world: World, customer: str) -> SalesQuestion:
    with world.looking():
        return SalesQuestion.objects.filter(customer__number=customer).latest("id")
