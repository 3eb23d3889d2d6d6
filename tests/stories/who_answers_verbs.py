"""What single rules say of cases, beside the verbs of every story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.translation import override

from debitora.disputes.actions import save_routing
from debitora.disputes.forms.rule_words import (
    asked_words,
    condition_words,
    days_words,
    escalation_words,
    reason_names,
)
from debitora.disputes.models import CaseItem, CaseState
from debitora.disputes.queries.routing import route_of, routing_of
from debitora.disputes.rules.routing import PRESET, REST, Asked, Rule, Whom
from debitora.people.actions import revoke
from debitora.people.models import User
from tests.stories.telling import Row, Verb, agree, money, verb
from tests.stories.world import HOUSE, World

Table = Sequence[Row]
WHO_ANSWERS: list[Verb] = []


@verb("The rules of the company stand in front of the shipped ones", among=WHO_ANSWERS)
def own_rules(world: World, table: Table) -> None:
    wanted = replace(PRESET, rules=(*(_rule(world, row) for row in table), *PRESET.rules))
    save_routing(company=world.company, number=0, wanted=wanted, by=HOUSE, at=world.at)


@verb("In words they say", among=WHO_ANSWERS)
def in_words(world: World, table: Table) -> None:
    """As the page of the rules has them, of those that the story names."""
    people = _people(world)
    with world.looking(), override("en"):
        routing = routing_of(company=world.company.id).routing
        names = reason_names(routing)
        found = [
            {
                "rule": str(place),
                "cases": condition_words(rule, reasons=names, people=people),
                "who answers": asked_words(rule.asked, people=people),
                "time": days_words(rule.days),
                "without an answer": escalation_words(rule, people=people),
            }
            for place, rule in routing.placed()
        ]
    told = {row["rule"] for row in table}
    agree(table, [row for row in found if row["rule"] in told])


@verb("{person} leaves the company", among=WHO_ANSWERS)
def leaves(world: World, person: str) -> None:
    revoke(company=world.company, user=User.objects.get(id=world.person(person).id), by=HOUSE, at=world.at)


@verb("Why they have them", among=WHO_ANSWERS)
def why(world: World, table: Table) -> None:
    """The sentence that a case says of its rule, of the cases that the story names."""
    people = _people(world)
    with world.looking(), override("en"):
        names = reason_names(routing_of(company=world.company.id).routing)
        found = [
            {
                "item": _number(state.case_id),
                "who answers": people[state.assignee_id or 0],
                "why": _sentence(state.case_id, names, people),
            }
            for state in CaseState.objects.all()
        ]
    told = {row["item"] for row in table}
    agree(table, [row for row in found if row["item"] in told])


def _rule(world: World, row: Row) -> Rule:
    above = money(row["more than"]) if row["more than"] else None
    return Rule(
        asked=_asked(world, row["asks"]),
        days=int(row["days"]),
        reasons=tuple(row["because of"].split(", ")) if row["because of"] else (),
        currency=above.currency if above else "",
        above_minor=above.minor if above else 0,
        kind=row["kind"],
        salesperson=world.person(row["customers of"]).id if row["customers of"] else None,
        escalates_after=int(row["after"]) if row["after"] else None,
        escalates_to=_asked(world, row["goes on to"]) if row["goes on to"] else None,
    )


def _asked(world: World, words: str) -> Asked:
    """A person by first name, or a team: "clerks", "managers"."""
    if words in ("clerks", "managers"):
        return Asked(Whom.TEAM, team=words.removesuffix("s"))
    return Asked(Whom.PERSON, world.person(words).id)


def _sentence(case: int, names: Mapping[str, str], people: Mapping[int, str]) -> str:
    known = route_of(case=case)
    if known is None or known.place == REST:
        return "No rule is about such a case: the one for all others holds."
    return f"Rule {known.place}: {condition_words(known.rule, reasons=names, people=people)}."


def _people(world: World) -> dict[int, str]:
    return {actor.id or 0: name for name, actor in world.people.items()}


def _number(case: int) -> str:
    return str(CaseItem.objects.select_related("item").get(case_id=case).item.number)
