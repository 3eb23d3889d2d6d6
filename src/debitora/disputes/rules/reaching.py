"""Which rules of a routing can never be reached, because one in front of them gets every case that they are about."""

from __future__ import annotations

from collections.abc import Sequence

from debitora.disputes.rules.regions import covers
from debitora.disputes.rules.routing import Routing, Rule, Whom, group_key


def unreached(routing: Routing, *, people: frozenset[int]) -> dict[int, int]:
    """Place of a rule that no case reaches -> place of the one in front of it that gets its cases.

    A rule in front gets them if it is about all of them and has somebody whenever the later one has. people: who may be
    asked for every customer.
    """
    found = {}
    for place, rule in enumerate(routing.rules, start=1):
        earlier = enumerate(routing.rules[: place - 1], start=1)
        hiding = next(
            (at for at, one in earlier if _is_about_all_of(one, rule) and _asks(one, rule, people)), 0
        )
        if hiding:
            found[place] = hiding
    return found


def _asks(rule: Rule, later: Rule, people: frozenset[int]) -> bool:
    asked = rule.asked
    return (
        asked.whom is Whom.OPENER
        or asked == later.asked
        or (asked.whom is Whom.PERSON and asked.person in people)
    )


def _is_about_all_of(rule: Rule, later: Rule) -> bool:
    """Whether every case that the later rule is about is one of the rule's, too."""
    return (
        _among(later.reasons, rule.reasons)
        and _among(_keys(later), _keys(rule))
        and _amount_within(later, rule)
        and rule.country in ("", later.country)
        and (
            not rule.postcodes
            or (bool(later.postcodes) and covers(rule.postcodes, later.postcodes, rule.country))
        )
        and rule.kind in ("", later.kind)
        and rule.salesperson in (None, later.salesperson)
    )


def _keys(rule: Rule) -> list[str]:
    return [group_key(one) for one in rule.product_groups]


def _among(some: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether what is named is all of it wanted; nothing named is everything."""
    return not wanted or (bool(some) and set(some) <= set(wanted))


def _amount_within(later: Rule, rule: Rule) -> bool:
    return not rule.currency or (rule.currency == later.currency and later.above_minor >= rule.above_minor)
