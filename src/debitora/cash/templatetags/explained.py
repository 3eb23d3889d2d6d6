"""How much of a statement is explained, as a bar of shares with its sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from debitora.cash.queries.bookings import Explained
from debitora.values.money import MAX_MINOR, Money

WIDTH: Final = 10_000
"""The whole bar, in units of the drawing."""
NAMES: Final[Mapping[str, str | Promise]] = {
    "matched": pgettext_lazy("bank lines", "matched"),
    "on_account": _("on account"),
    "paid_out": _("returned or paid back"),
    "ignored": pgettext_lazy("bank lines", "ignored"),
    "open": pgettext_lazy("bank lines", "open"),
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """One share of the bar: its code, its word, its sum, and where it lies in a bar of WIDTH."""

    code: str
    word: str
    sum: Money
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class Bar:
    """The shares that are not nothing, and the explained one in basis points."""

    stretches: tuple[Stretch, ...]
    basis_points: int


def explained_bar(told: Explained, currency: str) -> Bar | None:
    """The bar; None for lines that come to nothing, or to more than an amount may be."""
    if not 0 < told.total_minor < MAX_MINOR:
        return None
    found, passed, start = [], 0, 0
    for code, word in NAMES.items():
        minor = getattr(told, f"{code}_minor")
        passed += minor
        end = WIDTH * passed // told.total_minor
        if minor:
            found.append(Stretch(code, str(word), Money(minor, currency), start, end - start))
        start = end
    return Bar(tuple(found), told.basis_points)
