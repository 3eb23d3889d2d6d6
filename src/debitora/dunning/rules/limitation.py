"""When a claim lapses (Verjährung), until when a court order may safely be asked for, and which steps are left until then.

Only what the law of a country is known to say here is said; a private notice never stops it, so no step moves the day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from debitora.dunning.rules.policy import Policy
from debitora.dunning.rules.steps import gap_over_on, reached_on
from debitora.values.days import add_days, is_working_day

MARGIN_DAYS: Final = 30
"""A served court order stops the time, a filed one has yet to be served: our own margin for court and post, not the law's."""
ALARM_FROM_MONTH: Final = 7
"""From this month on the first page tells what lapses at the end of the year."""


@dataclass(frozen=True, slots=True)
class LimitationLaw:
    """A claim lapses so many years after the end of the year in which it arose."""

    country: str
    years: int
    law: str


@dataclass(frozen=True, slots=True)
class StepLeft:
    """A level that the item has yet to reach, the first day on which it could, and what the step would do then."""

    level: int
    on: date
    text: str
    channel: str


_LAWS: Final[Mapping[str, LimitationLaw]] = MappingProxyType(
    {"DE": LimitationLaw("DE", 3, "§§ 195, 199 BGB")}
)


def limitation_law(country: str) -> LimitationLaw | None:
    """What is known of the country (ISO 3166); None = not known here."""
    return _LAWS.get(country)


def arose_on(*, issued_on: date | None, due_on: date) -> date:
    """The day on which the claim counts as arisen: the earlier of invoice and due day, so that an error lapses too early."""
    return min(issued_on or due_on, due_on)


def lapses_on(law: LimitationLaw, arose: date) -> date:
    """The last day of the claim. A weekend does not move it: whether it may is not known here."""
    return date(arose.year + law.years, 12, 31)


def arisen_in(law: LimitationLaw, lapses_in: int) -> int:
    """The year in which a claim arose that lapses with that year."""
    return lapses_in - law.years


def safe_until(lapses: date, country: str, subdivision: str = "") -> date:
    """The last working day on which a court order is asked for with MARGIN_DAYS to spare."""
    day = add_days(lapses, -MARGIN_DAYS)
    while not is_working_day(day, country, subdivision):
        day -= timedelta(days=1)
    return day


def steps_left(
    policy: Policy, *, level: int, due_on: date, last_reminded_on: date | None, on: date
) -> Iterator[StepLeft]:
    """The levels still ahead, each on the first day from `on` that its strategy allows, if nothing else stands against it."""
    earliest, reminded = on, last_reminded_on
    for following in range(level + 1, len(policy.steps) + 1):
        step = policy.step(following)
        over = gap_over_on(step, reminded)
        day = max(earliest, reached_on(policy, following, due_on), over or earliest)
        yield StepLeft(following, day, step.text, step.channel.value)
        earliest, reminded = add_days(day, 1), day
