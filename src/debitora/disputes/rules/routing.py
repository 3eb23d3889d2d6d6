"""Whom a case is put to, until when an answer is wanted, and to whom it goes when none comes: rules, the first that fits.

A rule that asks somebody who is not there fits nobody, and the next one is looked at; the last one catches the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from debitora.disputes.rules.regions import MOST_PARTS, is_part, within
from debitora.values.days import next_working_day

REST: Final = 0
"""The place of the rule that catches what no other catches; the others stand at 1, 2, 3 ..."""
MOST_RULES: Final = 50
MOST_REASONS: Final = 40
MOST_DAYS: Final = 60
MOST_GROUPS: Final = 20
LONGEST_GROUP: Final = 60
"""Of the product groups that one rule names, and of the characters of one."""


class CaseReason(StrEnum):
    """The reasons that every company begins with: they can be renamed and retired, not removed."""

    PRICE = "price"
    QUANTITY = "quantity"
    QUALITY = "quality"
    DELIVERY = "delivery"
    MISSING_ORDER = "missing_order"
    DUPLICATE = "duplicate"
    ALREADY_PAID = "already_paid"
    SPECIAL_DEAL = "special_deal"
    INSOLVENCY = "insolvency"
    OTHER = "other"


class Whom(StrEnum):
    """Whom a rule asks: the customer's salesperson, who opens the case, a person, or the least busy one of a role."""

    SALESPERSON = "salesperson"
    OPENER = "opener"
    PERSON = "person"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a rule asks; `person` is a user's id, `team` a role."""

    whom: Whom
    person: int | None = None
    team: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something has to be clarified. `names` by language, where the company has words of its own."""

    code: str
    names: Mapping[str, str] = field(default_factory=dict)
    retired: bool = False
    """New cases do not offer it; those that have it keep it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Which cases are put to whom. An empty condition fits every case; `days` and `escalates_after` are working days.

    `above_minor` is compared with what is disputed, in minor units of `currency`; "" compares nothing. `escalates_after`
    counts from the last day for the answer; None: a case that nobody answers stays where it is. `postcodes` are parts of the
    country as rules.regions has them. A case with items of several `product_groups` fits if one of them is named.
    """

    asked: Asked
    days: int
    reasons: tuple[str, ...] = ()
    currency: str = ""
    above_minor: int = 0
    country: str = ""
    kind: str = ""
    salesperson: int | None = None
    product_groups: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    escalates_after: int | None = None
    escalates_to: Asked | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules look at in a case. `there`: who may be asked; `teams`: of each role, the least busy in front."""

    reason: str
    minor: int
    currency: str
    country: str
    kind: str
    salesperson: int | None
    opener: int | None
    there: frozenset[int]
    teams: Mapping[str, Sequence[int]] = field(default_factory=dict)
    product_groups: Sequence[str] = ()
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """What became of the rules for a case: the place of the rule, the rule, and whom it asks (None: nobody is there)."""

    place: int
    rule: Rule
    assignee: int | None


@dataclass(frozen=True, slots=True)
class Routing:
    """All that a company says about reasons and about whom cases are put to."""

    reasons: tuple[Reason, ...]
    rules: tuple[Rule, ...]
    rest: Rule

    @property
    def asks_teams(self) -> bool:
        """Whether it matters how busy people are."""
        return any(one.asked.whom is Whom.TEAM for one in (*self.rules, self.rest))

    @property
    def named(self) -> frozenset[int]:
        """Everybody whom a rule names."""
        found = (
            (rule.asked.person, rule.salesperson, rule.escalates_to.person if rule.escalates_to else None)
            for _place, rule in self.placed()
        )
        return frozenset(user for users in found for user in users if user is not None)

    @property
    def offered(self) -> tuple[str, ...]:
        """The reasons of new cases."""
        return tuple(one.code for one in self.reasons if not one.retired)

    def placed(self) -> Iterator[tuple[int, Rule]]:
        """Every rule with its place, in the order in which they are asked; the rest at last."""
        yield from enumerate(self.rules, start=1)
        yield REST, self.rest


class RoutingFault(StrEnum):
    """What is wrong with a routing."""

    DAYS = "days"
    AMOUNT = "amount"
    REASON = "reason"
    NAME = "name"
    PERSON = "person"
    TEAM = "team"
    ESCALATION = "escalation"
    GROUPS = "groups"
    POSTCODES = "postcodes"
    REST_NARROWS = "rest_narrows"
    TOO_MANY = "too_many"


TEAMS: Final = ("clerk", "manager")
"""Roles that answer for every customer."""
_SALES: Final = Asked(Whom.SALESPERSON)
_OPENER: Final = Asked(Whom.OPENER)


def _rule(asked: Asked, days: int, *reasons: CaseReason) -> Rule:
    codes = tuple(one.value for one in reasons)
    return Rule(asked, days, codes, escalates_after=2, escalates_to=Asked(Whom.TEAM, team="manager"))


_GOODS: Final = (CaseReason.PRICE, CaseReason.QUANTITY, CaseReason.DELIVERY, CaseReason.MISSING_ORDER)
PRESET: Final = Routing(
    reasons=tuple(Reason(one.value) for one in CaseReason),
    rules=(
        _rule(_SALES, 3, *_GOODS),
        _rule(_SALES, 5, CaseReason.QUALITY, CaseReason.OTHER),
        _rule(_SALES, 2, CaseReason.SPECIAL_DEAL),
        _rule(_OPENER, 1, CaseReason.INSOLVENCY),
        _rule(_OPENER, 2, CaseReason.DUPLICATE, CaseReason.ALREADY_PAID, CaseReason.SPECIAL_DEAL),
        _rule(_OPENER, 3, *_GOODS),
    ),
    rest=_rule(_OPENER, 5),
)
"""What a company begins with: sales is asked about goods, prices and deals, accounting about money."""


def fits(rule: Rule, facts: Facts) -> bool:
    """Whether the case is one of those that the rule is about, whoever is there."""
    return (
        (not rule.reasons or facts.reason in rule.reasons)
        and (not rule.currency or (rule.currency == facts.currency and facts.minor > rule.above_minor))
        and rule.country in ("", facts.country)
        and rule.kind in ("", facts.kind)
        and rule.salesperson in (None, facts.salesperson)
        and (not rule.postcodes or within(rule.postcodes, facts.postcode, facts.country))
        and (
            not rule.product_groups or not _keys(rule.product_groups).isdisjoint(_keys(facts.product_groups))
        )
    )


def group_key(group: str) -> str:
    """The form by which product groups are compared: however they are capitalised."""
    return group.strip().casefold()


def _keys(groups: Iterable[str]) -> set[str]:
    return {group_key(one) for one in groups}


def asked_of(asked: Asked, facts: Facts) -> int | None:
    """Who that is for the case; None where nobody is there."""
    if asked.whom is Whom.OPENER:
        return facts.opener
    if asked.whom is Whom.TEAM:
        return next((user for user in facts.teams.get(asked.team, ()) if user in facts.there), None)
    user = facts.salesperson if asked.whom is Whom.SALESPERSON else asked.person
    return user if user in facts.there else None


def route(routing: Routing, facts: Facts) -> Route:
    """The first rule that fits and has somebody to ask. Who opens a case is asked where the rest has nobody else."""
    for place, rule in enumerate(routing.rules, start=1):
        user = asked_of(rule.asked, facts)
        if fits(rule, facts) and (user is not None or rule.asked.whom is Whom.OPENER):
            return Route(place, rule, user)
    user = asked_of(routing.rest.asked, facts)
    return Route(REST, routing.rest, facts.opener if user is None else user)


def answer_by(days: int, *, on: date, country: str, subdivision: str = "") -> date:
    """The day so many working days after the day, by the calendar of the country."""
    for _day in range(days):
        on = next_working_day(on + timedelta(days=1), country, subdivision)
    return on


def fault(routing: Routing, *, people: frozenset[int], languages: Sequence[str]) -> RoutingFault | None:
    """What is wrong with it, when these people may be asked; None where nothing is."""
    if len(routing.rules) > MOST_RULES or len(routing.reasons) > MOST_REASONS:
        return RoutingFault.TOO_MANY
    rest = routing.rest
    if rest != Rule(
        rest.asked, rest.days, escalates_after=rest.escalates_after, escalates_to=rest.escalates_to
    ):
        return RoutingFault.REST_NARROWS
    shipped = frozenset(one.value for one in CaseReason)
    for reason in routing.reasons:
        if not set(reason.names) <= set(languages) or (reason.code not in shipped and not reason.names):
            return RoutingFault.NAME
    known = {one.code for one in routing.reasons}
    if not shipped <= known or len(known) != len(routing.reasons):
        return RoutingFault.REASON
    found = (_fault_of(rule, known, people) for _place, rule in routing.placed())
    return next((one for one in found if one is not None), None)


def _fault_of(rule: Rule, reasons: set[str], people: frozenset[int]) -> RoutingFault | None:
    if not set(rule.reasons) <= reasons:
        return RoutingFault.REASON
    if not 0 <= rule.days <= MOST_DAYS or not 0 <= (rule.escalates_after or 0) <= MOST_DAYS:
        return RoutingFault.DAYS
    if rule.above_minor < 0 or (rule.above_minor and not rule.currency):
        return RoutingFault.AMOUNT
    if (why := _fault_of_place_and_goods(rule)) is not None:
        return why
    up = rule.escalates_to
    if (rule.escalates_after is None) != (up is None) or (up and up.whom not in (Whom.PERSON, Whom.TEAM)):
        return RoutingFault.ESCALATION
    return _fault_of_asked(rule.asked, people) or (_fault_of_asked(up, people) if up else None)


def _fault_of_place_and_goods(rule: Rule) -> RoutingFault | None:
    groups = rule.product_groups
    if len(groups) > MOST_GROUPS or not all(one.strip() and len(one) <= LONGEST_GROUP for one in groups):
        return RoutingFault.GROUPS
    if len(rule.postcodes) > MOST_PARTS or not all(is_part(one, rule.country) for one in rule.postcodes):
        return RoutingFault.POSTCODES
    return None


def _fault_of_asked(asked: Asked, people: frozenset[int]) -> RoutingFault | None:
    if (asked.person is not None) != (asked.whom is Whom.PERSON) or bool(asked.team) != (
        asked.whom is Whom.TEAM
    ):
        return RoutingFault.PERSON
    if asked.whom is Whom.PERSON and asked.person not in people:
        return RoutingFault.PERSON
    return RoutingFault.TEAM if asked.team and asked.team not in TEAMS else None
