"""Whether any sum of a customer's open items comes to an amount: the proof that none does, where there is one."""

from __future__ import annotations

from dataclasses import dataclass

from debitora.cash.queries.proposals import Named
from debitora.cash.rules.explaining import MOST_SEARCHED
from debitora.cash.rules.sums import subsets_summing_to
from debitora.receivables.models import ItemState
from debitora.values.money import Money


@dataclass(frozen=True, slots=True)
class NoSum:
    """No sum of a customer's `items` open items comes to an amount. up_to: so many were tried together; all: that is every sum."""

    customer: Named
    items: int
    up_to: int
    all: bool


def no_sum(*, customer: Named, money: Money) -> NoSum | None:
    """That her open items in this currency do not come to the amount; None where some do, or there are none, or too many to search."""
    open_items = ItemState.objects.filter(customer=customer.id, currency=money.currency).exclude(open_minor=0)
    minors = list(
        open_items.order_by("due_on", "item_id").values_list("open_minor", flat=True)[: MOST_SEARCHED + 1]
    )
    if not 0 < len(minors) <= MOST_SEARCHED:
        return None
    answer = subsets_summing_to(money.minor, minors, most=1)
    if answer.subsets:
        return None
    return NoSum(customer, len(minors), answer.up_to, answer.provably_none)
