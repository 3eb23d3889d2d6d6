"""Applying a source's open-item list, and undoing it: what `engine.lists.diff` found becomes entries, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

import polars as pl
from django.db import connection, transaction

from debitora.engine.lists import ListDiff
from debitora.kit.pg.bulk import stage
from debitora.receivables.actions.applying import (
    lock_as_known,
    of_customers,
    opening_items,
    record_applied,
    stage_openings,
)
from debitora.receivables.actions.bulk import numbers, run
from debitora.receivables.actions.locks import lock_company
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject

Progress = Callable[[int, int], None]
"""Called with rows done and rows to do, between the steps."""

_ENTRY_KINDS: Final = {
    "to_reopen": "opened",
    "to_pay": "paid_per_list",
    "to_settle": "settled_per_list",
    "to_correct": "corrected",
    "reappeared": "reappeared",
}
"""Which entry a move becomes; what reappeared becomes reversals, and a further entry for the rest."""

_WORK_MEM: Final = "64MB"
"""For sorts and hashes while a list is applied: a million staged rows are joined in memory, not over files."""
_GREW: Final = 5_000
"""So many new items, and the planner shall know of them at once."""


@dataclass(frozen=True, slots=True)
class ListApplied:
    """What a list changed, in items; and the customers it made known."""

    opened: int
    paid: int
    settled: int
    corrected: int
    reappeared: int
    behind: int
    caught_up: int
    terms_changed: int
    regrouped: int
    unchanged: int
    customers_created: int


@dataclass(frozen=True, slots=True)
class UndoneList:
    """What undoing a list touched: ids of items and customers, ascending, and how many rows were taken back.

    ungrounded: the items of which less is claimed afterwards, or which are due later.
    """

    items: tuple[int, ...]
    ungrounded: tuple[int, ...]
    customers: tuple[int, ...]
    entries_reversed: int
    allocations_released: int


def apply_list(
    *,
    company: int,
    source: int,
    list_import: int,
    changes: ListDiff,
    on: date,
    by: Actor,
    at: datetime,
    progress: Progress | None = None,
) -> ListApplied:
    """This will open, pay, settle and correct items of a source as its list of the day `on` says, all or nothing.

    Unknown customers are made known by number and name. Only items of this source are touched. Raises LedgerMovedOn
    when an item is not as `changes` knew it, or was opened meanwhile.
    """
    step = _steps(changes, progress)
    facts = {"company": company, "source": source, "list_import": list_import, "on": on, "at": at}
    with opening_items(), transaction.atomic(), connection.cursor() as cursor:
        lock_company(company=company)
        cursor.execute(f"set local work_mem = '{_WORK_MEM}'")
        _stage(changes)
        lock_as_known(cursor, company=company, source=source)
        step(0)
        created = _open(cursor, facts, step)
        _move(cursor, facts, changes)
        step(_moved(changes))
        if changes.to_open.height >= _GREW:
            cursor.execute("select receivables_learn_sizes()")
        applied = _counted(changes, created)
        record_applied(cursor, facts, {"on": on.isoformat(), **asdict(applied)}, by)
    step(0)
    return applied


def undo_list(*, company: int, list_import: int, by: Actor, at: datetime) -> UndoneList:
    """This will take back what the import did: its entries, terms and marks; and all entries of items that it opened.

    Allocations are released, newest first, where the item no longer bears them; the credit is open again. What it does not
    bear even then (discount, write-off, refund) is reversed. Every row that takes back counts from the day of what it takes back. That it is the source's newest import is for the caller to see
    to; undoing twice changes nothing more.
    """
    facts = {"company": company, "list_import": list_import, "at": at}
    with transaction.atomic(), connection.cursor() as cursor:
        lock_company(company=company)
        run(cursor, "undo/lock_customers", **facts)
        run(cursor, "undo/plan", **facts)
        items = numbers(cursor, "undo/lock_items", **facts)
        reversed_, released = numbers(cursor, "undo/counts", **facts)
        run(cursor, "undo/write", **facts)
        ungrounded = numbers(cursor, "undo/ungrounded", **facts)
        customers = numbers(cursor, "undo/customers", **facts)
        record(
            company=company,
            by=by,
            at=at,
            verb="list.undone",
            subjects=[Subject("list_import", list_import), *of_customers(customers)],
            facts={
                "list_import": list_import,
                "reversed": reversed_,
                "released": released,
                "items": len(items),
            },
        )
    return UndoneList(tuple(items), tuple(ungrounded), tuple(customers), reversed_, released)


def _steps(changes: ListDiff, progress: Progress | None) -> Callable[[int], None]:
    """Adds rows to what is done and reports it. A new item counts four times: item, entry, terms and state."""
    total = changes.to_open.height * 4 + _moved(changes)
    done = 0

    def step(rows: int) -> None:
        nonlocal done
        done += rows
        if progress is not None:
            progress(done, total)

    return step


def _moved(changes: ListDiff) -> int:
    return sum(getattr(changes, name).height for name in _ENTRY_KINDS)


def _stage(changes: ListDiff) -> None:
    moves = [getattr(changes, name).with_columns(kind=pl.lit(kind)) for name, kind in _ENTRY_KINDS.items()]
    marks = [changes.behind.with_columns(behind=True), changes.caught_up.with_columns(behind=False)]
    stage_openings(changes.to_open)
    stage(pl.concat(moves).sort("item_id"), "list_move")
    stage(changes.terms_changed, "list_term")
    stage(changes.regrouped, "list_group")
    stage(pl.concat(marks).sort("item_id"), "list_mark")


def _open(cursor: Any, facts: dict[str, Any], step: Callable[[int], None]) -> int:
    created = run(cursor, "lists/customers", **facts)
    for name in ("lists/items", "lists/entries", "lists/first_terms", "lists/states"):
        step(run(cursor, name, **facts))
    return created


def _move(cursor: Any, facts: dict[str, Any], changes: ListDiff) -> None:
    """What changes of known items; a kind of change that does not happen asks the database nothing."""
    kinds = {
        "lists/move": _moved(changes),
        "lists/terms": changes.terms_changed.height,
        "lists/groups": changes.regrouped.height,
        "lists/marks": changes.behind.height + changes.caught_up.height,
    }
    for name, rows in kinds.items():
        if rows:
            run(cursor, name, **facts)


def _counted(changes: ListDiff, created: int) -> ListApplied:
    return ListApplied(
        opened=changes.to_open.height + changes.to_reopen.height,
        paid=changes.to_pay.height,
        settled=changes.to_settle.height,
        corrected=changes.to_correct.height,
        reappeared=changes.reappeared.height,
        behind=changes.behind.height,
        caught_up=changes.caught_up.height,
        terms_changed=changes.terms_changed.height,
        regrouped=changes.regrouped.height,
        unchanged=changes.unchanged,
        customers_created=created,
    )
