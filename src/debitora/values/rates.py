"""Reference rates as tables with a horizon: what was published, from when, until when it is known, by whom, checked when.

Rates are whole basis points (9.58 % = 958). Beyond `known_to` a table refuses; it never carries a rate on by itself.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

KEYS: Final = ("de_base", "at_base", "ecb_mro", "nl_commercial", "nl_consumer")
"""The tables that are shipped, in the order in which they are shown."""


class NotYetKnown(Exception):
    """The day lies beyond what the table knows. `known_to` is the last day that it does know."""

    def __init__(self, table: str, known_to: date) -> None:
        super().__init__(f"{table} is known to {known_to.isoformat()}")
        self.table, self.known_to = table, known_to


class BeforeTable(Exception):
    """The day lies before the table begins. `begins_on` is its first day."""

    def __init__(self, table: str, begins_on: date) -> None:
        super().__init__(f"{table} begins on {begins_on.isoformat()}")
        self.table, self.begins_on = table, begins_on


@dataclass(frozen=True, slots=True)
class RateStep:
    """One published rate: in force from `valid_from`, known to hold until `known_to`, both days included."""

    valid_from: date
    bp: int
    known_to: date
    source: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class RateTable:
    """A reference rate through time. Steps ascend and do not overlap; none is empty."""

    key: str
    steps: tuple[RateStep, ...]

    @property
    def known_to(self) -> date:
        """The last day for which the table knows a rate."""
        return self.steps[-1].known_to

    def at(self, day: date) -> RateStep:
        """The step in force on the day. Raises NotYetKnown, also in a gap between two steps, and BeforeTable."""
        step, _then = self.carried(day)
        if day > step.known_to:
            raise NotYetKnown(self.key, step.known_to)
        return step

    def carried(self, day: date) -> tuple[RateStep, date]:
        """The last step that began by the day, known there or not, and the day on which another one begins. Raises BeforeTable."""
        place = bisect_right(self.steps, day, key=lambda step: step.valid_from)
        if place == 0:
            raise BeforeTable(self.key, self.steps[0].valid_from)
        return self.steps[place - 1], self.steps[place].valid_from if place < len(self.steps) else date.max

    def with_later(self, added: Iterable[RateStep]) -> RateTable:
        """The table with further steps. One that begins on the same day replaces the other; the one before it ends the day before."""
        steps = {step.valid_from: step for step in (*self.steps, *added)}
        ordered = [steps[day] for day in sorted(steps)]
        follower = [*ordered[1:], None]
        return RateTable(self.key, tuple(_ended(*pair) for pair in zip(ordered, follower, strict=True)))


def _ended(step: RateStep, then: RateStep | None) -> RateStep:
    """The step, ending at the latest on the day before the next begins."""
    if then is None or step.known_to < then.valid_from:
        return step
    last = then.valid_from - timedelta(days=1)
    return RateStep(step.valid_from, step.bp, last, step.source, step.checked_on)


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, RateTable]:
    """The tables that come with the program, by key."""
    return MappingProxyType({key: RateTable(key, tuple(_steps(key))) for key in KEYS})


def _steps(key: str) -> Iterable[RateStep]:
    text = files("debitora.values").joinpath("tables", f"{key}.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        yield RateStep(
            valid_from=date.fromisoformat(row["valid_from"]),
            bp=int(row["basis_points"]),
            known_to=date.fromisoformat(row["known_to"]),
            source=row["source"],
            checked_on=date.fromisoformat(row["checked_on"]),
        )


def merged(added: Mapping[str, Iterable[RateStep]]) -> Mapping[str, RateTable]:
    """The shipped tables with what a company added later, by key."""
    return MappingProxyType({key: table.with_later(added.get(key, ())) for key, table in shipped().items()})
