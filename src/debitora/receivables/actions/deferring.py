"""Another due day agreed with the customer (Stundung): it stands until the list names another day than before, or it is taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from debitora.receivables.actions.locks import lock_items
from debitora.receivables.models import ItemState, Terms
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject


def defer_items(
    *, company: int, items: Iterable[int], due_on: date, on: date, by: Actor, at: datetime
) -> list[int]:
    """These items will be due on the agreed day, whatever their list says; settled ones stay. The ids of those deferred.

    A debtor who was granted time is not in default before its end, so no default interest runs until then (§ 271 BGB).
    Raises ItemUnknown.
    """
    with transaction.atomic():
        states = lock_items(company=company, items=items)
        deferred = [state for state in states.values() if state.open_minor > 0 and state.due_on != due_on]
        for state in deferred:
            Terms.objects.create(
                company_id=company,
                item_id=state.item_id,
                due_on=due_on,
                agreed=True,
                effective_on=on,
                recorded_at=at,
            )
            known = state.due_on if state.listed_due_on is None else state.listed_due_on
            _now_due(state, due_on, listed=known)
            _record("item.deferred", state, {"due": due_on.isoformat(), "listed": known.isoformat()}, by, at)
    return [state.item_id for state in deferred]


def end_deferrals(
    *, company: int, items: Iterable[int], due_on: date, on: date, by: Actor, at: datetime
) -> list[int]:
    """What was deferred to that day will be due again when its list says; items deferred to another day since stay.

    The ids of those due by their list again. Raises ItemUnknown.
    """
    with transaction.atomic():
        states = lock_items(company=company, items=items)
        ended = [s for s in states.values() if s.listed_due_on is not None and s.due_on == due_on]
        for state in ended:
            told = Terms.objects.filter(company_id=company, item_id=state.item_id, agreed=False).latest("id")
            Terms.objects.create(
                company_id=company,
                item_id=state.item_id,
                due_on=told.due_on,
                effective_on=on,
                recorded_at=at,
                list_import_id=told.list_import_id,
            )
            _now_due(state, told.due_on, listed=None)
            _record("item.undeferred", state, {"due": told.due_on.isoformat()}, by, at)
    return [state.item_id for state in ended]


def _now_due(state: ItemState, due_on: date, *, listed: date | None) -> None:
    ItemState.objects.filter(company_id=state.company_id, item_id=state.item_id).update(
        due_on=due_on, listed_due_on=listed
    )


def _record(verb: str, state: ItemState, facts: dict[str, str], by: Actor, at: datetime) -> None:
    subject = Subject("item", state.item_id, customer=state.customer_id)
    record(company=state.company_id, by=by, at=at, verb=verb, subjects=[subject], facts=facts)
