"""How payers wrote the numbers of what they paid, and what numbers look like in this company."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from debitora.cash.models import EntryWords
from debitora.cash.queries.fitting import statement_sql
from debitora.cash.rules.abbreviating import abbreviation
from debitora.kit.pg.bulk import rows
from debitora.receivables.models import Item


@dataclass(frozen=True, slots=True)
class ShapeRow:
    """Numbers that look alike: letters and separators as they are, # for a digit; how many of the latest, and one of them."""

    shape: str
    count: int
    example: str


def number_shapes(*, most: int = 5) -> list[ShapeRow]:
    """What the numbers of the latest items look like, the most frequent first."""
    return [ShapeRow(**row) for row in rows(statement_sql("number_shapes"), most=most)]


def abbreviations_of(paid: Mapping[int, Iterable[int]]) -> list[tuple[int, int, str]]:
    """(entry, customer, habit) of entries with the items that they paid, where their words abbreviate the numbers; each once."""
    items = {
        item.id: item for item in Item.objects.filter(id__in={one for some in paid.values() for one in some})
    }
    words = EntryWords.objects.filter(entry__in=paid).order_by("entry_id")
    found = {
        (said.entry_id, items[one].customer_id, habit)
        for said in words
        for one in paid[said.entry_id]
        if (habit := abbreviation(f"{said.text} {said.reference} {said.end_to_end}", items[one].number))
    }
    return sorted(found)
