"""When an item is overdue, its aging band, who sees it, and what a list of items may be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

BANDS: Final = ("not_due", "d1_30", "d31_60", "d61_90", "d90_plus")
"""As in engine.aging: the due day itself is not due yet; credits age by their own due day."""

TOLD_DAYS: Final = 3
"""So many days before the bank a list may tell of a payment: what is booked on Friday stands in Monday's statement."""


class State(StrEnum):
    """What a list of items may be narrowed to. Open is every item that is not settled, credits included."""

    OPEN = "open"
    OVERDUE = "overdue"
    NOT_DUE = "not_due"
    SETTLED = "settled"
    CREDITS = "credits"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose customers are seen: all of the company, or those of some salespeople (user ids): one's own, and those of
    whoever one stands in for."""

    salespeople: tuple[int, ...] | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return self.salespeople is not None

    @property
    def array(self) -> list[int] | None:
        """The salespeople as a statement takes them; None for everything."""
        return None if self.salespeople is None else list(self.salespeople)


EVERYTHING: Final = Scope()


@dataclass(frozen=True, slots=True)
class ItemFilters:
    """What a list of items is narrowed to; what is None or empty narrows nothing.

    `text` finds the number, the customer's number or name, and an amount as people type it. `level` is the level
    reached exactly; `held` means a hold is in force on the item or its customer.
    """

    text: str = ""
    state: State | None = None
    band: str = ""
    currency: str = ""
    customer: int | None = None
    salesperson: int | None = None
    level: int | None = None
    held: bool | None = None
    list_behind: bool | None = None
    source: int | None = None
    product_group: str = ""


def days_overdue(*, due_on: date, on: date) -> int:
    """Calendar days since the due day; zero or below: not due yet."""
    return (on - due_on).days


def tells_of(entry_minor: int, told_on: date, paid_minor: int, paid_on: date) -> bool:
    """Whether an entry per list, below zero, told of a payment: of just its amount, and not long before it."""
    return entry_minor == -paid_minor and told_on >= paid_on - timedelta(days=TOLD_DAYS)


def band(*, due_on: date, on: date) -> str:
    """The aging band of a due day on a day, one of BANDS."""
    days = days_overdue(due_on=due_on, on=on)
    return BANDS[0] if days <= 0 else BANDS[min((days + 29) // 30, 4)]


def due_days_of(band: str, *, on: date) -> tuple[date, date]:
    """The first and the last due day that stand in the band on a day. Raises KeyError for an unknown band."""
    first, last = {
        "not_due": (None, 0),
        "d1_30": (0, 30),
        "d31_60": (30, 60),
        "d61_90": (60, 90),
        "d90_plus": (90, None),
    }[band]
    newest = date.max if first is None else date.fromordinal(on.toordinal() - first - 1)
    oldest = date.min if last is None else date.fromordinal(on.toordinal() - last)
    return oldest, newest
