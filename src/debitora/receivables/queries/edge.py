"""The re-check at the edge: how the items of a message, and its customer, stand at this moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from debitora.receivables.queries.reading import rows, statement


@dataclass(frozen=True, slots=True)
class ItemCondition:
    """One item now. `held_minor` is the part of `open_minor` that is held; `held` says that all of it is."""

    item: int
    customer: int
    currency: str
    open_minor: int
    held_minor: int
    list_behind: bool

    @property
    def held(self) -> bool:
        """Whether nothing of a still open item may be dunned."""
        return self.open_minor > 0 and self.held_minor >= self.open_minor

    @property
    def free_minor(self) -> int:
        """What is open and not held: the sum a notice may ask for."""
        return self.open_minor - self.held_minor


@dataclass(frozen=True, slots=True)
class Standing:
    """A customer and some of the company's items as they stand now; unknown items are absent."""

    customer: int
    party: int
    email: str
    customer_held: bool
    customer_parked: bool
    items: tuple[ItemCondition, ...]


@dataclass(frozen=True, slots=True)
class _Customer:
    id: int
    party: int
    email: str
    held: bool
    parked: bool


class CustomerUnknown(Exception):
    """No customer of this company has the id."""


def conditions(*, customer: int, items: Sequence[int], on: date) -> Standing:
    """How the customer and the items stand on the day. Lock the customer first (actions.lock_customer).

    A hold on the customer is told apart and does not raise the items' held amounts. Raises CustomerUnknown.
    """
    return standings(wanted={customer: items}, on=on)[customer]


def standings(*, wanted: Mapping[int, Sequence[int]], on: date) -> dict[int, Standing]:
    """As `conditions`, for many customers with items of theirs, in two statements. Raises CustomerUnknown."""
    known = rows(
        statement("reading/condition_of_customers"), {"customers": list(wanted), "on": on}, _Customer
    )
    for missing in sorted(wanted.keys() - {one.id for one in known}):
        raise CustomerUnknown(missing)
    asked = [item for items in wanted.values() for item in items]
    found = rows(statement("reading/condition_of_items"), {"items": asked, "on": on}, ItemCondition)
    by_id = {one.item: one for one in found}
    return {
        one.id: Standing(
            customer=one.id,
            party=one.party,
            email=one.email,
            customer_held=one.held,
            customer_parked=one.parked,
            items=tuple(by_id[item] for item in sorted(set(wanted[one.id])) if item in by_id),
        )
        for one in known
    }
