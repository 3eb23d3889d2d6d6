"""Whether a reference rate that a person adds can be true: what is refused, and what is asked back before it counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from debitora.values.rates import BeforeTable, NotYetKnown, RateStep, RateTable
from debitora.values.statutes import half_year, next_half_year

LOWEST_BP: Final = -500
HIGHEST_BP: Final = 2500
"""A rate lies between these, both excluded."""
MOST_DAYS_AHEAD: Final = 62
"""A rate is published at most so long before it counts; a central bank's is not known for longer either."""
MOST_JUMP_BP: Final = 150
"""A rate that moves further in one step is asked back."""
SOON: Final = timedelta(days=60)
"""A table that ends within so many days is named beforehand."""
HALF_YEARLY: Final = frozenset({"de_base", "at_base", "nl_commercial", "nl_consumer"})
"""Tables whose rates begin and end with a half-year."""
APART_FROM_ECB: Final[Mapping[str, int]] = {"de_base": -88, "at_base": -62, "nl_commercial": 800}
"""Basis points between a table and the European Central Bank's main refinancing rate of the day before a step begins."""


class Doubt(StrEnum):
    """What speaks against a rate. The first ones are refused, the others a person may confirm."""

    NO_SUCH_TABLE = "no_such_table"
    ENDS_BEFORE = "ends_before"
    NOT_A_RATE = "not_a_rate"
    NO_SOURCE = "no_source"
    CHECKED_LATER = "checked_later"
    TOO_FAR = "too_far"
    BEFORE_TABLE = "before_table"
    NO_HALF_YEAR = "no_half_year"
    BEYOND_HALF_YEAR = "beyond_half_year"
    NOTHING_NEW = "nothing_new"
    KNOWN_OTHERWISE = "known_otherwise"
    GAP = "gap"
    JUMP = "jump"
    AGAINST_ECB = "against_ecb"


CONFIRMABLE: Final = frozenset({Doubt.KNOWN_OTHERWISE, Doubt.GAP, Doubt.JUMP, Doubt.AGAINST_ECB})


@dataclass(frozen=True, slots=True)
class Doubted:
    """A doubt with the figures it speaks of: a rate in basis points, a day."""

    doubt: Doubt
    bp: int | None = None
    day: date | None = None

    @property
    def refused(self) -> bool:
        """Whether no confirmation helps."""
        return self.doubt not in CONFIRMABLE


def doubts(key: str, step: RateStep, *, tables: Mapping[str, RateTable], on: date) -> tuple[Doubted, ...]:
    """What speaks against adding the step to the table on the day, refusals first. `tables`: what is known so far."""
    if key not in tables:
        return (Doubted(Doubt.NO_SUCH_TABLE),)
    refused = (*_of_step(step, on), *_of_half_year(key, step), *_of_table(step, tables[key]))
    return refused or (*_of_neighbours(step, tables[key]), *_of_ecb(key, step, tables))


def counts_until(table: RateTable) -> date:
    """The last day whose interest the table gives: who follows the European Central Bank takes a half-year's first day for all of it."""
    if table.key in HALF_YEARLY:
        return table.known_to
    return next_half_year(table.known_to) - timedelta(days=1)


def ends_soon(table: RateTable, *, on: date) -> bool:
    """Whether the table gives no interest from a day within SOON on, or gives none any more."""
    return counts_until(table) < on + SOON


def _of_step(step: RateStep, on: date) -> Iterator[Doubted]:
    latest = on + timedelta(days=MOST_DAYS_AHEAD)
    if step.known_to < step.valid_from:
        yield Doubted(Doubt.ENDS_BEFORE)
    if not LOWEST_BP < step.bp < HIGHEST_BP:
        yield Doubted(Doubt.NOT_A_RATE)
    if len(step.source.strip()) < 6:
        yield Doubted(Doubt.NO_SOURCE)
    if step.checked_on > on:
        yield Doubted(Doubt.CHECKED_LATER)
    if step.valid_from > latest:
        yield Doubted(Doubt.TOO_FAR, day=latest)


def _of_half_year(key: str, step: RateStep) -> Iterator[Doubted]:
    """A half-yearly table begins and ends with one; elsewhere nobody knows more than the next weeks."""
    if key not in HALF_YEARLY:
        latest = max(step.checked_on, step.valid_from) + timedelta(days=MOST_DAYS_AHEAD)
        if step.known_to > latest:
            yield Doubted(Doubt.TOO_FAR, day=latest)
        return
    begins, last = half_year(step.valid_from), next_half_year(step.valid_from) - timedelta(days=1)
    if step.valid_from != begins:
        yield Doubted(Doubt.NO_HALF_YEAR, day=begins)
    elif step.known_to > last:
        yield Doubted(Doubt.BEYOND_HALF_YEAR, day=last)


def _of_table(step: RateStep, table: RateTable) -> Iterator[Doubted]:
    if step.valid_from < table.steps[0].valid_from:
        yield Doubted(Doubt.BEFORE_TABLE, day=table.steps[0].valid_from)
        return
    known = _known(table, step.valid_from)
    if known and known.bp == step.bp and known.known_to >= step.known_to:
        yield Doubted(Doubt.NOTHING_NEW, bp=known.bp)


def _of_neighbours(step: RateStep, table: RateTable) -> Iterator[Doubted]:
    known, yesterday = _known(table, step.valid_from), step.valid_from - timedelta(days=1)
    if known and known.bp != step.bp:
        yield Doubted(Doubt.KNOWN_OTHERWISE, bp=known.bp, day=known.valid_from)
    before, _then = table.carried(max(yesterday, table.steps[0].valid_from))
    if before.known_to < yesterday:
        yield Doubted(Doubt.GAP, day=before.known_to)
    if abs(before.bp - step.bp) > MOST_JUMP_BP:
        yield Doubted(Doubt.JUMP, bp=before.bp, day=before.valid_from)


def _of_ecb(key: str, step: RateStep, tables: Mapping[str, RateTable]) -> Iterator[Doubted]:
    apart = APART_FROM_ECB.get(key)
    ecb = _known(tables["ecb_mro"], step.valid_from - timedelta(days=1))
    if apart is not None and ecb is not None and ecb.bp + apart != step.bp:
        yield Doubted(Doubt.AGAINST_ECB, bp=ecb.bp + apart)


def _known(table: RateTable, day: date) -> RateStep | None:
    try:
        return table.at(day)
    except (BeforeTable, NotYetKnown):
        return None
