"""Everything the ledger knows of one item: for its panel, and for the answer to "why"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from debitora.receivables.queries.holds import HoldRow, holds_ever
from debitora.receivables.queries.items import ItemRow, item_row
from debitora.receivables.queries.reading import rows, statement


@dataclass(frozen=True, slots=True)
class EntryFact:
    """A signed change of the item; `reversed_by` names the entry that took it back, `reverses` the one it takes back."""

    entry: int
    kind: str
    amount_minor: int
    effective_on: date
    recorded_at: datetime
    list_import: int | None
    reverses: int | None
    reversed_by: int | None


@dataclass(frozen=True, slots=True)
class AllocationFact:
    """An allocation on the item; `other` is the item on its other side; `released_by` the row that took it back."""

    allocation: int
    other: int
    other_number: str
    amount_minor: int
    effective_on: date
    recorded_at: datetime
    reason: str
    reverses: int | None
    released_by: int | None


@dataclass(frozen=True, slots=True)
class TermsFact:
    """A due day, and from when on it counts; whether it was agreed with the customer."""

    due_on: date
    effective_on: date
    recorded_at: datetime
    list_import: int | None
    agreed: bool


@dataclass(frozen=True, slots=True)
class LevelFact:
    """A reminder: `raised` 1 or 0, or the opposite with `withdrawn`."""

    notice: int
    level: int
    raised: int
    withdrawn: bool
    effective_on: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class MarkFact:
    """A list began or ceased to show more than the ledger."""

    behind: bool
    listed_minor: int
    effective_on: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """The item as it stands and all rows it follows from, each kind in the order it was recorded."""

    row: ItemRow
    entries: tuple[EntryFact, ...]
    allocations: tuple[AllocationFact, ...]
    terms: tuple[TermsFact, ...]
    levels: tuple[LevelFact, ...]
    marks: tuple[MarkFact, ...]
    holds: tuple[HoldRow, ...]


def item_facts(*, item: int, on: date) -> ItemFacts | None:
    """All facts of an item, judged on the day; None if it is not there."""
    row = item_row(item=item, on=on)
    if row is None:
        return None
    key = {"item": item}
    return ItemFacts(
        row=row,
        entries=tuple(rows(statement("reading/facts/entries"), key, EntryFact)),
        allocations=tuple(rows(statement("reading/facts/allocations"), key, AllocationFact)),
        terms=tuple(rows(statement("reading/facts/terms"), key, TermsFact)),
        levels=tuple(rows(statement("reading/facts/levels"), key, LevelFact)),
        marks=tuple(rows(statement("reading/facts/marks"), key, MarkFact)),
        holds=tuple(holds_ever(on=on, customer=row.customer, item=item)),
    )
