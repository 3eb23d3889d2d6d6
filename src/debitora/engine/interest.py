"""Interest as evidence: slices of days, balance and rate, exact to the minor unit.

Simple interest, never interest on interest (§ 289 BGB). The exact sum is a fraction; it is rounded once, half up, and the
slices share its minor units by largest remainder, so that they add up to it. Rates are basis points, amounts minor units.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import floor

from debitora.values.statutes import RatePeriod

_WHOLE = 10_000
"""Basis points of one."""


class DayCount(StrEnum):
    """What a day is of a year: a 365th always, or of a leap year a 366th."""

    ACT_365 = "act/365"
    ACT_ACT = "act/act"


class Order(StrEnum):
    """What a payment settles first: the principal, or costs and interest before it (§ 367 BGB)."""

    PRINCIPAL = "principal"
    INTEREST = "367"


class RateMissing(Exception):
    """The periods do not cover a day that bears interest; the text names it."""


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that lowers what is owed from its own day on. minor is above zero."""

    on: date
    minor: int


@dataclass(frozen=True, slots=True)
class Slice:
    """A balance that bore one rate from `from_on` until the day before `to_on`, and its share of the interest."""

    from_on: date
    to_on: date
    balance_minor: int
    bp: int
    source: str
    minor: int
    provisional: bool = False

    @property
    def days(self) -> int:
        """So many days bore interest."""
        return (self.to_on - self.from_on).days


@dataclass(frozen=True, slots=True)
class Interest:
    """Interest with its slices, which sum to `total_minor`, and what payments left: costs, interest, principal."""

    slices: tuple[Slice, ...]
    total_minor: int
    costs_minor: int = 0
    unpaid_minor: int = 0
    balance_minor: int = 0

    @property
    def provisional(self) -> bool:
        """Whether a slice bears a rate that is not known yet."""
        return any(one.provisional for one in self.slices)


def interest(
    principal_minor: int,
    *,
    start: date,
    end: date,
    periods: Sequence[RatePeriod],
    payments: Sequence[Payment] = (),
    day_count: DayCount = DayCount.ACT_365,
    order: Order = Order.PRINCIPAL,
    costs_minor: int = 0,
) -> Interest:
    """The interest on a principal from `start`, the first day that bears it, until the day before `end`.

    A payment counts from its own day; one before `start` lowers what bears interest from the beginning, one on `end` or
    later does not matter. By § 367 a payment settles costs, then interest, then the principal: interest is rounded
    whenever money comes, for money settles whole minor units. Raises RateMissing.
    """
    if order is Order.PRINCIPAL:
        slices, balance = _stretches(principal_minor, start, end, periods, payments, day_count)
        rounded, total = _shared(slices)
        return Interest(rounded, total, costs_minor, total, balance)
    return _costs_first(principal_minor, start, end, periods, payments, day_count, costs_minor)


def _costs_first(
    principal: int,
    start: date,
    end: date,
    periods: Sequence[RatePeriod],
    payments: Sequence[Payment],
    day_count: DayCount,
    costs: int,
) -> Interest:
    balance, unpaid, total = principal, 0, 0
    slices: list[Slice] = []
    day = start
    for payment in sorted((one for one in payments if one.on < end), key=lambda one: one.on):
        borne, _ = _stretches(balance, day, max(payment.on, day), periods, (), day_count)
        rounded, accrued = _shared(borne)
        slices, total, unpaid = [*slices, *rounded], total + accrued, unpaid + accrued
        day, left = max(payment.on, day), payment.minor
        paid_costs = min(costs, left)
        paid_interest = min(unpaid, left - paid_costs)
        costs, unpaid = costs - paid_costs, unpaid - paid_interest
        balance = max(balance - (left - paid_costs - paid_interest), 0)
    borne, _ = _stretches(balance, day, end, periods, (), day_count)
    rounded, accrued = _shared(borne)
    return Interest((*slices, *rounded), total + accrued, costs, unpaid + accrued, balance)


def _stretches(
    principal: int,
    start: date,
    end: date,
    periods: Sequence[RatePeriod],
    payments: Sequence[Payment],
    day_count: DayCount,
) -> tuple[list[tuple[Slice, Fraction]], int]:
    """Slices with their exact interest, still without minor units, and the balance at the end."""
    balances = list(_balances(principal, start, end, payments))
    found = [
        (Slice(first, last, balance, period.bp, period.source, 0, period.provisional), exact)
        for begun, ended, balance in balances
        if balance > 0
        for period, first, last in _covering(periods, begun, ended)
        for exact in [Fraction(balance * period.bp, _WHOLE) * years(first, last, day_count)]
    ]
    return found, balances[-1][2] if balances else max(principal - sum(one.minor for one in payments), 0)


def _balances(
    principal: int, start: date, end: date, payments: Sequence[Payment]
) -> Iterator[tuple[date, date, int]]:
    """(from, to, balance) between payments; a balance never falls below zero."""
    days = sorted({start, *(one.on for one in payments if start < one.on < end)})
    for begun, ended in zip(days, [*days[1:], end], strict=True):
        if begun < ended:
            paid = sum(one.minor for one in payments if one.on <= begun)
            yield begun, ended, max(principal - paid, 0)


def _covering(
    periods: Sequence[RatePeriod], begun: date, ended: date
) -> Iterator[tuple[RatePeriod, date, date]]:
    """The periods that lie in a stretch, cut to it. Raises RateMissing."""
    day = begun
    for period in periods:
        first, last = max(period.from_on, begun), min(period.to_on, ended)
        if first < last:
            if first != day:
                raise RateMissing(day.isoformat())
            yield period, first, last
            day = last
    if day < ended:
        raise RateMissing(day.isoformat())


def years(first: date, last: date, day_count: DayCount) -> Fraction:
    """The days from `first` until the day before `last` as a share of years."""
    if day_count is DayCount.ACT_365:
        return Fraction((last - first).days, 365)
    turns = [first, *(date(year, 1, 1) for year in range(first.year + 1, last.year + 1)), last]
    return sum(
        (
            Fraction((after - before).days, 366 if _is_leap(before.year) else 365)
            for before, after in pairwise(turns)
        ),
        Fraction(0),
    )


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def half_up(exact: Fraction) -> int:
    """The whole number nearest to it, a half away from zero: the one rounding of interest."""
    return floor(exact + Fraction(1, 2)) if exact >= 0 else -floor(-exact + Fraction(1, 2))


def _shared(slices: Sequence[tuple[Slice, Fraction]]) -> tuple[tuple[Slice, ...], int]:
    """The slices with whole minor units that sum to the rounded total, by largest remainder, the earlier slice first."""
    total = half_up(sum((exact for _one, exact in slices), Fraction(0)))
    whole = [floor(exact) for _one, exact in slices]
    order = sorted(range(len(slices)), key=lambda place: whole[place] - slices[place][1])
    for place in order[: total - sum(whole)]:
        whole[place] += 1
    return tuple(replace(one, minor=minor) for (one, _exact), minor in zip(slices, whole, strict=True)), total
