"""Holds as people see them: in force on a day, about to end, of a customer or an item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from debitora.receivables.queries.reading import rows, statement
from debitora.receivables.rules.items import EVERYTHING, Scope


@dataclass(frozen=True, slots=True)
class HoldRow:
    """One hold. `item` is None for the whole customer; `amount_minor` None for all of the item; `note` as written.

    `until_on` is the last day as placed; `released_on` the day from which it was lifted, if it was.
    """

    hold: int
    customer: int
    customer_number: str
    customer_name: str
    item: int | None
    number: str
    currency: str
    amount_minor: int | None
    reason: str
    note: str
    from_on: date
    until_on: date | None
    released_on: date | None
    placed_by: str
    recorded_at: datetime


def holds_in_force(
    *,
    on: date,
    scope: Scope = EVERYTHING,
    customer: int | None = None,
    item: int | None = None,
    most: int = 500,
) -> list[HoldRow]:
    """Holds in force on the day, those that end first in front; of a customer, or on an item by itself or by its customer."""
    return _holds(on=on, ends_by=None, scope=scope, customer=customer, item=item, every=False, most=most)


def holds_about_to_end(
    *, on: date, days: int = 7, scope: Scope = EVERYTHING, most: int = 500
) -> list[HoldRow]:
    """Holds in force on the day whose last day is within so many days from it, the first to end in front."""
    ends_by = on + timedelta(days=days)
    return _holds(on=on, ends_by=ends_by, scope=scope, customer=None, item=None, every=False, most=most)


def holds_ever(*, on: date, customer: int, item: int | None = None, most: int = 500) -> list[HoldRow]:
    """All holds of a customer, or on one of her items, past and future ones too."""
    return _holds(on=on, ends_by=None, scope=EVERYTHING, customer=customer, item=item, every=True, most=most)


def _holds(*, scope: Scope, **params: Any) -> list[HoldRow]:
    return rows(statement("reading/holds"), {**params, "scope": scope.array}, HoldRow)
