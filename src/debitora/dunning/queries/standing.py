"""Whether a notice may still be made: what it lists, looked at again under the customer's lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from debitora.dunning.queries.contents import Content
from debitora.dunning.queries.pauses import pauses_among
from debitora.dunning.rules.composition import NoticeFacts
from debitora.dunning.rules.facts import Pause
from debitora.dunning.rules.ways import way_under
from debitora.kit.pg.bulk import rows
from debitora.messaging.rules.recheck import Conditions, Facts, ItemFact, Reason, recheck
from debitora.receivables.queries.edge import Standing, standings
from debitora.values.money import Money

_REMINDED = (Path(__file__).parent.parent / "sql" / "reminded_meanwhile.sql").read_text("utf-8")
PAUSED = "paused"
"""A pause of the customer's group closes the way of its step and names no other."""
CLAIMS_CHANGED = "claims_changed"
"""A payment or a waiver that became known since makes interest or lump sum another."""
REMINDED_MEANWHILE = "reminded_meanwhile"
"""An item of the notice was reminded of since the run read it, or stands on another notice that is on its way."""


def with_ways(contents: Mapping[int, Content], *, on: date) -> dict[int, Content]:
    """The contents with the way that each notice takes on the day: its step's, or what pauses leave of it; empty: none."""
    pauses = pauses_among(customers={one.facts.customer for one in contents.values()}, on=on)
    return {notice: _on_its_way(one, pauses.get(one.facts.customer, ())) for notice, one in contents.items()}


def _on_its_way(content: Content, pauses: tuple[Pause, ...]) -> Content:
    if not pauses:
        return content
    way = way_under(content.facts.channel, pauses)
    return replace(content, facts=replace(content.facts, step={**content.facts.step, "channel": way}))


def stop_reasons(*, contents: Iterable[Content], on: date) -> dict[int, str]:
    """The code of the first thing that speaks against making each notice on the day, by notice; empty: nothing.

    The same conditions as at the edge (messaging.rules.recheck), and that nobody reminded of its items meanwhile.
    """
    asked = list(contents)
    reminded = _reminded_meanwhile([one.notice.id for one in asked])
    wanted: dict[int, list[int]] = {}
    for one in asked:
        wanted.setdefault(one.facts.customer, []).extend(line.item for line in one.facts.lines)
    now = standings(wanted=wanted, on=on)

    def first(one: Content) -> str:
        if one.notice.id in reminded:
            return REMINDED_MEANWHILE
        if not one.facts.channel:
            return PAUSED
        return _first_stop(one.facts, now[one.facts.customer]) or _claims_stop(one)

    return {one.notice.id: first(one) for one in asked}


def _claims_stop(one: Content) -> str:
    """Whether the notice claims something else with a line than may be claimed now."""
    for line in one.facts.lines:
        now = one.claimable.get(line.item)
        may = (now.interest_minor, now.lump_sum_minor) if now else (0, 0)
        if (line.interest_minor, line.lump_sum_minor) != may:
            return CLAIMS_CHANGED
    return ""


def _first_stop(facts: NoticeFacts, now: Standing) -> str:
    then = {line.item: Money(line.open_minor, facts.currency) for line in facts.lines}
    stops = recheck(
        Conditions(customer=facts.customer, recipient=now.email, items=then),
        Facts(
            items={
                one.item: ItemFact(
                    customer=one.customer, open=Money(one.free_minor, one.currency), held=one.held
                )
                for one in now.items
            },
            recipient=now.email,
            customer_held=now.customer_held,
            customer_parked=now.customer_parked,
        ),
    )
    reasons = [stop.reason for stop in stops]
    if Reason.HELD in reasons:  # what a hold keeps out also looks paid
        return str(Reason.HELD)
    return str(reasons[0]) if reasons else ""


def _reminded_meanwhile(notices: list[int]) -> set[int]:
    """Those of the notices with an item that was reminded of since the run was read, or that stands on another notice."""
    found = rows(_REMINDED, notices=notices)
    return {row["notice"] for row in found}
