"""What happens in clarification, beside the verbs of every story."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from debitora.disputes.actions import (
    Part,
    answer_case,
    close_case,
    open_case,
    remind_or_escalate,
    reopen_case,
    save_routing,
)
from debitora.disputes.models import CaseItem, CaseRoute, CaseState, CaseStep
from debitora.disputes.queries.reminding import unanswered
from debitora.disputes.rules.outcomes import Outcome, Proposal
from debitora.disputes.rules.routing import PRESET, REST, Asked, Rule, Whom
from debitora.receivables.actions.write_offs import SecondPersonNeeded, book_write_off, reverse_write_off
from debitora.receivables.models import ItemState, WriteOff
from debitora.values.money import Money
from tests.stories.telling import Row, StoryBroken, Verb, agree, day, money, verb, written
from tests.stories.world import HOUSE, World

Table = Sequence[Row]
CLARIFICATION: list[Verb] = []


@verb(
    "Cases about {reason} of more than {amount} go to {person}, within {days} working day",
    among=CLARIFICATION,
)
def own_rule(world: World, reason: str, amount: str, person: str, days: str) -> None:
    above = money(amount)
    asked = Asked(Whom.PERSON, world.person(person).id)
    up = Asked(Whom.TEAM, team="manager")
    rule = Rule(asked, int(days), (reason,), above.currency, above.minor, escalates_after=2, escalates_to=up)
    wanted = replace(PRESET, rules=(rule, *PRESET.rules))
    save_routing(company=world.company, number=0, wanted=wanted, by=HOUSE, at=world.at)


@verb("{person} opens a case about {amount} of {number}, because of {reason}", among=CLARIFICATION)
def opened(world: World, person: str, amount: str, number: str, reason: str) -> None:
    part: Money | None = None if amount == "all" else money(amount)
    item = world.item(number)
    open_case(
        **_doing(world, person),
        customer=item.customer_id,
        parts=[Part(item.id, part)],
        reason=reason,
        question=f"What about {number}?",
    )


@verb("{person} opens the case of {number} again", among=CLARIFICATION)
def reopened(world: World, person: str, number: str) -> None:
    reopen_case(**_doing(world, person), case=_case(world, number))


@verb("{person} answers the case of {number}: {outcome}", among=CLARIFICATION)
def answered(world: World, person: str, number: str, outcome: str) -> None:
    answer_case(**_doing(world, person), case=_case(world, number), proposal=_proposal(outcome))


@verb("{person} closes the case of {number}: {outcome}", among=CLARIFICATION)
def closed(world: World, person: str, number: str, outcome: str) -> None:
    close_case(**_doing(world, person), case=_case(world, number), proposal=_proposal(outcome))


@verb("{person} approves the write-off of {number}", among=CLARIFICATION)
def approved(world: World, person: str, number: str) -> None:
    book_write_off(**_doing(world, person), write_off=_write_off(world, number))


@verb("{person} may not approve the write-off of {number}", among=CLARIFICATION)
def may_not_approve(world: World, person: str, number: str) -> None:
    with suppress(SecondPersonNeeded):
        book_write_off(**_doing(world, person), write_off=_write_off(world, number))
        raise StoryBroken(f"{person} has approved the write-off of {number}")


@verb("{person} reverses the write-off of {number}, because of: {reason}", among=CLARIFICATION)
def write_off_reversed(world: World, person: str, number: str, reason: str) -> None:
    reverse_write_off(**_doing(world, person), write_off=_write_off(world, number), reason=reason)


@verb("Open of the items", among=CLARIFICATION)
def open_of_items(world: World, table: Table) -> None:
    """What of the items that are named is open."""
    with world.looking():
        states = [ItemState.objects.get(item=world.item(row["number"])) for row in table]
    found = [
        {"number": row["number"], "open": written(state.open_minor, state.currency)}
        for row, state in zip(table, states, strict=True)
    ]
    agree(table, found)


@verb("Due days of the items", among=CLARIFICATION)
def due_days_of_items(world: World, table: Table) -> None:
    """When the items that are named are due, and by their list where that says another day."""
    with world.looking():
        states = [ItemState.objects.get(item=world.item(row["number"])) for row in table]
    found = [
        {
            "number": row["number"],
            "due": f"{state.due_on:%-d %B %Y}",
            "by the list": f"{state.listed_due_on:%-d %B %Y}" if state.listed_due_on else "",
        }
        for row, state in zip(table, states, strict=True)
    ]
    agree(table, found)


@verb("The house looks who owes an answer", among=CLARIFICATION)
def looked(world: World) -> None:
    """As the job of every hour does."""
    with world.looking():
        cases = unanswered(company=world.company, on=world.on)
    for case in cases:
        remind_or_escalate(company=world.company, case=case, on=world.on, by=HOUSE, at=world.at)


@verb("What the house did", among=CLARIFICATION)
def done_by_the_house(world: World, table: Table) -> None:
    """Every reminder and every passing on so far."""
    with world.looking():
        names = _names(world)
        found = [
            {"item": _number(one.case_id), "step": one.kind, "to": names[one.assignee_id]}
            for one in CaseStep.objects.filter(kind__in=("reminded", "escalated"))
        ]
    agree(table, found)


@verb("The cases stand", among=CLARIFICATION)
def stand(world: World, table: Table) -> None:
    """Where every case stands; the rule is the place of the one it was routed by."""
    with world.looking():
        names, places = _names(world), dict(CaseRoute.objects.values_list("case_id", "place"))
        found = [
            {
                "item": _number(one.case_id),
                "rule": "others" if places[one.case_id] == REST else str(places[one.case_id]),
                "who answers": names[one.assignee_id],
                "answer until": f"{one.due_on:%-d %B %Y}",
                "state": one.state,
                "outcome": one.outcome,
            }
            for one in CaseState.objects.all()
        ]
    agree(table, found)


def _doing(world: World, person: str) -> dict[str, Any]:
    return {"company": world.company, "by": world.person(person), "on": world.on, "at": world.at}


def _proposal(words: str) -> Proposal:
    outcome, _until, when = words.partition(" until ")
    return Proposal(Outcome(outcome), day(when) if when else None)


def _write_off(world: World, number: str) -> int:
    item = world.item(number)
    with world.looking():
        return WriteOff.objects.filter(item=item).latest("id").id


def _case(world: World, number: str) -> int:
    item = world.item(number)
    with world.looking():
        return CaseItem.objects.filter(item=item).latest("case_id").case_id


def _number(case: int) -> str:
    return str(CaseItem.objects.select_related("item").get(case_id=case).item.number)


def _names(world: World) -> dict[int | None, str]:
    return {actor.id: name for name, actor in world.people.items()}
