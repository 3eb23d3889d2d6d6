"""What a customer may have paid with a line: her items that come to its amount, by what is named, what is due, and what sums meet.

Every explanation says which items it settles by how much, what is taken off besides (early-payment discount, a difference), and how many
equally good ones there are. How sure one is, `sureness` says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, NamedTuple, TypeAlias

from debitora.cash.rules.spreading import Part
from debitora.cash.rules.sums import subsets_summing_to

KINDS: Final = (
    "named",
    "named_net",
    "named_discount",
    "named_fee",
    "named_more",
    "named_part",
    "named_over",
    "one",
    "all_due",
    "all_open",
    "sum",
    "one_discount",
    "due_discount",
    "one_fee",
    "by_law",
    "by_law_charges",
    "advance",
)
"""The kinds of explanations, the plainest first: of two that settle the same, the earlier counts."""
BY_NAME: Final = frozenset({"named", "named_net", "named_discount"})
"""What is named comes to the amount: nothing else need be looked for."""
USUAL_DISCOUNTS: Final = (200, 300)
"""Basis points that payers deduct even where nobody promised them."""
MOST_DISCOUNT: Final = 2_000
"""Basis points: no more than this is a discount."""
MOST_FEE: Final = 1_500
"""So many minor units may a bank on the way keep."""
MOST_SEARCHED: Final = 120
"""Among more open items no sums are searched: nearly every amount would be met by accident."""
MOST_CREDITS: Final = 12
MOST_SHOWN: Final = 2
"""Of equally good sums so many are shown."""


Answer: TypeAlias = tuple[tuple[int, int], ...]
"""Items with all that is taken off them, ascending: what tells one explanation from another."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What may be taken off: discount (basis points) within days of issue and days of grace; differences up to write_off_minor."""

    discount_bp: int = 0
    discount_days: int = 0
    grace_days: int = 0
    write_off_minor: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """Money that came in: minor units above zero, and the day."""

    minor: int
    booked_on: date


class OpenItem(NamedTuple):
    """An item as it is open, or as lists have settled it without a payment (listed). minor is below zero for credits.

    A named tuple, for a matching looks at hundreds of thousands of them.
    """

    item: int
    customer: int
    minor: int
    due_on: date
    issued_on: date | None = None
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """What may have been paid. rivals: equally good ones of this kind, itself included; complete: no other sum was overlooked.

    rate: basis points of discount; in_term: all of it was within the term.
    """

    kind: str
    parts: tuple[Part, ...]
    rivals: int = 1
    complete: bool = True
    rate: int = 0
    in_term: bool = False
    settled_per_list: bool = False

    @property
    def answer(self) -> Answer:
        """Its answer."""
        return tuple(
            sorted((part.item, part.minor + part.discount + part.written_off) for part in self.parts)
        )


def explanations(
    line: Line,
    items: Sequence[OpenItem],
    named: Mapping[int, bool],
    terms: Terms,
    *,
    amounts: bool = True,
    sums: bool = True,
    charges: Collection[int] = (),
) -> list[Explanation]:
    """What the owner of these items may have paid, the plainest first; each settles something else.

    items: by due day; charges: those of them that are costs or interest. named: of those that the text mentions, whether their whole number stands there. amounts: look beyond what is named. sums:
    beyond items of just this amount, too.
    """
    listed = {item.item for item in items if item.listed}
    found: dict[Answer, Explanation] = {}
    asked = _Asked(amounts, sums, charges)
    for one in _every(line, items, named, terms, asked):
        answer = one.answer
        if answer not in found:
            per_list = bool(listed) and any(part.item in listed for part in one.parts)
            found[answer] = replace(one, settled_per_list=True) if per_list else one
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is looked at beyond what is named: amounts, sums; and which items are charges."""

    amounts: bool
    sums: bool
    charges: Collection[int]


def _every(
    line: Line,
    items: Sequence[OpenItem],
    named: Mapping[int, bool],
    terms: Terms,
    asked: _Asked,
) -> Iterator[Explanation]:
    whole = [item for item in items if named.get(item.item)]
    said = [item for item in items if item.item in named]
    for some in (whole, said) if len(said) > len(whole) else (whole,):
        if some:
            found = list(_by_names(line, some, items, terms))
            yield from found
            if found and found[0].kind in BY_NAME:
                return
    if asked.amounts:
        standing = [item for item in items if not item.listed]
        yield from _by_equal_amounts(line, standing)
        if asked.sums:
            left = _not_cancelled(standing)
            yield from _by_amounts(line, standing, left, terms)
            yield from _by_law(line, left, asked.charges)


def _not_cancelled(items: Sequence[OpenItem]) -> list[OpenItem]:
    """The items without each credit that comes to just a debit, and without that debit, the last due of several: one cancels the
    other, so they are part of no payment, unless they are named."""
    credits_ = [item for item in items if item.minor < 0]
    debits: dict[int, list[int]] = defaultdict(list)
    for item in items if credits_ else ():
        debits[item.minor].append(item.item)
    gone = {
        one
        for credit in credits_
        if debits[-credit.minor]
        for one in (credit.item, debits[-credit.minor].pop())
    }
    return [item for item in items if item.item not in gone]


def _by_names(
    line: Line, named: Sequence[OpenItem], items: Sequence[OpenItem], terms: Terms
) -> Iterator[Explanation]:
    total = sum(item.minor for item in named)
    if total == line.minor:
        yield Explanation("named", _wholly(named))
        return
    others = [item for item in items if item not in named and not item.listed]
    if total > line.minor:
        found = [
            *_with_credits(line, named, others),
            *_less_discount(line, named, terms, "named_discount"),
            *_less_fee(line, named, terms, "named_fee"),
        ]
        yield from found
        if parts := _in_order(line.minor, named):
            yield Explanation("named_part", parts, rivals=1 + len(found))
    else:
        yield from _with_more(line, named, others)
        if total > 0:
            yield Explanation("named_over", _wholly(named))


def _with_credits(line: Line, named: Sequence[OpenItem], others: Sequence[OpenItem]) -> Iterator[Explanation]:
    """Credits that nobody named were deducted."""
    credits_ = [item for item in others if item.minor < 0][:MOST_CREDITS]
    if credits_:
        answer = subsets_summing_to(
            line.minor - sum(item.minor for item in named), [item.minor for item in credits_], most=8
        )
        best = _fewest(answer.subsets)
        for places in best[:MOST_SHOWN]:
            more = [credits_[place] for place in places]
            yield Explanation("named_net", _wholly([*named, *more]), rivals=len(best))


def _with_more(line: Line, named: Sequence[OpenItem], others: Sequence[OpenItem]) -> Iterator[Explanation]:
    """Some of the items that were paid are named, others come to the rest."""
    searched = others[:MOST_SEARCHED]
    answer = subsets_summing_to(
        line.minor - sum(item.minor for item in named), [item.minor for item in searched], most=20
    )
    best = _fewest(answer.subsets)
    for places in best[:MOST_SHOWN]:
        more = [searched[place] for place in places]
        yield Explanation("named_more", _wholly([*named, *more]), rivals=len(best), complete=answer.complete)


def _less_discount(line: Line, items: Sequence[OpenItem], terms: Terms, kind: str) -> Iterator[Explanation]:
    """All of them less the discount that was promised, or a usual one; on all that were in time, else on all."""
    debits = [item for item in items if item.minor > 0]
    if sum(item.minor for item in items) * (10_000 - MOST_DISCOUNT) > line.minor * 10_000:
        return
    in_time = [item for item in debits if _in_term(item, line.booked_on, terms)]
    for rate in dict.fromkeys((terms.discount_bp, *USUAL_DISCOUNTS)):
        for some in (in_time, debits) if in_time and len(in_time) < len(debits) else (debits,):
            parts = _discounted(line.minor, items, some, rate) if rate else ()
            if parts:
                in_term = rate == terms.discount_bp and len(some) == len(in_time)
                yield Explanation(kind, parts, rate=rate, in_term=in_term)


def _discounted(
    minor: int, items: Sequence[OpenItem], debits: Sequence[OpenItem], rate: int
) -> tuple[Part, ...]:
    """Parts whose discount, rounded item by item, comes to the amount but for a unit an item; that lies on the largest."""
    total = sum(item.minor for item in items)
    if abs(total - minor - sum(item.minor for item in debits) * rate // 10_000) > 2 * len(debits):
        return ()
    taken = {item.item: (item.minor * rate + 5_000) // 10_000 for item in debits}
    beyond = total - sum(taken.values()) - minor
    if not taken or abs(beyond) > len(taken):
        return ()
    largest = max(debits, key=lambda item: item.minor).item
    taken[largest] += beyond
    if taken[largest] < 0:
        return ()
    return tuple(
        Part(item.item, item.minor - taken.get(item.item, 0), discount=taken.get(item.item, 0))
        for item in items
    )


def _in_term(item: OpenItem, paid_on: date, terms: Terms) -> bool:
    days = timedelta(days=terms.discount_days + terms.grace_days)
    return bool(terms.discount_bp) and item.issued_on is not None and paid_on <= item.issued_on + days


def _less_fee(line: Line, items: Sequence[OpenItem], terms: Terms, kind: str) -> Iterator[Explanation]:
    """A bank on the way kept some of it, or the payer rounded down; written off as far as the terms allow, else it stays open."""
    missing = sum(item.minor for item in items) - line.minor
    largest = max(items, key=lambda item: item.minor)
    if not 0 < missing <= min(MOST_FEE, largest.minor - 1):
        return
    off = missing if missing <= terms.write_off_minor else 0
    yield Explanation(
        kind,
        tuple(
            Part(item.item, item.minor - missing, written_off=off)
            if item is largest
            else Part(item.item, item.minor)
            for item in items
        ),
    )


def _by_equal_amounts(line: Line, items: Sequence[OpenItem]) -> Iterator[Explanation]:
    equal = [item for item in items if item.minor == line.minor]
    for item in equal[:MOST_SHOWN]:
        yield Explanation("one", _wholly([item]), rivals=len(equal))


def _by_amounts(
    line: Line, items: Sequence[OpenItem], left: Sequence[OpenItem], terms: Terms
) -> Iterator[Explanation]:
    """left: the items that none of them cancels."""
    due = [item for item in left if item.due_on <= line.booked_on]
    for kind, some in (("all_due", due), ("all_open", left)):
        if len(some) > 1 and sum(item.minor for item in some) == line.minor:
            yield Explanation(kind, _wholly(some))
    if len(items) <= MOST_SEARCHED and not any(item.minor == line.minor for item in items):
        yield from _by_sums(line, items)
    yield from _by_short_amounts(line, items, due, terms)


def _by_law(line: Line, items: Sequence[OpenItem], charges: Collection[int]) -> Iterator[Explanation]:
    """The payer has directed nothing: what is due is settled, the older debt first (§ 366 (2) BGB); of equal age the one known longer.

    That no debt is better secured or more burdensome than another is taken for granted, as among open invoices. Where the money does
    not suffice and charges are due, they come before what they were charged for (§ 367 (1) BGB), the older first: the ledger does
    not tell costs from interest.
    """
    due = [item for item in items if item.minor > 0 and item.due_on <= line.booked_on]
    if not due:
        return
    charged = [item for item in due if item.item in charges]
    if charged and line.minor < sum(item.minor for item in due):
        ordered = [*charged, *(item for item in due if item.item not in charges)]
        yield Explanation("by_law_charges", _in_order(line.minor, ordered), rivals=len(due))
    else:
        yield Explanation("by_law", _in_order(line.minor, due), rivals=len(due))


def _by_sums(line: Line, items: Sequence[OpenItem]) -> Iterator[Explanation]:
    answer = subsets_summing_to(line.minor, [item.minor for item in items], most=20)
    best = _fewest([places for places in answer.subsets if len(places) > 1])
    for places in best[:MOST_SHOWN]:
        some = [items[place] for place in places]
        yield Explanation("sum", _wholly(some), rivals=len(answer.subsets), complete=answer.complete)


def _by_short_amounts(
    line: Line, items: Sequence[OpenItem], due: Sequence[OpenItem], terms: Terms
) -> Iterator[Explanation]:
    """One item less discount or a fee, or all that is due less discount."""
    near = [item for item in items if line.minor < item.minor <= line.minor * 104 // 100 + MOST_FEE]
    short = [one for item in near for one in _less_discount(line, [item], terms, "one_discount")]
    yield from (replace(one, rivals=len(short)) for one in short[:MOST_SHOWN])
    if len(due) > 1:
        yield from _less_discount(line, due, terms, "due_discount")
    fees = [one for item in near for one in _less_fee(line, [item], terms, "one_fee")]
    yield from (replace(one, rivals=len(fees)) for one in fees[:MOST_SHOWN])


def _wholly(items: Sequence[OpenItem]) -> tuple[Part, ...]:
    return tuple(Part(item.item, item.minor) for item in items)


def _in_order(minor: int, items: Sequence[OpenItem]) -> tuple[Part, ...]:
    """Credits in full, then debits by due day until the money is spent."""
    credits_ = [Part(item.item, item.minor) for item in items if item.minor < 0]
    left = minor - sum(part.minor for part in credits_)
    parts = []
    for item in items:
        if item.minor > 0 and left > 0:
            parts.append(Part(item.item, min(item.minor, left)))
            left -= parts[-1].minor
    return (*parts, *credits_)


def _fewest(subsets: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    least = min(map(len, subsets), default=0)
    return [places for places in subsets if len(places) == least]
