"""Statutory default interest by country and kind of debtor: which reference, how many points above, which rounding, which law.

Rates are basis points. What is not known here is refused by name, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from debitora.values.rates import NotYetKnown, RateStep, RateTable

EU: Final = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
)
"""ISO 3166 codes of the member states: between businesses directive 2011/7/EU holds in each."""
_GERMAN_NINE: Final = date(2014, 7, 29)
"""Claims that arose from this day on bear nine points between businesses (Art. 229 § 34 EGBGB)."""
_GERMAN_REFORM: Final = date(2002, 1, 1)
"""Older claims bear five points, whoever owes (Art. 229 § 5 EGBGB)."""


class NoStatutoryRate(Exception):
    """Which interest the law gives here is not known to the program; an agreed rate has to be stated."""

    def __init__(self, country: str, kind: str) -> None:
        super().__init__(f"no statutory rate is known for {country}, {kind}")
        self.country, self.kind = country, kind


@dataclass(frozen=True, slots=True)
class InterestLaw:
    """How the rate of one country and kind of debtor comes about.

    reference: key of a table, "" where the rate is fixed. margin_bp: points above it; the whole rate where it is fixed.
    half_yearly: the reference of the first day of a half-year counts for all of it. step_bp: the sum is rounded up to the
    next multiple. sure: read in a source; what is not is shown with "check before use".
    """

    country: str
    kind: str
    reference: str
    margin_bp: int
    law: str
    half_yearly: bool = False
    step_bp: int = 1
    sure: bool = True

    def rate(self, reference_bp: int) -> int:
        """The rate that follows from the reference."""
        whole = reference_bp + self.margin_bp
        return -(-whole // self.step_bp) * self.step_bp


@dataclass(frozen=True, slots=True)
class RatePeriod:
    """A rate in force from `from_on` until the day before `to_on`. provisional: the last known rate, carried on as asked."""

    from_on: date
    to_on: date
    bp: int
    source: str
    provisional: bool = False


_LAWS: Final[Mapping[tuple[str, str], InterestLaw]] = MappingProxyType(
    {
        (law.country, law.kind): law
        for law in (
            InterestLaw("DE", "business", "de_base", 900, "§ 288 II BGB"),
            InterestLaw("DE", "consumer", "de_base", 500, "§ 288 I BGB"),
            InterestLaw("AT", "business", "at_base", 920, "§ 456 UGB"),
            InterestLaw("AT", "consumer", "", 400, "§ 1000 ABGB"),
            InterestLaw("CH", "business", "", 500, "Art. 104 OR"),
            InterestLaw("CH", "consumer", "", 500, "Art. 104 OR"),
            InterestLaw("NL", "business", "nl_commercial", 0, "art. 6:119a BW"),
            InterestLaw("NL", "consumer", "nl_consumer", 0, "art. 6:119 BW"),
            InterestLaw(
                "BE", "business", "ecb_mro", 800, "Loi/Wet 2.8.2002, art. 5", half_yearly=True, step_bp=50
            ),
            InterestLaw(
                "FR",
                "business",
                "ecb_mro",
                1000,
                "art. L441-10, D441-5 C. com.",
                half_yearly=True,
                sure=False,
            ),
        )
    }
)


def interest_law(country: str, kind: str, *, arisen_on: date) -> InterestLaw:
    """The law for a claim that arose on the day. kind: "business" or "consumer".

    Raises NoStatutoryRate. France's floor of three times the legal rate is not checked: that rate is not known here.
    """
    law = _LAWS.get((country, kind))
    if law is None and kind == "business" and country in EU:
        return InterestLaw(country, kind, "ecb_mro", 800, "2011/7/EU", half_yearly=True, sure=False)
    if law is None:
        raise NoStatutoryRate(country, kind)
    if (country, kind) == ("DE", "business") and arisen_on < _GERMAN_NINE:
        return replace(law, margin_bp=500 if arisen_on < _GERMAN_REFORM else 800)
    return law


def statutory_periods(
    law: InterestLaw, tables: Mapping[str, RateTable], *, start: date, end: date, provisional: bool = False
) -> tuple[RatePeriod, ...]:
    """The rates of a law from `start` until the day before `end`, a period for each published step or half-year.

    Raises BeforeTable; and NotYetKnown where a day lies beyond the horizon, unless the last known rate is asked for as
    provisional. In a gap between two steps that is the rate of the first, until the second begins.
    """
    if not law.reference:
        return (RatePeriod(start, end, law.margin_bp, law.law),) if start < end else ()
    return tuple(_periods(law, tables[law.reference], start, end, provisional))


def agreed_periods(bp: int, *, start: date, end: date, source: str) -> tuple[RatePeriod, ...]:
    """A rate that was agreed, in force throughout."""
    return (RatePeriod(start, end, bp, source),) if start < end else ()


def _periods(
    law: InterestLaw, table: RateTable, start: date, end: date, provisional: bool
) -> Iterator[RatePeriod]:
    day = start
    while day < end:
        step, until, beyond = _in_force(law, table, day, provisional)
        until = min(until, end)
        yield RatePeriod(day, until, law.rate(step.bp), step.source, beyond)
        day = until


def _in_force(
    law: InterestLaw, table: RateTable, day: date, provisional: bool
) -> tuple[RateStep, date, bool]:
    """The step that counts on the day, the day on which the next one may, and whether it is only carried on."""
    asked = half_year(day) if law.half_yearly else day
    try:
        step = table.at(asked)
    except NotYetKnown as beyond:
        if not provisional:
            raise NotYetKnown(table.key, _horizon(law, beyond.known_to)) from None
        step, then = table.carried(asked)
        return step, next_half_year(day) if law.half_yearly and then < date.max else then, True
    return step, next_half_year(day) if law.half_yearly else step.known_to + timedelta(days=1), False


def _horizon(law: InterestLaw, known_to: date) -> date:
    """The last day whose rate is known: where a half-year's first day counts, all of that half-year."""
    return next_half_year(known_to) - timedelta(days=1) if law.half_yearly else known_to


def half_year(day: date) -> date:
    """The first day of the half-year."""
    return day.replace(month=1 if day.month < 7 else 7, day=1)


def next_half_year(day: date) -> date:
    """The first day of the half-year after."""
    return date(day.year, 7, 1) if day.month < 7 else date(day.year + 1, 1, 1)
