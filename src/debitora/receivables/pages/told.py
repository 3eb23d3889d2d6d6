"""Rows of the ledger as people read them: holds and allocations with words instead of codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from debitora.receivables.forms import words
from debitora.receivables.forms.words import said
from debitora.receivables.queries import HoldRow
from debitora.receivables.queries.facts import AllocationFact, EntryFact, LevelFact
from debitora.receivables.rules.holds import HoldSpan, in_force
from debitora.values.money import Money


@dataclass(frozen=True, slots=True)
class ToldHold:
    """A hold with its words. `amount` None: all of the item; `ends_on`: its last day, released or as placed."""

    row: HoldRow
    reason: str
    amount: Money | None
    in_force: bool
    to_come: bool

    @property
    def open(self) -> bool:
        """Whether it can still be released or given another end."""
        return self.in_force or self.to_come


@dataclass(frozen=True, slots=True)
class ToldAllocation:
    """An allocation with its words; `released` says that it was taken back."""

    row: AllocationFact
    amount: Money
    reason: str
    released: bool


@dataclass(frozen=True, slots=True)
class ToldEntry:
    """An entry with its words; `reversal` says that it takes one back."""

    row: EntryFact
    what: str
    amount: Money
    reversal: bool


@dataclass(frozen=True, slots=True)
class ToldLevel:
    """A reminder and the address of its notice, "" where no room shows notices."""

    row: LevelFact
    notice: str


def levels(rows: Iterable[LevelFact], *, address: Callable[[int], str]) -> list[ToldLevel]:
    """Reminders of an item in the order they were recorded."""
    return [ToldLevel(row=row, notice=address(row.notice)) for row in rows]


def holds(rows: Iterable[HoldRow], *, on: date) -> list[ToldHold]:
    """Holds, those that stop something in front, then by the day they were placed, newest first."""
    told = [_hold(row, on) for row in rows]
    return sorted(told, key=lambda hold: (not hold.in_force, not hold.to_come, -hold.row.hold))


def allocations(rows: Iterable[AllocationFact], *, currency: str) -> list[ToldAllocation]:
    """Allocations of an item, without the rows that take one back: it is marked instead."""
    return [
        ToldAllocation(
            row=row,
            amount=Money(row.amount_minor, currency),
            reason=said(words.ALLOCATION_REASONS, row.reason),
            released=row.released_by is not None,
        )
        for row in rows
        if row.reverses is None
    ]


def entries(rows: Iterable[EntryFact], *, currency: str) -> list[ToldEntry]:
    """Entries of an item in the order they were recorded."""
    return [
        ToldEntry(
            row=row,
            what=said(words.ENTRY_KINDS, row.kind),
            amount=Money(row.amount_minor, currency),
            reversal=row.reverses is not None,
        )
        for row in rows
    ]


def _hold(row: HoldRow, on: date) -> ToldHold:
    span = HoldSpan(row.from_on, row.until_on, row.released_on, row.amount_minor)
    ended = (row.until_on is not None and row.until_on < on) or row.released_on is not None
    return ToldHold(
        row=row,
        reason=said(words.HOLD_REASONS, row.reason),
        amount=None if row.amount_minor is None else Money(row.amount_minor, row.currency),
        in_force=in_force(span, on=on),
        to_come=row.from_on > on and not ended,
    )
