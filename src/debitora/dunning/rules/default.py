"""Default (Verzug): the day from which a debt bears interest, derived from facts, with its ground and law.

Default never follows from the due day alone. Each ground gives a day; the earliest counts. A day on which a debt was to be paid at the
latest moves to the next working day (§ 193 BGB and its like), so that default moves with it; the aging of an item does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

BY_POST: Final = timedelta(days=3)
"""A letter that was printed is presumed to have been received so many days later. Ours, not the law's: it only ever delays."""
FRIENDLY: Final = "reminder"
"""The key of the shipped text that only reminds. It demands nothing clearly enough to be a notice that causes default."""
THIRTY_DAYS: Final = timedelta(days=30)
FOURTEEN_DAYS: Final = timedelta(days=14)
_WITHOUT_REMINDER: Final = {
    "FR": "art. L441-10 C. com.",
    "NL": "art. 6:119a BW",
    "BE": "Loi/Wet 2.8.2002",
}
"""Between businesses interest runs there from the day after the due day, without any reminder."""
_ALPINE: Final = {"AT": "§ 1334 ABGB", "CH": "Art. 102 OR"}


class Ground(StrEnum):
    """Why a debtor is in default."""

    AGREED_DAY = "agreed_day"
    """A day of the calendar was agreed."""
    NOTICE = "notice"
    """A notice after the due day was received."""
    THIRTY_DAYS = "thirty_days"
    """Thirty days have passed since due day and receipt of the invoice."""
    DUE_DAY = "due_day"
    """The law of the country needs no reminder."""
    TERM_OF_REMINDER = "term_of_reminder"
    """The fourteen days of a consumer's first, free reminder have passed."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """A notice that reached the debtor, as far as is known: accepted as a mail, or printed as a letter.

    demands: it demands payment clearly, as a friendly word does not.
    """

    on: date
    by_post: bool
    demands: bool = True

    @property
    def received_on(self) -> date:
        """The day on which it counts as received."""
        return self.on + BY_POST if self.by_post else self.on


@dataclass(frozen=True, slots=True)
class Debt:
    """What default is derived from. kind: "business" or "consumer". agreed and told: what the company states of its contracts and
    invoices (policy.Claims.due_date_agreed and invoice_told_default)."""

    country: str
    kind: str
    due_on: date
    issued_on: date | None = None
    agreed: bool = False
    told: bool = False
    reminded: tuple[Reminded, ...] = ()


@dataclass(frozen=True, slots=True)
class Default:
    """From this day on the debtor is in default; `law` is where that stands."""

    from_on: date
    ground: Ground
    law: str


def default_of(debt: Debt, *, working: Callable[[date], date]) -> Default | None:
    """When default began or will begin by what is known; None: nothing that is known ever causes it.

    working: the day itself, or the next working day. Of grounds on one day the first of Ground counts.
    """
    found = sorted(_grounds(debt, working), key=lambda one: (one.from_on, list(Ground).index(one.ground)))
    return found[0] if found else None


def is_free_reminder_asked(country: str, kind: str) -> bool:
    """Whether the law asks for a first reminder free of charge before anything is owed beside the sum."""
    return kind == "consumer" and country in ("NL", "BE")


def _grounds(debt: Debt, working: Callable[[date], date]) -> Iterator[Default]:
    if is_free_reminder_asked(debt.country, debt.kind):
        yield from _after_free_reminder(debt)
        return
    due_on = working(debt.due_on)
    if debt.kind == "business" and debt.country in _WITHOUT_REMINDER:
        yield Default(_after(due_on), Ground.DUE_DAY, _WITHOUT_REMINDER[debt.country])
        return
    if debt.agreed:
        law = "§ 286 II Nr. 1 BGB" if debt.country == "DE" else _ALPINE.get(debt.country, "2011/7/EU")
        yield Default(_after(due_on), Ground.AGREED_DAY, law)
    for notice in debt.reminded:
        if notice.demands and notice.received_on > debt.due_on:
            law = "§ 286 I BGB" if debt.country == "DE" else _ALPINE.get(debt.country, "2011/7/EU")
            yield Default(_after(notice.received_on), Ground.NOTICE, law)
    if debt.country == "DE" and debt.issued_on and (debt.kind == "business" or debt.told):
        last = working(max(debt.due_on, debt.issued_on + BY_POST) + THIRTY_DAYS)
        yield Default(_after(last), Ground.THIRTY_DAYS, "§ 286 III BGB")


def _after_free_reminder(debt: Debt) -> Iterator[Default]:
    """Nothing may be claimed of a consumer before fourteen full days after the first reminder, counted from the day after receipt."""
    law = "art. 6:96 BW" if debt.country == "NL" else "Code de droit économique, livre XIX"
    received = [one.received_on for one in debt.reminded if one.received_on > debt.due_on]
    if received:
        yield Default(_after(min(received) + FOURTEEN_DAYS), Ground.TERM_OF_REMINDER, law)


def _after(day: date) -> date:
    return day + timedelta(days=1)
