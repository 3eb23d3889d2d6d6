"""The ledger once more, computed from its append-only rows alone and without any of the writers' code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from debitora.receivables.models import Allocation, Entry, Item, ItemState, LevelEvent, ListMark, Terms

RAISING = {"opened", "corrected", "charged"}


def findings() -> list[str]:
    """Every difference between the projection and what the rows say, and every broken identity; empty: all is well."""
    return [*_of_states(), *_of_pairs(), *_of_reversals()]


def open_by_item(*, on: date | None = None) -> dict[int, int]:
    """What is open of every item: entries minus allocations, of rows that count on or before the day."""
    opened: dict[int, int] = defaultdict(int)
    for entry in Entry.objects.all():
        if on is None or entry.effective_on <= on:
            opened[entry.item_id] += entry.amount_minor
    for allocation in Allocation.objects.all():
        if on is None or allocation.effective_on <= on:
            opened[allocation.debit_item_id] -= allocation.amount_minor
            opened[allocation.credit_item_id] += allocation.amount_minor
    return dict(opened)


def _of_states() -> Iterator[str]:
    opened, items = open_by_item(), {item.id: item for item in Item.objects.all()}
    raised: dict[int, int] = defaultdict(int)
    for entry in Entry.objects.filter(kind__in=RAISING):
        raised[entry.item_id] += entry.amount_minor
    states = {state.item_id: state for state in ItemState.objects.all()}
    if states.keys() != items.keys():
        yield f"states of {sorted(states.keys() ^ items.keys())}"
    for item, state in states.items():
        side = 1 if items[item].kind in ("invoice", "charge") else -1
        if state.open_minor != opened.get(item, 0):
            yield f"item {item}: open {state.open_minor}, rows say {opened.get(item, 0)}"
        if state.raised_minor != raised[item]:
            yield f"item {item}: raised {state.raised_minor}, rows say {raised[item]}"
        if not 0 <= side * state.open_minor <= side * state.raised_minor:
            yield f"item {item}: {state.open_minor} of {state.raised_minor} is across the line"
    yield from _of_the_rest(states)


def _of_the_rest(states: dict[int, ItemState]) -> Iterator[str]:
    """Due day, list mark and level: of terms and marks the newest row counts, levels add up."""
    due = dict(Terms.objects.order_by("id").values_list("item_id", "due_on"))
    behind = dict(ListMark.objects.order_by("id").values_list("item_id", "behind"))
    level: dict[int, int] = defaultdict(int)
    for item, raised in LevelEvent.objects.values_list("item_id", "raised"):
        level[item] += raised
    for item, state in states.items():
        if due.get(item) != state.due_on:
            yield f"item {item}: due day"
        if state.list_behind != behind.get(item, False):
            yield f"item {item}: list behind"
        if state.level != level[item]:
            yield f"item {item}: level"


def _of_pairs() -> Iterator[str]:
    """No allocation beyond either side at any moment of the recorded history, and pairs that belong together."""
    items = {item.id: item for item in Item.objects.select_related("customer")}
    live = Allocation.objects.filter(reverses=None).exclude(
        id__in=Allocation.objects.exclude(reverses=None).values("reverses_id")
    )
    for one in live:
        credit, debit = items[one.credit_item_id], items[one.debit_item_id]
        if credit.currency != debit.currency or credit.amount_minor >= 0 or debit.amount_minor <= 0:
            yield f"allocation {one.id} joins what does not belong together"
        groups = {each.customer.parent_id or each.customer_id for each in (credit, debit)}
        if len(groups) != 1:
            yield f"allocation {one.id} joins two groups"


def _of_reversals() -> Iterator[str]:
    for entry in Entry.objects.exclude(reverses=None).select_related("reverses"):
        before = entry.reverses
        if (before.item_id, before.kind, -before.amount_minor) != (
            entry.item_id,
            entry.kind,
            entry.amount_minor,
        ):
            yield f"entry {entry.id} reverses another thing"
    for release in Allocation.objects.exclude(reverses=None).select_related("reverses"):
        if release.amount_minor != -release.reverses.amount_minor:
            yield f"allocation {release.id} releases another amount"
