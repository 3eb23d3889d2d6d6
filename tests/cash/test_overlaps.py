"""Statements that overlap, in any order and any format, bring each payment once: what is booked is held against what was paid.

Each case draws a week of an account, with equal payments, days that come to nothing and days in several parts, and then the files
that a bank hands out of it: the day so far, a day, some days, in camt.052, camt.053, MT940 and CSV, with and without numbers. They
are taken out of order. Nothing may ever be there more often than it was paid; and what is there less often, a statement waits for
that says so.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from debitora.cash.models import BankEntry, Statement
from debitora.cash.testing import DAY, Paid, Sheet, camt, mt940, table, taken
from debitora.people.models import Company
from tests.cash.test_roads import thrown_away

pytestmark = pytest.mark.usefixtures("db")

DAYS = 5
SEEDS = range(12, 30)
WRITERS: tuple[Callable[[Sheet], bytes], ...] = (camt, camt, mt940, lambda sheet: table(sheet.lines))


class Week:
    """What was paid into and out of an account, drawn with a seed, and the files that tell of it."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        paid = [self._paid(place) for place in range(self._chance.randint(2, 14))]
        self.paid = sorted(paid, key=lambda one: one.day)
        self._begin = self._chance.randint(-300, 300)
        self._is_numbered = self._chance.random() < 0.5

    def _paid(self, place: int) -> Paid:
        return Paid(
            self._chance.choice((100, 100, 250, -100, -250, 333)),
            self._chance.randrange(DAYS),
            name=self._chance.choice(("Miller", "Smith")),
            text=self._chance.choice(("Invoice 4711", "Invoice 4712 thanks", "fee")),
            end_to_end=self._chance.choice(("", f"E{place}")),
        )

    def files(self) -> list[bytes]:
        """Files in the order in which they arrive: mostly that of their days."""
        told = [(day + 0.3, self._so_far(day)) for day in range(DAYS) if self._chance.random() < 0.4]
        for place in range(self._chance.randint(1, 5)):
            first = self._chance.randrange(DAYS)
            last = self._chance.choice((first, self._chance.randrange(first, DAYS)))
            late = self._chance.random() * self._chance.choice((0, 6))
            write = self._chance.choice(WRITERS)
            told.append((last + 0.5 + late, write(replace(self.sheet(first, last), note=f"M{place}"))))
        for day in range(DAYS):
            if not self._is_numbered and self._chance.random() < 0.3:
                late = self._chance.choice((0, 0, 6))
                told += [(day + 0.6 + late + 0.01 * part, data) for part, data in enumerate(self._parts(day))]
        return [data for _when, data in sorted(told, key=lambda one: one[0])]

    def sheet(self, first: int, last: int) -> Sheet:
        """The statement of some days."""
        lines = self._of(first, last)
        self._chance.shuffle(lines)
        number = f"{first + 1}0" if self._is_numbered and first == last else ""
        return Sheet(lines, opening=self._opening(first), first=first, last=last, number=number)

    def _so_far(self, day: int) -> bytes:
        lines = self._of(day, day)
        some = lines[: self._chance.randint(0, len(lines))]
        return camt(Sheet(some, opening=None, first=day, last=day), kind="052")

    def _parts(self, day: int) -> list[bytes]:
        """A day in two statements, which the bank numbers. It does not number the whole day, too."""
        lines = self._of(day, day)
        cut = self._chance.randint(0, len(lines))
        middle = self._opening(day) + sum(one.minor for one in lines[:cut])
        halves = ((lines[:cut], self._opening(day)), (lines[cut:], middle))
        return [
            camt(Sheet(half, opening=opening, first=day, last=day, number=f"{day + 1}{part}"))
            for part, (half, opening) in enumerate(halves, start=1)
        ]

    def _of(self, first: int, last: int) -> list[Paid]:
        return [one for one in self.paid if first <= one.day <= last]

    def _opening(self, day: int) -> int:
        return self._begin + sum(one.minor for one in self.paid if one.day < day)


def counted(paid: Sequence[Paid]) -> Counter[tuple[date, int]]:
    return Counter((DAY + timedelta(days=one.day), one.minor) for one in paid)


def booked() -> Counter[tuple[date, int]]:
    return Counter(BankEntry.objects.values_list("booked_on", "minor"))


def waiting() -> list[tuple[str, int]]:
    return list(Statement.objects.filter(state="held").values_list("held_for", "missing_minor"))


@pytest.mark.slow
def test_in_any_order_and_format_each_payment_is_there_once(company: Company) -> None:
    """B02, B03, B05, B06; what differs names the seed."""
    complete = 0
    for seed in SEEDS:
        with thrown_away():
            week = Week(seed)
            for data in [*week.files(), camt(replace(week.sheet(0, DAYS - 1), number="", note="final"))]:
                taken(company, data)
                assert not booked() - counted(week.paid), f"seed {seed}: entered twice"
            assert waiting() or booked() == counted(week.paid), f"seed {seed}: dropped in silence"
            complete += not waiting()
    assert complete > len(SEEDS) / 2
