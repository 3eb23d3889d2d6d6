"""What a company says about reasons and rules, what its rules look at in cases, and by which of them a case was routed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from debitora.disputes.models import CaseRoute, RoutingVersion
from debitora.disputes.rules.routing import PRESET, Facts, Routing, Rule, Whom, route
from debitora.disputes.rules.routing_file import read, read_rule
from debitora.kit.pg.bulk import rows
from debitora.people.models import Company
from debitora.people.queries import Member, away, members
from debitora.people.rules import looked_after_by, may, sees_only_own_customers

LOOKED_AT: Final = 2000
"""A preview looks at the newest cases, so many at most."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The routing of a company and its number; 0 for the preset."""

    number: int
    routing: Routing


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version as its list shows it."""

    number: int
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class RouteOfCase:
    """By which rule a case was routed."""

    version: int
    place: int
    rule: Rule
    asked: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """A pending case that would be put to somebody else if it were opened now."""

    case: int
    customer: str
    place: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What the pending cases would get: cases by the place of a rule, and who would be asked instead of whom."""

    looked_at: int
    caught: Counter[int]
    changes: tuple[Change, ...]


def routing_of(*, company: int, number: int | None = None) -> Kept:
    """The routing in force, or that of a number. Raises RoutingVersion.DoesNotExist for a number that is not there."""
    if number is not None and number > 0:
        return _kept(RoutingVersion.objects.get(company_id=company, number=number))
    newest = RoutingVersion.objects.filter(company_id=company).order_by("-number").first()
    return Kept(0, PRESET) if newest is None or number == 0 else _kept(newest)


def versions(*, company: int, most: int = 20) -> list[VersionRow]:
    """The newest versions, the newest in front."""
    found = RoutingVersion.objects.filter(company_id=company).order_by("-number")[:most]
    return [VersionRow(one.number, one.made_at, one.made_by_label) for one in found]


def route_of(*, case: int) -> RouteOfCase | None:
    """By which rule a case was routed; None for one that is older than rules."""
    found = CaseRoute.objects.filter(case_id=case).first()
    return RouteOfCase(found.version, found.place, read_rule(found.rule), found.asked_id) if found else None


def askable(*, company: Company) -> dict[int, str]:
    """Who can answer for every customer: user id -> name."""
    return {one.user_id: one.name for one in _asked(company) if not sees_only_own_customers(one.role)}


def reasons_used() -> Counter[str]:
    """How many cases have each reason."""
    found = rows("select reason, count(*) as cases from disputes_case group by reason order by reason")
    return Counter({row["reason"]: row["cases"] for row in found})


def facts_of_new(
    *,
    company: Company,
    routing: Routing,
    customer: int,
    reason: str,
    minor: int,
    currency: str,
    opener: int | None,
    on: date,
    product_groups: Sequence[str] = (),
) -> Facts:
    """What the rules look at in a case that is about to be opened."""
    known = rows(_TRAITS + " where k.id = %(customer)s", customer=customer)[0]
    people, gone = _asked(company), away(on=on)
    return Facts(
        reason=reason,
        minor=minor,
        currency=currency,
        opener=opener,
        product_groups=product_groups,
        **_there(known, people, gone),
        teams=_teams(people, gone) if routing.asks_teams else {},
    )


def facts_of_case(*, company: Company, case: int, on: date) -> Facts:
    """What the rules look at in a case that exists."""
    row = rows(_CASES + " where s.case_id = %(case)s", case=case)[0]
    people, gone = _asked(company), away(on=on)
    told = {name: row[name] for name in _TOLD}
    return Facts(**told, **_there(row, people, gone), teams=_teams(people, gone))


def preview(*, company: Company, routing: Routing, on: date) -> Preview:
    """What the newest pending cases would get if they were opened on the day; those who are busy stay as busy as they are."""
    people, gone = _asked(company), away(on=on)
    teams = _teams(people, gone) if routing.asks_teams else {}
    found = rows(_PENDING, most=LOOKED_AT)
    caught: Counter[int] = Counter()
    changes: list[Change] = []
    for row in found:
        told = {name: row[name] for name in _TOLD}
        given = route(routing, Facts(**told, **_there(row, people, gone), teams=teams))
        caught[given.place] += 1
        stays = given.rule.asked.whom is Whom.TEAM and _is_of(row["assignee"], given.rule.asked.team, people)
        if given.assignee != row["assignee"] and not stays:
            changes.append(Change(row["case_id"], row["name"], given.place, row["assignee"], given.assignee))
    return Preview(len(found), caught, tuple(changes))


_TOLD: Final = ("reason", "minor", "currency", "opener", "product_groups")
"""What a row of _CASES says as the rules want it."""
_TRAITS: Final = """
    select k.kind, coalesce(nullif(p.country, ''), o.country) as country, p.postcode, k.salesperson_id as salesperson
    from receivables_customer k
    join receivables_party p on p.company_id = k.company_id and p.id = k.party_id
    join people_company o on o.id = k.company_id"""
_CASES: Final = """
    select s.case_id, p.name, c.reason, s.amount_minor as minor, c.currency, c.opened_by_id as opener,
           s.assignee_id as assignee, k.kind, coalesce(nullif(p.country, ''), o.country) as country,
           p.postcode, k.salesperson_id as salesperson,
           array(select distinct g.product_group
                 from disputes_caseitem i
                 join receivables_itemstate g on g.company_id = i.company_id and g.item_id = i.item_id
                 where i.company_id = c.company_id and i.case_id = c.id and g.product_group <> ''
                 order by g.product_group) as product_groups
    from disputes_casestate s
    join disputes_case c on c.company_id = s.company_id and c.id = s.case_id
    join receivables_customer k on k.company_id = s.company_id and k.id = s.customer_id
    join receivables_party p on p.company_id = k.company_id and p.id = k.party_id
    join people_company o on o.id = k.company_id"""
_PENDING: Final = _CASES + " where s.state <> 'closed' order by s.case_id desc limit %(most)s"


def _kept(row: RoutingVersion) -> Kept:
    return Kept(row.number, read(row.routing))


def _asked(company: Company) -> list[Member]:
    """Who may answer cases of some customer."""
    return [one for one in members(company=company) if one.is_active and may(one.role, "cases.answer")]


def _there(known: dict[str, Any], people: Sequence[Member], gone: Mapping[int, int]) -> dict[str, Any]:
    """Country, postcode, kind, salesperson and who may be asked. One who has left counts as her stand-in, or as none."""
    salesperson = known["salesperson"]
    hers = looked_after_by(salesperson, gone)
    there = frozenset(
        one.user_id for one in people if one.user_id in hers or not sees_only_own_customers(one.role)
    )
    return {
        "country": known["country"],
        "kind": known["kind"],
        "postcode": known["postcode"],
        "salesperson": salesperson if salesperson in there else min(hers & there, default=None),
        "there": there,
    }


def _teams(people: Sequence[Member], gone: Mapping[int, int]) -> dict[str, list[int]]:
    """Role -> its people: those who are not away in front, then who has the fewest cases, then by id."""
    found = rows(
        """select s.assignee_id as person, count(*) as cases from disputes_casestate s
           where s.state <> 'closed' and s.assignee_id = any(%(people)s) group by s.assignee_id""",
        people=[one.user_id for one in people],
    )
    busy = {row["person"]: row["cases"] for row in found}
    teams: dict[str, list[int]] = {}
    for one in sorted(people, key=lambda one: (one.user_id in gone, busy.get(one.user_id, 0), one.user_id)):
        teams.setdefault(one.role, []).append(one.user_id)
    return teams


def _is_of(user: int | None, team: str, people: Sequence[Member]) -> bool:
    return any(one.user_id == user and one.role == team for one in people)
