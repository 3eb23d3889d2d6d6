"""What a payment did is taken back, wholly or in part: by the bank that recalls it, by a refund, or because it was booked wrongly."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from debitora.receivables.actions.locks import lock_customers, lock_items
from debitora.receivables.actions.pairs import release, settle
from debitora.receivables.actions.settlements import DEDUCTION_KINDS
from debitora.receivables.models import Allocation, Entry, Item, ItemState
from debitora.receivables.models.items import DEBITS
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject

_Row = TypeVar("_Row", Entry, Allocation)


class NoSuchCredit(Exception):
    """The item is no payment and no credit of this company, or it was taken back."""


class LessIsLeft(Exception):
    """Less of the credit is left than shall be taken from it."""


class MovedSince(Exception):
    """Money of the payment was returned or paid back since: take that back first."""


class NotOfThisPayment(Exception):
    """An entry that shall be reversed is none that a payment took off an item."""


@dataclass(frozen=True, slots=True)
class _Ground:
    """A payment with everything that it settled, locked."""

    payment: Item
    items: dict[int, Item]
    states: dict[int, ItemState]


def take_back_payment(
    *,
    company: int,
    payment: int,
    allocations: Collection[int] = (),
    deductions: Collection[int] = (),
    on: date,
    by: Actor,
    at: datetime,
    reason: str = "by_hand",
) -> None:
    """This will take a payment out of the ledger: what it settled is open again, and it is nothing any more.

    allocations: of other credits that were set off with it; deductions: entries (discount, write-off) made with it. Raises NoSuchCredit,
    MovedSince and NotOfThisPayment.
    """
    with transaction.atomic():
        ground = _locked(company, payment, allocations, deductions)
        if _live(Entry, company).filter(item=payment, kind__in=("returned", "refunded")).exists():
            raise MovedSince(payment)
        wanted = Q(credit_item=payment) | Q(id__in=allocations)
        for made in _live(Allocation, company).filter(wanted):
            release(ground.states, made, on=on, at=at, reason=reason)
        _reverse_deductions(ground, deductions, on=on, at=at)
        opened = _live(Entry, company).filter(item=payment, kind="opened").first()
        if opened is None:
            raise NoSuchCredit(payment)
        _entry(ground, payment, "opened", -opened.amount_minor, on=on, at=at, reverses=opened)
        state = ground.states[payment]
        state.raised_minor -= opened.amount_minor
        state.save(update_fields=["raised_minor", "open_minor"])
        _record(ground, "payment.taken_back", by, at, minor=-opened.amount_minor, reason=reason)


def return_payment(
    *,
    company: int,
    payment: int,
    minor: int,
    deductions: Collection[int] = (),
    on: date,
    by: Actor,
    at: datetime,
) -> Entry:
    """This will book that the bank took `minor` (above zero) of a payment back; what it had settled is open again, newest first.

    deductions: entries made with the payment; they are reversed if nothing of it remains. Raises NoSuchCredit, LessIsLeft and
    NotOfThisPayment.
    """
    with transaction.atomic():
        ground = _locked(company, payment, (), deductions)
        left = -ground.states[payment].raised_minor - _taken_from(company, payment)
        if not 0 < minor <= left:
            raise LessIsLeft(str(left))
        _free(ground, minor, on=on, at=at)
        if minor == left:
            _reverse_deductions(ground, deductions, on=on, at=at)
        made = _entry(ground, payment, "returned", minor, on=on, at=at)
        _record(ground, "payment.returned", by, at, minor=minor)
    return made


def refund_credit(*, company: int, credit: int, minor: int, on: date, by: Actor, at: datetime) -> Entry:
    """This will book that `minor` (above zero) of what is left of a credit was paid back. Raises NoSuchCredit and LessIsLeft."""
    with transaction.atomic():
        ground = _locked(company, credit, (), (), alone=True)
        left = -ground.states[credit].open_minor
        if not 0 < minor <= left:
            raise LessIsLeft(str(left))
        made = _entry(ground, credit, "refunded", minor, on=on, at=at)
        _record(ground, "credit.refunded", by, at, minor=minor)
    return made


def take_back_outflow(*, company: int, entry: int, on: date, by: Actor, at: datetime) -> Entry:
    """This will reverse an entry of `return_payment` or `refund_credit`: the money is on account again. Raises NoSuchCredit."""
    with transaction.atomic():
        made = Entry.objects.filter(
            company_id=company, id=entry, kind__in=("returned", "refunded"), reverses=None
        ).first()
        if made is None:
            raise NoSuchCredit(entry)
        ground = _locked(company, made.item_id, (), (), alone=True)
        if Entry.objects.filter(company_id=company, item=made.item_id, reverses=made).exists():
            raise NoSuchCredit(entry)
        back = _entry(ground, made.item_id, made.kind, -made.amount_minor, on=on, at=at, reverses=made)
        _record(ground, "outflow.taken_back", by, at, minor=made.amount_minor)
    return back


def _live(model: type[_Row], company: int) -> QuerySet[_Row]:
    """Rows that nothing reversed and that reverse nothing."""
    rows: QuerySet[_Row] = model.objects.filter(company_id=company, reverses=None)
    gone = model.objects.filter(company_id=company, reverses=OuterRef("id"))
    return rows.filter(~Exists(gone))


def _locked(
    company: int,
    credit: int,
    allocations: Collection[int],
    deductions: Collection[int],
    *,
    alone: bool = False,
) -> _Ground:
    """The credit and, unless it is wanted alone, all that it and the given rows touch: customers first, then items, ascending."""
    items = _touched(company, credit, allocations, deductions, alone)
    if credit not in items or items[credit].kind in DEBITS:
        raise NoSuchCredit(credit)
    lock_customers(company=company, customers={item.customer_id for item in items.values()})
    items = _touched(company, credit, allocations, deductions, alone)
    return _Ground(items[credit], items, lock_items(company=company, items=items))


def _touched(
    company: int, credit: int, allocations: Collection[int], deductions: Collection[int], alone: bool
) -> dict[int, Item]:
    """The credit and what it touches. With its customer locked nobody adds to that."""
    ids = {credit}
    if not alone:
        wanted = Q(credit_item=credit) | Q(id__in=allocations)
        for pair in _live(Allocation, company).filter(wanted).values_list("credit_item", "debit_item"):
            ids.update(pair)
        ids.update(Entry.objects.filter(company_id=company, id__in=deductions).values_list("item", flat=True))
    return {item.id: item for item in Item.objects.filter(company_id=company, id__in=ids)}


def _taken_from(company: int, payment: int) -> int:
    outflows = _live(Entry, company).filter(item=payment, kind__in=("returned", "refunded"))
    return sum(outflows.values_list("amount_minor", flat=True))


def _free(ground: _Ground, minor: int, *, on: date, at: datetime) -> None:
    """Release allocations of the payment, newest first, until so much of it is open; the surplus is put back where it was."""
    payment = ground.payment
    live = _live(Allocation, payment.company_id).filter(credit_item=payment).order_by("-id")
    for made in live:
        missing = minor + ground.states[payment.id].open_minor
        if missing <= 0:
            return
        released = release(ground.states, made, on=on, at=at, reason="returned")
        surplus = made.amount_minor - missing
        if surplus > 0:
            Allocation.objects.create(
                company_id=payment.company_id,
                credit_item=payment,
                debit_item_id=made.debit_item_id,
                amount_minor=surplus,
                effective_on=released.effective_on,
                recorded_at=at,
                reason=made.reason,
            )
            settle(ground.states, credit=payment.id, debit=made.debit_item_id, minor=surplus)


def _reverse_deductions(ground: _Ground, deductions: Collection[int], *, on: date, at: datetime) -> None:
    """Reverse them, but for those that an undone list has reversed already."""
    company = ground.payment.company_id
    meant = Entry.objects.filter(
        company_id=company, id__in=deductions, kind__in=DEDUCTION_KINDS, reverses=None
    )
    if meant.count() != len(set(deductions)):
        raise NotOfThisPayment(str(sorted(deductions)))
    for entry in _live(Entry, company).filter(id__in=deductions):
        _entry(ground, entry.item_id, entry.kind, -entry.amount_minor, on=on, at=at, reverses=entry)


def _entry(
    ground: _Ground,
    item: int,
    kind: str,
    minor: int,
    *,
    on: date,
    at: datetime,
    reverses: Entry | None = None,
) -> Entry:
    """Append an entry, and let the state follow."""
    earliest = reverses.effective_on if reverses else ground.items[item].effective_on
    made = Entry.objects.create(
        company_id=ground.payment.company_id,
        item_id=item,
        kind=kind,
        amount_minor=minor,
        effective_on=max(on, earliest),
        recorded_at=at,
        reverses=reverses,
    )
    state = ground.states[item]
    state.open_minor += minor
    if kind != "opened":
        state.save(update_fields=["open_minor"])
    return made


def _record(ground: _Ground, verb: str, by: Actor, at: datetime, **facts: int | str) -> None:
    record(
        company=ground.payment.company_id,
        by=by,
        at=at,
        verb=verb,
        subjects=[
            Subject("item", item.id, customer=item.customer_id)
            for item in sorted(ground.items.values(), key=lambda item: item.id)
        ],
        facts={"currency": ground.payment.currency, **facts},
    )
