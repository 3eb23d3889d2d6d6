"""How much of what became due has to be clarified first, where, and which cause stands out: the barometer.

An item *became due* in a period when its due day lies in it and it was open on some later day. Of those, the barometer counts
the ones that stand in a case. Periods have one length; 0 is the newest, 1 the one before.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar

Value = TypeVar("Value", int, str)

SPREAD: Final = 3
"""A cause stands out if its share exceeds that of the others by so many standard deviations: many causes are looked at."""
MOST_ROUNDS: Final = 20
"""So many salespeople and product groups may stand out."""
FEWEST: Final = 3
"""Fewer items say nothing of a cause."""


@dataclass(frozen=True, slots=True)
class Became:
    """So many items of a product group ("": none said) of a salesperson's customers (None: of nobody's) became due in a period."""

    period: int
    salesperson: int | None
    items: int
    product_group: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """An item that became due in a period and stands in a case; `days` from opening to closing, None: not closed."""

    period: int
    case: int
    item: int
    customer: int
    reason: str
    department: str
    salesperson: int | None
    currency: str
    minor: int
    days: int | None
    product_group: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One value of a dimension. Shares in basis points, None where nothing became due; `days` is a median."""

    value: str
    became: int
    items: int
    share: int | None
    before: int | None
    cases: int
    pending: int
    sums: Mapping[str, int]
    days: int | None


@dataclass(frozen=True, slots=True)
class Cause:
    """A reason that comes more often with one value of a dimension than with all others.

    `spared`: so many items less, at the least, had the value had the share of the others, `elsewhere` (basis points).
    """

    dimension: str
    value: int | str
    reason: str
    items: int
    became: int
    elsewhere: int
    spared: int

    @property
    def share(self) -> int:
        """Of what became due, in basis points."""
        return basis_points(self.items, self.became) or 0


def basis_points(part: int, whole: int) -> int | None:
    """The share, rounded half up; None of nothing."""
    return (20_000 * part + whole) // (2 * whole) if whole else None


def total(became: Sequence[Became], doubts: Sequence[Doubt]) -> Line:
    """Everything of the newest period."""
    every = Counter({"": _whole(became, 0)})
    found = lines(doubts, by=lambda _: "", became=every, before=Counter({"": _whole(became, 1)}))
    return found[0] if found else Line("", every[""], 0, basis_points(0, every[""]), None, 0, 0, {}, None)


def by_reason(became: Sequence[Became], doubts: Sequence[Doubt]) -> list[Line]:
    """Per reason, as shares of all that became due."""
    return _of_everything(became, doubts, lambda one: one.reason)


def by_department(became: Sequence[Became], doubts: Sequence[Doubt]) -> list[Line]:
    """Per department of the person whom the case is put to, as shares of all that became due."""
    return _of_everything(became, doubts, lambda one: one.department)


def by_salesperson(became: Sequence[Became], doubts: Sequence[Doubt]) -> list[Line]:
    """Per salesperson of the customer, as shares of what of her customers became due."""
    whole = [_counted(became, period, lambda one: str(one.salesperson or "")) for period in (0, 1)]
    return lines(doubts, by=lambda one: str(one.salesperson or ""), became=whole[0], before=whole[1])


def by_product_group(became: Sequence[Became], doubts: Sequence[Doubt]) -> list[Line]:
    """Per product group, as shares of what of the group became due; nothing where lists name no groups."""
    if not any(one.product_group for one in became if one.period == 0):
        return []
    whole = [_counted(became, period, lambda one: one.product_group) for period in (0, 1)]
    return lines(doubts, by=lambda one: one.product_group, became=whole[0], before=whole[1])


def trend(became: Sequence[Became], doubts: Sequence[Doubt], *, periods: int) -> list[int | None]:
    """The share of each period in basis points, the oldest first."""
    counted = Counter(period for period, _ in {(one.period, one.item) for one in doubts})
    return [basis_points(counted[one], _whole(became, one)) for one in reversed(range(periods))]


def lines(
    doubts: Iterable[Doubt],
    *,
    by: Callable[[Doubt], str],
    became: Mapping[str, int],
    before: Mapping[str, int],
) -> list[Line]:
    """One line per value in the newest period, the one with the most items first."""
    parts: dict[str, list[Doubt]] = defaultdict(list)
    past: dict[str, set[int]] = defaultdict(set)
    for one in doubts:
        if one.period == 0:
            parts[by(one)].append(one)
        elif one.period == 1:
            past[by(one)].add(one.item)
    found = [_line(value, some, became, before, len(past[value])) for value, some in parts.items()]
    return sorted(found, key=lambda line: (-line.items, line.value))


def causes(
    *,
    salespeople: Mapping[int, int],
    customers: Mapping[int, int],
    groups: Mapping[str, int] | None = None,
    whole: int,
    doubts: Sequence[Doubt],
) -> list[Cause]:
    """What stands out in the newest period, that which spares the most in front.

    salespeople, customers, groups: what of each became due; whole: what became due at all. Items of a customer who stands out
    for a reason are not held against her salesperson as well, nor against a product group. Of these two the one that spares
    more counts, and its items are not held against the other.
    """
    newest = {(one.reason, one.item): one for one in doubts if one.period == 0}
    reasons = Counter(reason for reason, _ in newest)
    bought = Counter((one.customer, one.reason) for one in newest.values())
    found = _outstanding("customer", bought, customers, reasons, whole)
    own = {(one.value, one.reason) for one in found}
    rest = [one for one in newest.values() if (one.customer, one.reason) not in own]
    for _round in range(MOST_ROUNDS):
        sold = Counter((one.salesperson, one.reason) for one in rest if one.salesperson is not None)
        named = Counter((one.product_group, one.reason) for one in rest if one.product_group)
        left = _outstanding("salesperson", sold, salespeople, reasons, whole)
        left += _outstanding("product_group", named, groups or {}, reasons, whole)
        if not left:
            break
        found.append(first := min(left, key=_rank))
        rest = [one for one in rest if not _explains(first, one)]
    return sorted(found, key=_rank)


def _rank(one: Cause) -> tuple[int, int, str, str, str]:
    return (-one.spared, -one.share, one.dimension, str(one.value), one.reason)


def _explains(cause: Cause, one: Doubt) -> bool:
    value = one.salesperson if cause.dimension == "salesperson" else one.product_group
    return value == cause.value and one.reason == cause.reason


def surely(part: int, whole: int, others: int | None = None) -> Decimal:
    """The least share that so many of so many are compatible with: Wilson's lower bound (E. B. Wilson, 1927) at SPREAD.

    others: how many they are compared with, whose share is as uncertain; the fewer, the wider is the spread.
    """
    square = Decimal(SPREAD * SPREAD)
    if others:
        square = square * (whole + others) / others
    inner = Decimal(part * (whole - part)) / whole + square / 4
    return (part + square / 2 - (square * inner).sqrt()) / (whole + square)


def _outstanding(
    dimension: str,
    counted: Mapping[tuple[Value, str], int],
    became: Mapping[Value, int],
    reasons: Mapping[str, int],
    whole: int,
) -> list[Cause]:
    found = [
        _cause(dimension, value, reason, items, became.get(value, 0), reasons[reason], whole)
        for (value, reason), items in counted.items()
        if items >= FEWEST
    ]
    return [one for one in found if one is not None]


def _cause(
    dimension: str, value: int | str, reason: str, items: int, became: int, of_reason: int, whole: int
) -> Cause | None:
    """None where nothing else became due to compare with, or the share does not stand out."""
    others = whole - became
    if others <= 0 or became < items:
        return None
    elsewhere = Decimal(of_reason - items) / others
    spared = int(became * (surely(items, became, others) - elsewhere))
    points = basis_points(of_reason - items, others) or 0
    return Cause(dimension, value, reason, items, became, points, spared) if spared > 0 else None


def _of_everything(
    became: Sequence[Became], doubts: Sequence[Doubt], by: Callable[[Doubt], str]
) -> list[Line]:
    values = {by(one) for one in doubts}
    whole = [dict.fromkeys(values, _whole(became, period)) for period in (0, 1)]
    return lines(doubts, by=by, became=whole[0], before=whole[1])


def _line(
    value: str, some: Sequence[Doubt], became: Mapping[str, int], before: Mapping[str, int], past: int
) -> Line:
    most: dict[int, Doubt] = {}
    for one in some:
        if one.item not in most or most[one.item].minor < one.minor:
            most[one.item] = one
    sums: Counter[str] = Counter()
    for one in most.values():
        sums[one.currency] += one.minor
    lasted = {one.case: one.days for one in some}
    return Line(
        value=value,
        became=became.get(value, 0),
        items=len(most),
        share=basis_points(len(most), became.get(value, 0)),
        before=basis_points(past, before.get(value, 0)),
        cases=len(lasted),
        pending=sum(days is None for days in lasted.values()),
        sums=dict(sums),
        days=_median([days for days in lasted.values() if days is not None]),
    )


def _median(days: Sequence[int]) -> int | None:
    """The lower of the two in the middle."""
    return sorted(days)[(len(days) - 1) // 2] if days else None


def _counted(became: Sequence[Became], period: int, by: Callable[[Became], str]) -> Counter[str]:
    items: Counter[str] = Counter()
    for one in became:
        if one.period == period:
            items[by(one)] += one.items
    return items


def _whole(became: Sequence[Became], period: int) -> int:
    return sum(one.items for one in became if one.period == period)
