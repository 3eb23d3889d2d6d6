"""What was learned from bookings: accounts that pay for customers, how customers pay, how often evidence was right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from debitora.cash.models import Habit, Payer, Tally
from debitora.cash.queries.proposals import Named, customers_by_id


@dataclass(frozen=True, slots=True)
class PayerRow:
    """An account that paid for a customer, so often, for the last time on a day."""

    id: int
    account: str
    customer: Named
    times: int
    last_on: date


@dataclass(frozen=True, slots=True)
class HabitRow:
    """How a customer pays: kinds of explanation with how often, the most frequent first."""

    customer: Named
    kinds: tuple[tuple[str, int], ...]
    last_on: date


@dataclass(frozen=True, slots=True)
class TallyRow:
    """Proposals of one kind, as people decided: so many were right, so many wrong."""

    kind: str
    right: int
    wrong: int


def payer_by_id(*, payer: int) -> Payer | None:
    """The payer; None if it is not there, or was forgotten."""
    return Payer.objects.filter(id=payer).first()


def payer_rows(*, text: str = "", most: int) -> list[PayerRow]:
    """Payers, the latest first, so many at most; `text` finds accounts, and customers by number and name."""
    found = Payer.objects.order_by("-last_on", "-id")
    if text:
        found = found.filter(
            Q(account__icontains=text.replace(" ", ""))
            | Q(customer__number__icontains=text)
            | Q(customer__party__name__icontains=text)
        )
    shown = list(found[:most])
    names = customers_by_id(one.customer_id for one in shown)
    return [PayerRow(one.id, one.account, names[one.customer_id], one.times, one.last_on) for one in shown]


def habit_rows(*, text: str = "", most: int) -> list[HabitRow]:
    """How customers pay, the latest first, so many customers at most; `text` finds customers by number and name."""
    found = Habit.objects.order_by("-last_on", "-customer_id", "-times", "kind")
    if text:
        found = found.filter(Q(customer__number__icontains=text) | Q(customer__party__name__icontains=text))
    latest = list(dict.fromkeys(found.values_list("customer_id", flat=True)[: 20 * most]))[:most]
    kept = list(Habit.objects.filter(customer__in=latest).order_by("-times", "kind"))
    names = customers_by_id(latest)
    return [
        _habit(names[customer], [one for one in kept if one.customer_id == customer]) for customer in latest
    ]


def _habit(customer: Named, kept: Iterable[Habit]) -> HabitRow:
    found = list(kept)
    kinds = tuple((one.kind, one.times) for one in found)
    return HabitRow(customer, kinds, max(one.last_on for one in found))


def tally_rows() -> list[TallyRow]:
    """How often proposals of each kind were right, the most frequent first. A pattern begins with its kind."""
    counted: dict[str, tuple[int, int]] = {}
    for pattern, right, wrong in Tally.objects.values_list("pattern", "right", "wrong"):
        kind = pattern.partition("|")[0].rstrip("+")
        before = counted.get(kind, (0, 0))
        counted[kind] = (before[0] + right, before[1] + wrong)
    rows = [TallyRow(kind, right, wrong) for kind, (right, wrong) in counted.items()]
    return sorted(rows, key=lambda row: (-row.right - row.wrong, row.kind))
