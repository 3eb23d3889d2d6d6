"""Aging and balances, now and as of a past day in both meanings: what counted on it, and what was known then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from debitora.engine.aging import BANDS, Bands
from debitora.receivables.queries.reading import rows, statement
from debitora.receivables.rules.items import EVERYTHING, Scope


@dataclass(frozen=True, slots=True)
class _Band:
    currency: str
    band: int
    minor: int


def aging(*, on: date, scope: Scope = EVERYTHING, customer: int | None = None) -> dict[str, Bands]:
    """Bands per currency of what is open now, by age on the day; credits lower the band of their own due day."""
    if customer is None and not scope.is_narrow:
        return _bands(rows(statement("reading/open_bands"), {"on": on}, _Band))
    params = {"on": on, "scope": scope.array, "customer": customer}
    return _bands(rows(statement("reading/aging"), params, _Band))


def aging_as_of(
    *, on: date, known_at: datetime | None = None, scope: Scope = EVERYTHING, customer: int | None = None
) -> dict[str, Bands]:
    """Bands per currency as of a day: rows that count on or before it, and of those only what was known at `known_at`.

    Before `known_from` the answer says nothing about the company, only about the ledger.
    """
    return _bands(rows(statement("reading/aging_as_of"), _as_of(on, known_at, scope, customer), _Band))


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An item as it stood on a day: raised and open in minor units, both negative for a credit."""

    item: int
    kind: str
    number: str
    position: str
    issued_on: date | None
    due_on: date
    currency: str
    raised_minor: int
    open_minor: int


def open_items_as_of(*, customer: int, on: date, known_at: datetime | None = None) -> list[OpenItem]:
    """The customer's items that were open on a day, by currency, oldest due first; their sums are `balance_as_of`."""
    params = {"customer": customer, "on": on, "known_at": known_at}
    return rows(statement("reading/open_as_of"), params, OpenItem)


def balance_as_of(
    *, on: date, known_at: datetime | None = None, customer: int | None = None
) -> dict[str, int]:
    """Balance per currency in minor units as of a day, of one customer or all."""
    found = aging_as_of(on=on, known_at=known_at, customer=customer)
    return {currency: bands.total for currency, bands in found.items()}


def known_from(*, source: int | None = None) -> date | None:
    """The first day that the ledger knows of a source (or at all): as of an earlier day it can only say "known from"."""
    found = rows(statement("reading/known_from"), {"source": source}, _Day)
    return found[0].day


@dataclass(frozen=True, slots=True)
class _Day:
    day: date | None


def _as_of(on: date, known_at: datetime | None, scope: Scope, customer: int | None) -> dict[str, Any]:
    return {"on": on, "known_at": known_at, "scope": scope.array, "customer": customer}


def _bands(found: list[_Band]) -> dict[str, Bands]:
    sums: dict[str, list[int]] = {}
    for row in found:
        sums.setdefault(row.currency, [0] * len(BANDS))[row.band] = int(row.minor)
    return {
        currency: Bands(not_due, d1_30, d31_60, d61_90, d90_plus, total=sum(sums[currency]))
        for currency, (not_due, d1_30, d31_60, d61_90, d90_plus) in sorted(sums.items())
    }
