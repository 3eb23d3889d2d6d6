"""The re-check at the edge: how the items of a message, and its customer, stand at this moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from debitora.receivables.queries.reading import one, rows, statement


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
    known = one(statement("reading/condition_of_customer"), {"customer": customer, "on": on}, _Customer)
    if known is None:
        raise CustomerUnknown(customer)
    found = rows(statement("reading/condition_of_items"), {"items": list(items), "on": on}, ItemCondition)
    return Standing(
        customer=customer,
        party=known.party,
        email=known.email,
        customer_held=known.held,
        customer_parked=known.parked,
        items=tuple(found),
    )
