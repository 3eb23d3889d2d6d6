"""Notices that have left and whose copy goes to sales: what each salesperson has not been told of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final

from debitora.kit.pg.bulk import rows
from debitora.values.money import Money

_SQL: Final = (Path(__file__).parent.parent / "sql" / "reading" / "copies.sql").read_text("utf-8")
BACK: Final = timedelta(days=21)
"""Runs from before are not looked at: a letter that is printed later than that is told to nobody."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A notice that left: its sum in minor units, its step by level and text, and its customer."""

    notice: int
    number: str
    level: int
    text: str
    total_minor: int
    currency: str
    customer_number: str
    customer_name: str
    left_at: datetime

    @property
    def total(self) -> Money:
        """What the notice asks for."""
        return Money(self.total_minor, self.currency)


def copies_waiting(*, on: date, user: int | None = None) -> Mapping[int, list[Copied]]:
    """By user id of the salesperson: the notices that left and that no mail has told her of, in order of customers; of one, or all."""
    found = rows(_SQL, since=on - BACK, user=user)
    return {
        user: [Copied(**{key: value for key, value in row.items() if key != "user_id"}) for row in mine]
        for user, mine in groupby(found, key=itemgetter("user_id"))
    }
