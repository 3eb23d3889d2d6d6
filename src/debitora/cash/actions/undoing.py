"""What a line was taken for is taken back by a reversing row; outgoing lines return payments and pay credits back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Coalesce

from debitora.cash.actions.booking import EntryMovedOn, close, locked_line
from debitora.cash.actions.deferring import match_later
from debitora.cash.actions.grounds import BY_HAND, Grounds
from debitora.cash.actions.learning import count, unlearn_aside
from debitora.cash.models import BookedPart, Booking, EntryState, EntryWords, Habit, Payer
from debitora.cash.queries.abbreviations import abbreviations_of
from debitora.receivables.actions import (
    refund_credit,
    return_payment,
    take_back_outflow,
    take_back_payment,
)
from debitora.receivables.actions.locks import lock_items
from debitora.receivables.actions.settlements import DEDUCTION_KINDS
from debitora.receivables.models import Entry, Item
from debitora.trail.actions import put_wording, record
from debitora.trail.rules import Actor, Subject


class BookingUnknown(Exception):
    """No booking of this company has the id, or it is itself a reversal."""


class AlreadyTakenBack(Exception):
    """The booking was taken back before."""


class NoPaymentOfOurs(Exception):
    """The item is no payment that a bank told, or nothing of it is left."""


def take_back(*, company: int, booking: int, reason: str, by: Actor, at: datetime) -> Booking:
    """This will take a booking back: the line is open again by its amount, and its items as if it had not been; a job proposes anew.

    Returns the reversing row. Raises BookingUnknown, AlreadyTakenBack and the ledger's MovedSince.
    """
    with transaction.atomic():
        made = Booking.objects.filter(company_id=company, id=booking, reverses=None).first()
        if made is None:
            raise BookingUnknown(booking)
        state = _locked_state(company, made.entry_id)
        if Booking.objects.filter(company_id=company, reverses=made).exists():
            raise AlreadyTakenBack(booking)
        _undo_in_ledger(made, state.booked_on, by, at)
        close(company=company, entry=made.entry_id, minor=-made.minor)
        _unlearn(made)
        back = Booking.objects.create(
            company_id=company,
            entry_id=made.entry_id,
            kind=made.kind,
            minor=-made.minor,
            customer_id=made.customer_id,
            item_id=made.item_id,
            exchanged_minor=None if made.exchanged_minor is None else -made.exchanged_minor,
            rate_source=made.rate_source,
            third_party_id=made.third_party_id,
            ignored_for=made.ignored_for,
            wording_id=put_wording(company=company, text=reason).id if reason else None,
            origin="by_hand",
            booked_at=at,
            booked_by_label=by.label[:64],
            reverses=made,
        )
        _record(made, "booking.taken_back", by, at)
        match_later(company=company)
    return back


def book_return(
    *,
    company: int,
    entry: int,
    payment_item: int,
    by: Actor,
    at: datetime,
    fee: int = 0,
    grounds: Grounds = BY_HAND,
) -> list[Booking]:
    """This will book an outgoing line as a payment that the bank took back: the items that it settled are open again.

    What the line has beyond the payment is the bank's fee where the bank says so, or where it is just `fee`; else it stays open.
    Raises EntryMovedOn, NoPaymentOfOurs, and LessIsLeft where part of the payment was paid back to the customer before.
    """
    with transaction.atomic():
        state = locked_line(company=company, entry=entry)
        paid = _payment(company, payment_item)
        if paid is None or paid.customer_id is None:
            raise NoPaymentOfOurs(payment_item)
        left, left_worth = _left_of(paid)
        minor = min(-state.open_minor, left)
        if minor <= 0:
            raise EntryMovedOn(entry) if state.open_minor >= 0 else NoPaymentOfOurs(payment_item)
        worth = left_worth if minor == left else left_worth * minor // left
        gone = return_payment(
            company=company,
            payment=payment_item,
            minor=worth,
            deductions=_deductions(paid) if minor == left else (),
            on=state.booked_on,
            by=by,
            at=at,
        )
        made = [_outflow(state, "returned", paid.customer_id, payment_item, minor, gone, grounds, by, at)]
        beyond = -state.open_minor - minor
        if beyond and beyond in (state.entry.fee_minor, fee):
            made.append(_fee(state, beyond, grounds, by, at))
        close(company=company, entry=entry, minor=-minor - (beyond if len(made) == 2 else 0))
        _record(made[0], "bank_entry.returned", by, at)
    return made


def book_refund(
    *, company: int, entry: int, credit_item: int, by: Actor, at: datetime, grounds: Grounds = BY_HAND
) -> Booking:
    """This will book an outgoing line as paid back to a customer: her credit is less by it, as far as both reach.

    Raises EntryMovedOn and NoPaymentOfOurs.
    """
    with transaction.atomic():
        state = locked_line(company=company, entry=entry)
        item = Item.objects.filter(
            company_id=company,
            id=credit_item,
            kind__in=("payment", "credit"),
            currency=state.account.currency,
        ).first()
        if item is None:
            raise NoPaymentOfOurs(credit_item)
        left = -lock_items(company=company, items=[credit_item])[credit_item].open_minor
        minor = min(-state.open_minor, left)
        if minor <= 0:
            raise EntryMovedOn(entry) if state.open_minor >= 0 else NoPaymentOfOurs(credit_item)
        gone = refund_credit(
            company=company, credit=credit_item, minor=minor, on=state.booked_on, by=by, at=at
        )
        made = _outflow(state, "refunded", item.customer_id, credit_item, minor, gone, grounds, by, at)
        close(company=company, entry=entry, minor=-minor)
        _record(made, "bank_entry.refunded", by, at)
    return made


def _payment(company: int, item: int) -> Booking | None:
    """The live booking that opened the payment."""
    reversal = Booking.objects.filter(company_id=company, reverses=OuterRef("id"))
    return Booking.objects.filter(
        ~Exists(reversal), company_id=company, item=item, kind="payment", reverses=None
    ).first()


def _left_of(paid: Booking) -> tuple[int, int]:
    """What no bank took back of a payment: in the account's currency, and in its item's."""
    returned = Booking.objects.filter(company_id=paid.company_id, item=paid.item_id, kind="returned")
    gone = list(returned.values_list("minor", Coalesce("exchanged_minor", "minor")))
    worth = paid.exchanged_minor or paid.minor
    return paid.minor + sum(minor for minor, _ in gone), worth + sum(minor for _, minor in gone)


def _locked_state(company: int, entry: int) -> EntryState:
    return EntryState.objects.select_for_update(no_key=True).get(company_id=company, entry=entry)


def _undo_in_ledger(made: Booking, on: date, by: Actor, at: datetime) -> None:
    parts = list(BookedPart.objects.filter(booking=made))
    if made.kind == "payment" and made.item_id:
        take_back_payment(
            company=made.company_id,
            payment=made.item_id,
            allocations={part.allocation_id for part in parts if part.allocation_id},
            deductions=_deductions(made),
            on=on,
            by=by,
            at=at,
        )
    for part in parts:
        if part.kind in ("returned", "refunded") and part.ledger_entry_id:
            take_back_outflow(company=made.company_id, entry=part.ledger_entry_id, on=on, by=by, at=at)


def _deductions(made: Booking) -> list[int]:
    parts = BookedPart.objects.filter(booking=made, kind__in=DEDUCTION_KINDS)
    return [entry for entry in parts.values_list("ledger_entry_id", flat=True) if entry]


def _outflow(
    state: EntryState,
    kind: str,
    customer: int,
    item: int,
    minor: int,
    gone: Entry,
    grounds: Grounds,
    by: Actor,
    at: datetime,
) -> Booking:
    """A booking of an entry that took money from an item; what that is in the item's currency is told where it is another."""
    is_exchanged = gone.item.currency != state.account.currency
    made = Booking.objects.create(
        company_id=state.company_id,
        entry_id=state.entry_id,
        kind=kind,
        minor=-minor,
        customer_id=customer,
        item_id=item,
        exchanged_minor=-gone.amount_minor if is_exchanged else None,
        rate_source="bank" if is_exchanged else "",
        origin=grounds.origin,
        confidence=grounds.confidence,
        proposal=dict(grounds.told),
        booked_at=at,
        booked_by_label=by.label[:64],
    )
    BookedPart.objects.create(
        company_id=state.company_id,
        booking=made,
        item_id=item,
        kind=kind,
        minor=gone.amount_minor,
        ledger_entry_id=gone.id,
    )
    return made


def _fee(state: EntryState, fee: int, grounds: Grounds, by: Actor, at: datetime) -> Booking:
    return Booking.objects.create(
        company_id=state.company_id,
        entry_id=state.entry_id,
        kind="ignored",
        minor=-fee,
        ignored_for="bank_fee",
        origin=grounds.origin,
        booked_at=at,
        booked_by_label=by.label[:64],
    )


def _unlearn(made: Booking) -> None:
    """What the booking taught is taken back, as far as it was not forgotten meanwhile."""
    if made.kind == "payment":
        _unlearn_payer(made)
    if made.kind == "ignored" and made.origin != "sure":
        unlearn_aside(
            company=made.company_id, entry=made.entry_id, minor=made.minor, ignored_for=made.ignored_for
        )
    if pattern := made.proposal.get("pattern"):
        count(company=made.company_id, right=[pattern], times=-1)
        count(company=made.company_id, wrong=[pattern])


def _unlearn_payer(made: Booking) -> None:
    payer = EntryWords.objects.filter(entry=made.entry_id).values_list("account", flat=True).first() or ""
    Payer.objects.filter(account=payer, customer=made.customer_id, times__gt=0).update(times=F("times") - 1)
    habits = Habit.objects.filter(customer=made.customer_id, kind=made.proposal.get("kind", ""), times__gt=0)
    habits.update(times=F("times") - 1)
    if made.origin != "sure":
        items = BookedPart.objects.filter(booking=made).values_list("item", flat=True)
        for _entry, customer, kind in abbreviations_of({made.entry_id: list(items)}):
            Habit.objects.filter(customer=customer, kind=kind, times__gt=0).update(times=F("times") - 1)


def _record(made: Booking, verb: str, by: Actor, at: datetime) -> None:
    subjects = [Subject("bank_entry", made.entry_id)]
    if made.customer_id:
        subjects.append(Subject("customer", made.customer_id, customer=made.customer_id))
    record(
        company=made.company_id,
        by=by,
        at=at,
        verb=verb,
        subjects=subjects,
        facts={"booking": made.id, "kind": made.kind, "minor": made.minor},
    )
