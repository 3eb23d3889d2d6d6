"""Builders for tests: a case about something that is overdue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Protocol

from debitora.disputes.actions import Part, open_case, steps
from debitora.disputes.models import Case
from debitora.disputes.rules.routing import CaseReason
from debitora.people.models import Company
from debitora.receivables.models import Customer, Item, ItemState
from debitora.trail.rules import Actor, system
from debitora.values.money import Money

TESTS = system("tests")
MOMENT = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
ON = date(2026, 11, 18)


def a_case(
    company: Company, items: Sequence[Item], *, minor: int | None = None, by: Actor = TESTS, **changes: Any
) -> Case:
    """A case about these items of one customer, because of the price; `minor`: about so much of each."""
    known: dict[str, Any] = {
        "customer": items[0].customer_id,
        "parts": [Part(item.id, Money(minor, item.currency) if minor else None) for item in items],
        "reason": CaseReason.PRICE,
        "question": "The customer says that 40 were agreed.",
        "on": ON,
        "at": MOMENT,
    }
    return open_case(company=company, by=by, **{**known, **changes})


class Patch(Protocol):
    """What replaces an attribute for the time of a test."""

    def setattr(self, target: object, name: str, value: object) -> None:
        """Replace it."""


def without_lock(patch: Patch) -> None:
    """Steps of cases lock neither customer nor items: for controls, which must fail then."""

    def customer(*, company: int, customer: int) -> Customer:
        return Customer.objects.get(company_id=company, id=customer)

    def items(*, company: int, items: Sequence[int]) -> dict[int, ItemState]:
        found = ItemState.objects.filter(company_id=company, item_id__in=items)
        return {one.item_id: one for one in found}

    patch.setattr(steps, "lock_customer", customer)
    patch.setattr(steps, "lock_items", items)
