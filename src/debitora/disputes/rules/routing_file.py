"""A routing, and one of its rules, as plain values that a row keeps; what is empty is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from debitora.disputes.rules.routing import Asked, Reason, Routing, Rule, Whom


def written(routing: Routing) -> dict[str, Any]:
    """The routing as a JSON object."""
    return {
        "reasons": [_reason(one) for one in routing.reasons],
        "rules": [written_rule(one) for one in routing.rules],
        "rest": written_rule(routing.rest),
    }


def read(told: Mapping[str, Any]) -> Routing:
    """The routing that was written so."""
    return Routing(
        reasons=tuple(Reason(one["code"], one.get("names", {}), "retired" in one) for one in told["reasons"]),
        rules=tuple(read_rule(one) for one in told["rules"]),
        rest=read_rule(told["rest"]),
    )


def written_rule(rule: Rule) -> dict[str, Any]:
    """A rule as a JSON object."""
    known: dict[str, Any] = {
        "reasons": list(rule.reasons),
        "currency": rule.currency,
        "above_minor": rule.above_minor,
        "country": rule.country,
        "kind": rule.kind,
        "salesperson": rule.salesperson,
        "product_groups": list(rule.product_groups),
        "postcodes": list(rule.postcodes),
    }
    up = rule.escalates_to
    return {
        **{name: value for name, value in known.items() if value},
        "asked": _asked(rule.asked),
        "days": rule.days,
        **({"escalates_after": rule.escalates_after, "escalates_to": _asked(up)} if up else {}),
    }


def read_rule(told: Mapping[str, Any]) -> Rule:
    """The rule that was written so."""
    up = told.get("escalates_to")
    return Rule(
        asked=_read_asked(told["asked"]),
        days=told["days"],
        reasons=tuple(told.get("reasons", ())),
        currency=told.get("currency", ""),
        above_minor=told.get("above_minor", 0),
        country=told.get("country", ""),
        kind=told.get("kind", ""),
        salesperson=told.get("salesperson"),
        product_groups=tuple(told.get("product_groups", ())),
        postcodes=tuple(told.get("postcodes", ())),
        escalates_after=told.get("escalates_after"),
        escalates_to=_read_asked(up) if up else None,
    )


def _reason(one: Reason) -> dict[str, Any]:
    names = {"names": dict(one.names)} if one.names else {}
    return {"code": one.code, **names, **({"retired": 1} if one.retired else {})}


def _asked(asked: Asked) -> dict[str, Any]:
    known: dict[str, Any] = {"whom": asked.whom.value, "person": asked.person, "team": asked.team}
    return {name: value for name, value in known.items() if value}


def _read_asked(told: Mapping[str, Any]) -> Asked:
    return Asked(Whom(told["whom"]), told.get("person"), told.get("team", ""))
