"""The last look before sending: do the conditions that an intent carries still hold?

An intent says for which open sums, which customer and which recipient it was made. Between approval and sending a
payment may arrive, a hold be placed, an address change. Then nothing goes out, and the intent says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from debitora.values.money import Money


class Reason(StrEnum):
    """Why an intent is not sent now."""

    PAID = "paid"
    CHANGED = "changed"
    HELD = "held"
    RECIPIENT_CHANGED = "recipient_changed"
    SUPPRESSED = "suppressed"
    CUSTOMER_PARKED = "customer_parked"
    LOCKED = "locked"
    BOUND = "bound"
    NOT_ALLOWLISTED = "not_allowlisted"


PASSING: Final = frozenset({Reason.CUSTOMER_PARKED, Reason.LOCKED, Reason.BOUND})
"""Reasons that pass without a new notice: when these alone stand, release the claim and look again later."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What an intent was made for: the open sum of each item, the customer, and exactly one recipient."""

    customer: int
    recipient: str
    items: Mapping[int, Money]


@dataclass(frozen=True, slots=True)
class ItemFact:
    """An item as it stands now."""

    customer: int
    open: Money
    held: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """The world as it stands now, read under the customer's lock; items that no longer exist are absent."""

    items: Mapping[int, ItemFact]
    recipient: str
    customer_held: bool = False
    customer_parked: bool = False
    suppressed: bool = False
    sending_locked: bool = False
    bound_reached: bool = False
    allowlisted: bool = True


@dataclass(frozen=True, slots=True)
class Stop:
    """One condition that no longer holds; `item` where it concerns one, with its open sum then and now."""

    reason: Reason
    item: int | None = None
    then: Money | None = None
    now: Money | None = None


def recheck(conditions: Conditions, facts: Facts) -> tuple[Stop, ...]:
    """Everything that speaks against sending now, items in ascending order; empty: it may go."""
    return (*_of_items(conditions, facts), *_of_the_rest(conditions, facts))


def headline(stops: tuple[Stop, ...]) -> Reason:
    """The one reason that is shown first: what a hold keeps out also looks paid. Raises NothingStops."""
    reasons = [stop.reason for stop in stops]
    if not reasons:
        raise NothingStops
    return Reason.HELD if Reason.HELD in reasons else reasons[0]


class NothingStops(Exception):
    """There is no reason, since nothing speaks against sending."""


def only_passing(stops: tuple[Stop, ...]) -> bool:
    """Whether the intent may simply wait: something speaks against it, but nothing that needs a new notice."""
    return bool(stops) and all(stop.reason in PASSING for stop in stops)


def _of_items(conditions: Conditions, facts: Facts) -> Iterator[Stop]:
    for item, then in sorted(conditions.items.items()):
        fact = facts.items.get(item)
        if fact is None or fact.customer != conditions.customer:
            yield Stop(Reason.CHANGED, item, then)
            continue
        if fact.open != then:
            yield Stop(Reason.CHANGED if fact.open else Reason.PAID, item, then, fact.open)
        if fact.held:
            yield Stop(Reason.HELD, item)


def _of_the_rest(conditions: Conditions, facts: Facts) -> Iterator[Stop]:
    found = {
        Reason.HELD: facts.customer_held,
        Reason.RECIPIENT_CHANGED: facts.recipient != conditions.recipient,
        Reason.SUPPRESSED: facts.suppressed,
        Reason.CUSTOMER_PARKED: facts.customer_parked,
        Reason.LOCKED: facts.sending_locked,
        Reason.BOUND: facts.bound_reached,
        Reason.NOT_ALLOWLISTED: not facts.allowlisted,
    }
    return (Stop(reason) for reason, speaks_against in found.items() if speaks_against)
