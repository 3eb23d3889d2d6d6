"""Which open items come to an amount: every smallest answer, or the proof that there is none.

An answer is smallest if no part of it comes to nothing by itself: an invoice and its own credit note explain no payment. Up to
WHOLE items all subsets are searched (two halves, whose sums meet); above, all with at most FEW items, all that leave out at most
FEW, and the oldest ones one after the other, which is how those pay who pay everything or by age.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations
from typing import Final

WHOLE: Final = 24
FEW: Final = 3
MOST_ANSWERS: Final = 200
MOST_PAIRED: Final = 400
"""Among more items than this only single ones, pairs, all and the oldest are tried."""

Places = tuple[int, ...]
"""Places of items in what was asked, ascending."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Subsets that come to the amount, the fewest items first, then the oldest.

    complete: no subset was left out, so an empty answer is a proof. up_to: otherwise, so many items at most were tried together.
    """

    subsets: tuple[Places, ...]
    complete: bool
    up_to: int

    @property
    def provably_none(self) -> bool:
        """There is no subset at all."""
        return self.complete and not self.subsets


def subsets_summing_to(amount: int, items: Sequence[int], *, most: int = MOST_ANSWERS) -> Answer:
    """Non-empty subsets of the items that come to the amount; items are minor units, oldest first, credits below zero.

    At most `most` answers; with more than that, `complete` is False.
    """
    whole = len(items) <= WHOLE
    search = _all if whole else _some
    found: dict[Places, None] = {}
    cut = False
    for places in search(amount, items):
        if places in found or not places or not _is_smallest(places, items):
            continue
        if len(found) == most:
            cut = True
            break
        found[places] = None
    ranked = sorted(found, key=lambda places: (len(places), places))
    tried = len(items) if whole else (FEW if len(items) <= MOST_PAIRED else 2)
    return Answer(tuple(ranked), whole and not cut, tried)


def _all(amount: int, items: Sequence[int]) -> Iterator[Places]:
    """Every subset, by the sums of both halves: 2 * 2^12 sums instead of 2^24 subsets."""
    return _meeting(amount, items)


def _meeting(amount: int, items: Sequence[int]) -> Iterator[Places]:
    """Subsets of either half are bits of a number; only those whose sums meet are ever written out as places."""
    if not sum(minor for minor in items if minor < 0) <= amount <= sum(minor for minor in items if minor > 0):
        return
    middle = len(items) // 2
    left, right = _sums(items[:middle]), _sums(items[middle:])
    reached = set(right)
    meets = [(bits, amount - total) for bits, total in enumerate(left) if amount - total in reached]
    wanted = {rest for _, rest in meets}
    others: dict[int, list[Places]] = defaultdict(list)
    for bits, total in enumerate(right):
        if total in wanted:
            others[total].append(_places(bits, middle))
    for bits, rest in meets:
        one = _places(bits, 0)
        yield from (one + other for other in others[rest])


def _sums(items: Sequence[int]) -> list[int]:
    """The sum of every subset, at the place whose bits name it."""
    sums = [0]
    for minor in items:
        sums += [total + minor for total in sums]
    return sums


def _places(bits: int, first: int) -> Places:
    return tuple(first + place for place in range(bits.bit_length()) if bits >> place & 1)


def _some(amount: int, items: Sequence[int]) -> Iterator[Places]:
    every = tuple(range(len(items)))
    total = sum(items)
    yield from _few(amount, items)
    for left_out in _few(total - amount, items):
        yield tuple(sorted(set(every) - set(left_out)))
    if total == amount:
        yield every
    yield from (every[: number + 1] for number, reached in enumerate(accumulate(items)) if reached == amount)


def _few(amount: int, items: Sequence[int]) -> Iterator[Places]:
    """Subsets of one, two and three items."""
    at: dict[int, list[int]] = defaultdict(list)
    for place, minor in enumerate(items):
        at[minor].append(place)
    yield from ((place,) for place in at.get(amount, ()))
    yield from _pairs(amount, items, at, 0)
    if len(items) <= MOST_PAIRED:
        for first, minor in enumerate(items):
            yield from ((first, *pair) for pair in _pairs(amount - minor, items, at, first + 1))


def _pairs(amount: int, items: Sequence[int], at: dict[int, list[int]], begin: int) -> Iterator[Places]:
    """Pairs from the place `begin` on that come to the amount."""
    for one in range(begin, len(items)):
        rest = amount - items[one]
        if rest in at:
            later = at[rest]
            yield from ((one, place) for place in later[bisect_left(later, one + 1) :])


def _is_smallest(places: Places, items: Sequence[int]) -> bool:
    """No part of it comes to nothing: looked for only where there are credits."""
    values = [items[place] for place in places]
    if min(values) > 0 or max(values) < 0:
        return True
    if len(values) > WHOLE:
        return not any(one == -other for one, other in combinations(values, 2))
    return not any(0 < len(part) < len(values) for part in _meeting(0, values))
