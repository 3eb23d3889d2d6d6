"""What allocating and releasing do to the two items of an allocation: credit and debit come nearer to zero together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from debitora.receivables.models import Allocation, ItemState, ListMark


def settle(states: Mapping[int, ItemState], *, credit: int, debit: int, minor: int) -> None:
    """The projection follows: both locked items come nearer to zero by `minor`, or farther if it is below zero."""
    states[credit].open_minor += minor
    states[debit].open_minor -= minor
    states[credit].save(update_fields=["open_minor"])
    states[debit].save(update_fields=["open_minor"])


def release(
    states: Mapping[int, ItemState], made: Allocation, *, on: date, at: datetime, reason: str
) -> Allocation:
    """Reverse a live allocation of two locked items: both are open again by its amount. Returns the releasing row."""
    released = Allocation.objects.create(
        company_id=made.company_id,
        credit_item_id=made.credit_item_id,
        debit_item_id=made.debit_item_id,
        amount_minor=-made.amount_minor,
        effective_on=max(on, made.effective_on),
        recorded_at=at,
        reason=reason,
        reverses=made,
    )
    settle(states, credit=made.credit_item_id, debit=made.debit_item_id, minor=-made.amount_minor)
    for item in (made.credit_item_id, made.debit_item_id):
        _catch_up(states[item], on=released.effective_on, at=at)
    return released


def _catch_up(state: ItemState, *, on: date, at: datetime) -> None:
    """An item open again by all that its list shows is no longer ahead of the list."""
    if not state.list_behind:
        return
    newest = ListMark.objects.filter(company_id=state.company_id, item_id=state.item_id).order_by("-id")[0]
    if abs(state.open_minor) >= abs(newest.listed_minor):
        ListMark.objects.create(
            company_id=state.company_id,
            item_id=state.item_id,
            behind=False,
            listed_minor=newest.listed_minor,
            effective_on=max(on, newest.effective_on),
            recorded_at=at,
        )
        state.list_behind = False
        state.save(update_fields=["list_behind"])
