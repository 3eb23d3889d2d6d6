"""How rules are told by goods and by region, beside the verbs of every story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from debitora.disputes.actions import save_routing
from debitora.disputes.queries.routing import askable, routing_of
from debitora.disputes.rules.reaching import unreached
from debitora.disputes.rules.regions import parts_of
from debitora.disputes.rules.routing import PRESET, Asked, Rule, Whom
from debitora.exchange.actions import preview_list, take_list
from debitora.receivables.actions import save_customers
from debitora.receivables.rules.customers import CustomerRow
from tests.stories.telling import Row, StoryBroken, Verb, day, money, verb
from tests.stories.world import HOUSE, World

Table = Sequence[Row]
ROUTING: list[Verb] = []


@verb("The customers with their addresses are", among=ROUTING)
def customers_at(world: World, table: Table) -> None:
    rows = [
        CustomerRow(
            number=row["number"],
            name=row["name"],
            kind="business",
            country=row["country"],
            postcode=row["postcode"],
        )
        for row in table
    ]
    save_customers(company=world.company.id, rows=rows, by=HOUSE, at=world.at)
    world.names |= {row["number"]: row["name"] for row in table}


@verb("The list with product groups arrives", among=ROUTING)
def grouped_list_arrives(world: World, table: Table) -> None:
    """A German list with a column "Warengruppe"."""
    lines = ["Kunde;Name;Belegnummer;Belegdatum;Fällig am;Währung;Offener Betrag;Warengruppe"]
    for row in table:
        due, amount = f"{day(row['due']):%d.%m.%Y}", str(money(row["open"]).decimal).replace(".", ",")
        told = (row["customer"], world.names[row["customer"]], row["number"], f"{world.on:%d.%m.%Y}", due)
        lines.append(";".join([*told, "EUR", amount, row["product group"]]))
    taken = take_list(
        company=world.company,
        kind="items",
        source="ERP",
        data="\r\n".join([*lines, ""]).encode(),
        name=f"{world.on}.csv",
        as_of=world.on,
        by=world.person("Katja"),
        at=world.at,
    )
    preview_list(company=world.company, list_import=taken.id, at=world.at)
    world.list_import = taken.id


@verb("The rules in front of the shipped ones are", among=ROUTING)
def rules_in_front(world: World, table: Table) -> None:
    rules = tuple(
        Rule(
            Asked(Whom.PERSON, world.person(row["asks"]).id),
            2,
            country=row["country"],
            product_groups=(row["product groups"],) if row["product groups"] else (),
            postcodes=parts_of(row["postcodes"], row["country"]),
        )
        for row in table
    )
    wanted = replace(PRESET, rules=(*rules, *PRESET.rules))
    save_routing(company=world.company, number=0, wanted=wanted, by=HOUSE, at=world.at)


@verb("Rule {place} is never reached, because of rule {other}", among=ROUTING)
def never_reached(world: World, place: str, other: str) -> None:
    with world.looking():
        routing = routing_of(company=world.company.id).routing
        found = unreached(routing, people=frozenset(askable(company=world.company)))
    if found != {int(place): int(other)}:
        raise StoryBroken(f"never reached: {found}")
