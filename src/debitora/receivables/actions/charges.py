"""Charges on the account: what a notice claims besides its items, booked as an item of its own, and taken back with it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from debitora.receivables.actions.items import ItemAlreadyKnown, NewItem, open_item
from debitora.receivables.actions.locks import lock_customer
from debitora.receivables.models import Entry, Item, ItemState
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject


def open_charge(
    *, company: int, source: int, customer: int, charge: NewItem, on: date, by: Actor, at: datetime
) -> bool:
    """This will open a charge; whether it was not open already. Number and position name what it is claimed for, once.

    Raises what open_item raises, but ItemAlreadyKnown.
    """
    try:
        with transaction.atomic():
            open_item(company=company, source=source, customer=customer, item=charge, on=on, by=by, at=at)
    except ItemAlreadyKnown:
        return False
    return True


def cancel_charges(
    *, company: int, source: int, customer: int, number: str, on: date, by: Actor, at: datetime
) -> int:
    """This will take back what is still open of the charges of that number; returns the minor units. What was paid stays paid."""
    with transaction.atomic():
        lock_customer(company=company, customer=customer)
        asked = Item.objects.filter(
            company_id=company, source_id=source, customer_id=customer, number=number, kind="charge"
        )
        states = ItemState.objects.select_for_update().filter(
            company_id=company, item_id__in=asked.values("id"), open_minor__gt=0
        )
        found = list(states.order_by("item_id"))
        taken = sum(state.open_minor for state in found)
        for state in found:
            _correct(state, on=on, at=at)
        if found:
            record(
                company=company,
                by=by,
                at=at,
                verb="charges.cancelled",
                subjects=[Subject("item", state.item_id, customer=customer) for state in found],
                facts={"number": number, "minor": taken},
            )
    return taken


def cancel_charge(*, state: ItemState, on: date, by: Actor, at: datetime) -> None:
    """This will take back what is open of one charge, whose state is locked, within the caller's transaction."""
    minor = state.open_minor
    _correct(state, on=on, at=at)
    record(
        company=state.company_id,
        by=by,
        at=at,
        verb="charges.cancelled",
        subjects=[Subject("item", state.item_id, customer=state.customer_id)],
        facts={"number": state.item.number, "minor": minor},
    )


def _correct(state: ItemState, *, on: date, at: datetime) -> None:
    """Nothing is open of it any more, and it was raised by no more than what was settled."""
    Entry.objects.create(
        company_id=state.company_id,
        item_id=state.item_id,
        kind="corrected",
        amount_minor=-state.open_minor,
        effective_on=on,
        recorded_at=at,
    )
    state.raised_minor -= state.open_minor
    state.open_minor = 0
    state.save(update_fields=["raised_minor", "open_minor"])
