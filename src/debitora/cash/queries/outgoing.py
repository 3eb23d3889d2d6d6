"""What an outgoing line may take back: a payment that came from a bank line, or a credit of a customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q

from debitora.cash.models import BankEntry, Booking
from debitora.cash.queries.proposals import ItemFacts, Named, customers_by_id, items_by_id
from debitora.receivables.models import ItemState
from debitora.values.money import Money

LOOKED_BACK: Final = timedelta(days=425)
"""A direct debit can be recalled for thirteen months."""


@dataclass(frozen=True, slots=True)
class PaidBefore:
    """A payment of a customer that a bank line brought."""

    item: int
    entry: int
    day: date
    customer: Named
    amount: Money


@dataclass(frozen=True, slots=True)
class CreditLeft:
    """A credit of a customer with something left."""

    item: ItemFacts
    customer: Named


def payments_before(*, line: BankEntry, customer: int | None = None, most: int) -> list[PaidBefore]:
    """Payments that the line may take back, the latest first: of just its amount, or all of a customer's."""
    taken_back = Booking.objects.filter(reverses=OuterRef("id"))
    gone = Booking.objects.filter(item=OuterRef("item"), kind="returned", reverses=None)
    found = Booking.objects.filter(
        ~Exists(taken_back),
        ~Exists(gone),
        kind="payment",
        reverses=None,
        entry__account__currency=line.account.currency,
        entry__booked_on__range=(line.booked_on - LOOKED_BACK, line.booked_on),
    )
    wanted = Q(customer=customer) if customer is not None else Q(minor=-line.state.open_minor)
    some = list(found.filter(wanted).select_related("entry").order_by("-entry__booked_on", "-id")[:most])
    names = customers_by_id(one.customer_id for one in some if one.customer_id)
    return [
        PaidBefore(
            item=one.item_id or 0,
            entry=one.entry_id,
            day=one.entry.booked_on,
            customer=names[one.customer_id or 0],
            amount=Money(one.minor, line.account.currency),
        )
        for one in some
    ]


def credits_left(*, line: BankEntry, customer: int | None = None, most: int) -> list[CreditLeft]:
    """Credits that the line may pay back: of just its amount, or all of a customer's, the largest first."""
    found = ItemState.objects.filter(currency=line.account.currency, open_minor__lt=0)
    wanted = Q(customer=customer) if customer is not None else Q(open_minor=line.state.open_minor)
    some = list(
        found.filter(wanted).order_by("open_minor", "item_id").values_list("item_id", "customer_id")[:most]
    )
    names = customers_by_id(customer for _item, customer in some)
    facts = items_by_id(item for item, _customer in some)
    return [CreditLeft(facts[item], names[customer]) for item, customer in some]
