"""Which open items come to an amount: every smallest answer, or the proof that there is none.

An answer is smallest if no part of it comes to nothing by itself: an invoice and its own credit note explain no payment. Up to
WHOLE items all subsets are searched (two halves, whose sums meet); above, all with at most FEW items, all that leave out at most
FEW, and the oldest ones one after the other, which is how those pay who pay everything or by age.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
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
    middle = len(items) // 2
    left, right = _sums(items, range(middle)), _sums(items, range(middle, len(items)))
    for total, ones in left.items():
        for other in right.get(amount - total, ()):
            yield from (one + other for one in ones)


def _sums(items: Sequence[int], places: Iterable[int]) -> dict[int, list[Places]]:
    """Every sum of some of the items at these places, with how it comes about."""
    found: dict[int, list[Places]] = defaultdict(list, {0: [()]})
    for place in places:
        longer = [(total, [(*subset, place) for subset in subsets]) for total, subsets in found.items()]
        for total, subsets in longer:
            found[total + items[place]] += subsets
    return found


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
    yield from _completed(amount, items, at, ((place,) for place in range(len(items))))
    if len(items) <= MOST_PAIRED:
        yield from _completed(amount, items, at, combinations(range(len(items)), 2))


def _completed(
    amount: int, items: Sequence[int], at: dict[int, list[int]], begun: Iterable[Places]
) -> Iterator[Places]:
    """Subsets that one further, later item completes."""
    for places in begun:
        later = at.get(amount - sum(items[place] for place in places), [])
        yield from ((*places, place) for place in later[bisect_left(later, places[-1] + 1) :])


def _is_smallest(places: Places, items: Sequence[int]) -> bool:
    """No part of it comes to nothing: looked for only where there are credits."""
    values = [items[place] for place in places]
    if min(values) > 0 or max(values) < 0:
        return True
    if len(values) > WHOLE:
        return not any(one == -other for one, other in combinations(values, 2))
    return not any(0 < len(part) < len(values) for part in _meeting(0, values))
