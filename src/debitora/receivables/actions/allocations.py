"""Allocations (Ausgleich): a part of a credit is put against a debit, or taken back."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from debitora.receivables.actions.locks import lock_customers, lock_items
from debitora.receivables.actions.pairs import release, settle
from debitora.receivables.models import Allocation, Customer, Entry, Item, ItemState
from debitora.receivables.models.items import DEBITS
from debitora.receivables.models.movements import PER_LIST
from debitora.receivables.rules.items import tells_of
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject
from debitora.values.money import Money


class ItemsUnknown(Exception):
    """Credit or debit is no item of this company."""


class NotACreditAndADebit(Exception):
    """Only a credit or payment can be put against an invoice or charge."""


class NotTheSameCurrency(Exception):
    """Credit, debit and amount must be of one currency."""


class NotTheSameCustomer(Exception):
    """The two items belong to different customers, who are in no common group."""


class NothingToAllocate(Exception):
    """The amount must be above zero."""


class MoreThanIsOpen(Exception):
    """The amount exceeds what is open on the credit or on the debit."""


class AllocationUnknown(Exception):
    """No allocation of this company has the id, or it is itself a release."""


class AllocationAlreadyReleased(Exception):
    """The allocation was released before."""


class _Pair(NamedTuple):
    credit: ItemState
    debit: ItemState
    items: dict[int, Item]
    customers: dict[int, Customer]

    @property
    def states(self) -> dict[int, ItemState]:
        return {state.item_id: state for state in (self.credit, self.debit)}


def allocate(
    *,
    company: int,
    credit_item: int,
    debit_item: int,
    amount: Money,
    on: date,
    by: Actor,
    at: datetime,
    reason: str = "by_hand",
) -> Allocation:
    """This will put `amount` (above zero) of a credit against a debit, counting from `on` or from the later item's day.

    A payment outranks a list: where a list has settled the debit, or told of just this payment, its entry gives way, and
    what the payment leaves stays settled per list. Raises ItemsUnknown, NothingToAllocate, NotACreditAndADebit,
    NotTheSameCurrency, NotTheSameCustomer and MoreThanIsOpen.
    """
    if amount.minor <= 0:
        raise NothingToAllocate(str(amount.minor))
    with transaction.atomic():
        pair = _locked_pair(company, credit_item, debit_item)
        _refuse_strangers(pair, amount)
        counts_on = max(on, *(item.effective_on for item in pair.items.values()))
        if pair.items[credit_item].kind == "payment":
            paid_on = pair.items[credit_item].effective_on
            _let_lists_give_way(pair.debit, amount.minor, paid_on=paid_on, on=counts_on, at=at)
        if amount.minor > -pair.credit.open_minor or amount.minor > pair.debit.open_minor:
            raise MoreThanIsOpen(str(amount.minor))
        made = Allocation.objects.create(
            company_id=company,
            credit_item_id=credit_item,
            debit_item_id=debit_item,
            amount_minor=amount.minor,
            effective_on=counts_on,
            recorded_at=at,
            reason=reason,
        )
        settle(pair.states, credit=credit_item, debit=debit_item, minor=amount.minor)
        _record(company, pair, "items.allocated", made, by, at)
    return made


def release_allocation(
    *, company: int, allocation: int, on: date, by: Actor, at: datetime, reason: str = "by_hand"
) -> Allocation:
    """This will take an allocation back: both items are open again by its amount. Returns the releasing row.

    Raises AllocationUnknown and AllocationAlreadyReleased.
    """
    with transaction.atomic():
        made = Allocation.objects.filter(company_id=company, id=allocation, reverses=None).first()
        if made is None:
            raise AllocationUnknown(allocation)
        pair = _locked_pair(company, made.credit_item_id, made.debit_item_id)
        if Allocation.objects.filter(company_id=company, reverses_id=allocation).exists():
            raise AllocationAlreadyReleased(allocation)
        released = release(pair.states, made, on=on, at=at, reason=reason)
        _record(company, pair, "allocation.released", made, by, at)
    return released


def _locked_pair(company: int, credit: int, debit: int) -> _Pair:
    items = {item.id: item for item in Item.objects.filter(company_id=company, id__in=(credit, debit))}
    if len(items) != 2:
        raise ItemsUnknown(f"{credit} and {debit}")
    customers = lock_customers(company=company, customers={item.customer_id for item in items.values()})
    states = lock_items(company=company, items=items)
    return _Pair(states[credit], states[debit], items, customers)


def _refuse_strangers(pair: _Pair, amount: Money) -> None:
    credit, debit = pair.items[pair.credit.item_id], pair.items[pair.debit.item_id]
    if credit.kind in DEBITS or debit.kind not in DEBITS:
        raise NotACreditAndADebit(f"{credit.kind} and {debit.kind}")
    if {credit.currency, debit.currency} != {amount.currency}:
        raise NotTheSameCurrency(f"{credit.currency}, {debit.currency} and {amount.currency}")
    groups = {customer.parent_id or customer.id for customer in pair.customers.values()}
    if len(groups) != 1:
        raise NotTheSameCustomer(f"{credit.customer_id} and {debit.customer_id}")


def _let_lists_give_way(debit: ItemState, wanted: int, *, paid_on: date, on: date, at: datetime) -> None:
    """Reverse the list's entry that told of just this payment; else what lists settled, newest first, until `wanted` fits.

    The surplus of the last is settled per list anew.
    """
    live = _live_per_list(debit)
    told = (entry for entry in live if tells_of(entry.amount_minor, entry.effective_on, wanted, paid_on))
    if (entry := next(told, None)) is not None:
        _reverse(entry, on=on, at=at)
        debit.open_minor -= entry.amount_minor
    for entry in live:
        if debit.open_minor >= wanted:
            return
        _reverse(entry, on=on, at=at)
        debit.open_minor -= entry.amount_minor
        surplus = min(debit.open_minor - wanted, -entry.amount_minor)
        if surplus > 0:
            _settle_again(entry, surplus, on=on, at=at)
            debit.open_minor -= surplus


def _live_per_list(debit: ItemState) -> list[Entry]:
    """What lists have settled of it and nothing reversed, newest first."""
    of_item = Entry.objects.filter(company_id=debit.company_id, item_id=debit.item_id)
    reversed_ids = of_item.exclude(reverses=None).values("reverses_id")
    settling = of_item.filter(kind__in=PER_LIST, amount_minor__lt=0)
    return list(settling.exclude(id__in=reversed_ids).order_by("-id"))


def _reverse(entry: Entry, *, on: date, at: datetime) -> None:
    Entry.objects.create(
        company_id=entry.company_id,
        item_id=entry.item_id,
        kind=entry.kind,
        amount_minor=-entry.amount_minor,
        effective_on=max(on, entry.effective_on),
        recorded_at=at,
        reverses=entry,
    )


def _settle_again(entry: Entry, minor: int, *, on: date, at: datetime) -> None:
    """It stands for the same import, so that undoing the import takes it back as well."""
    Entry.objects.create(
        company_id=entry.company_id,
        item_id=entry.item_id,
        kind=entry.kind,
        amount_minor=-minor,
        effective_on=max(on, entry.effective_on),
        recorded_at=at,
        list_import_id=entry.list_import_id,
    )


def _record(company: int, pair: _Pair, verb: str, made: Allocation, by: Actor, at: datetime) -> None:
    record(
        company=company,
        by=by,
        at=at,
        verb=verb,
        subjects=[Subject("item", item.id, customer=item.customer_id) for item in pair.items.values()],
        facts={
            "allocation": made.id,
            "minor": made.amount_minor,
            "currency": pair.credit.currency,
            "reason": made.reason,
        },
    )
