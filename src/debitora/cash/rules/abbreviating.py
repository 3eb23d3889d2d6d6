"""How payers abbreviate numbers, as a habit like others: `last_5` writes only the last five digits of an invoice's number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from debitora.engine.abbreviations import KEPT, kept_digits

LAST: Final = "last_"
LEARNED_FROM: Final = 2
"""So often somebody must have abbreviated a number alike before that is taken for her way."""

Habits = Mapping[int, Mapping[str, int]]
"""Kinds by customer, how often."""


def abbreviation(text: str, number: str) -> str:
    """The habit that a text shows, which pays the item of this number; "" for none."""
    kept = kept_digits(text, number)
    return "" if kept is None else f"{LAST}{kept}"


def digits_of(kind: str) -> int | None:
    """So many last digits a habit writes; None for a habit of another kind."""
    return int(kind.removeprefix(LAST)) if kind.startswith(LAST) else None


def kept_by(habits: Habits) -> pl.DataFrame:
    """KEPT of those who abbreviate."""
    found = [
        (customer, kept)
        for customer, kinds in habits.items()
        for kind, times in kinds.items()
        if times >= LEARNED_FROM and (kept := digits_of(kind)) is not None
    ]
    return pl.DataFrame(sorted(found), schema=dict(KEPT), orient="row")
