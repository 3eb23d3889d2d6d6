"""Why something has to be clarified, whom that is put to, and until when an answer is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from debitora.values.days import next_working_day


class CaseReason(StrEnum):
    """Why an item has to be clarified."""

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


@dataclass(frozen=True, slots=True)
class Routing:
    """So many working days there are to answer; `asks_sales`: the customer's salesperson is asked, else the opener."""

    days: int
    asks_sales: bool


PRESET: Final[Mapping[CaseReason, Routing]] = {
    CaseReason.PRICE: Routing(3, asks_sales=True),
    CaseReason.QUANTITY: Routing(3, asks_sales=True),
    CaseReason.QUALITY: Routing(5, asks_sales=True),
    CaseReason.DELIVERY: Routing(3, asks_sales=True),
    CaseReason.MISSING_ORDER: Routing(3, asks_sales=True),
    CaseReason.DUPLICATE: Routing(2, asks_sales=False),
    CaseReason.ALREADY_PAID: Routing(2, asks_sales=False),
    CaseReason.SPECIAL_DEAL: Routing(2, asks_sales=True),
    CaseReason.INSOLVENCY: Routing(1, asks_sales=False),
    CaseReason.OTHER: Routing(5, asks_sales=True),
}
"""What a company begins with."""


def route(
    reason: CaseReason,
    *,
    salesperson: int | None,
    opener: int | None,
    routing: Mapping[CaseReason, Routing] = PRESET,
) -> int | None:
    """Whom a case is put to: the customer's salesperson where the reason asks sales and there is one, else its opener."""
    return salesperson if routing[reason].asks_sales and salesperson is not None else opener


def answer_by(
    reason: CaseReason,
    *,
    on: date,
    country: str,
    subdivision: str = "",
    routing: Mapping[CaseReason, Routing] = PRESET,
) -> date:
    """The last day for an answer: so many working days after the day, by the calendar of the country."""
    for _day in range(routing[reason].days):
        on = next_working_day(on + timedelta(days=1), country, subdivision)
    return on
