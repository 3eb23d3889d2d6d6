"""What happens while somebody is away, beside the verbs of every story."""

from __future__ import annotations

from collections.abc import Sequence

from debitora.disputes.models import CaseItem
from debitora.disputes.queries.telling import waiting_steps
from debitora.dunning.queries.sales_list import salespeople_asked
from debitora.people.actions import end_absence, enter_absence
from debitora.people.models import Absence, User
from tests.stories.telling import Row, StoryBroken, Verb, agree, day, verb
from tests.stories.world import HOUSE, World

Table = Sequence[Row]
STANDING_IN: list[Verb] = []


@verb("{person} is away from {first} until {last}, and {other} stands in", among=STANDING_IN)
def away_from(world: World, person: str, first: str, last: str, other: str) -> None:
    enter_absence(
        company=world.company,
        user=_user(world, person),
        stand_in=_user(world, other),
        from_on=day(first),
        until_on=day(last),
        on=world.on,
        by=HOUSE,
        at=world.at,
    )


@verb("{person} is back", among=STANDING_IN)
def back(world: World, person: str) -> None:
    with world.looking():
        absence = Absence.objects.filter(user=_user(world, person)).latest("id").id
    end_absence(company=world.company, absence=absence, on=world.on, by=HOUSE, at=world.at)


@verb("Who is told of the cases", among=STANDING_IN)
def told(world: World, table: Table) -> None:
    """Whom the mails of this moment about cases go to, by the cases' items."""
    with world.looking():
        names = {actor.id: name for name, actor in world.people.items()}
        found = [
            {
                "item": str(CaseItem.objects.select_related("item").get(case_id=one.case).item.number),
                "told": names[one.user],
            }
            for one in waiting_steps(company=world.company.id, on=world.on, at=world.at)
        ]
    agree(table, found)


@verb("Mailed today: {people}", among=STANDING_IN)
def mailed(world: World, people: str) -> None:
    """Who gets the one mail of the day about customers due."""
    with world.looking():
        asked = set(salespeople_asked(on=world.on))
    found = sorted(name for name, actor in world.people.items() if actor.id in asked)
    if found != sorted(people.split(", ")):
        raise StoryBroken(f"mailed are {', '.join(found)}")


def _user(world: World, name: str) -> User:
    return User.objects.get(id=world.person(name).id)
