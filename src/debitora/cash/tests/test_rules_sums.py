"""Which items come to an amount: against every subset there is, and against the clock's patience."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debitora.cash.rules.sums import FEW, WHOLE, subsets_summing_to

amounts = st.integers(-9, 9).filter(bool)


def by_trying(amount: int, items: list[int]) -> set[tuple[int, ...]]:
    """Every smallest subset, the slow way."""
    return {
        places
        for size in range(1, len(items) + 1)
        for places in combinations(range(len(items)), size)
        if sum(items[place] for place in places) == amount
        and not any(
            sum(items[place] for place in part) == 0
            for less in range(1, size)
            for part in combinations(places, less)
        )
    }


@given(amount=st.integers(-20, 40), items=st.lists(amounts, max_size=9))
def test_every_smallest_subset_is_found_and_no_other(amount: int, items: list[int]) -> None:
    answer = subsets_summing_to(amount, items, most=10_000)
    assert set(answer.subsets) == by_trying(amount, items)
    assert answer.complete
    assert list(answer.subsets) == sorted(answer.subsets, key=lambda places: (len(places), places))


@settings(deadline=None, max_examples=30)
@given(amount=st.integers(1, 400), items=st.lists(st.integers(1, 400), min_size=WHOLE + 1, max_size=36))
def test_among_many_items_all_small_subsets_are_found(amount: int, items: list[int]) -> None:
    found = set(subsets_summing_to(amount, items, most=1_000_000).subsets)
    for size in range(1, FEW + 1):
        for places in combinations(range(len(items)), size):
            assert (sum(items[place] for place in places) == amount) == (places in found)


@pytest.mark.parametrize(
    ("amount", "items", "subsets", "proven"),
    [
        (100, [], (), True),
        (100, [60, 50], (), True),
        (100, [100], ((0,),), False),
        (110, [60, 50, 110], ((2,), (0, 1)), False),
        (100, [120, -20], ((0, 1),), False),
        (100, [100, 30, -30], ((0,),), False),
        (0, [30, -30], ((0, 1),), False),
    ],
)
def test_answers_are_ranked_and_none_is_a_proof(
    amount: int, items: list[int], subsets: tuple[tuple[int, ...], ...], proven: bool
) -> None:
    answer = subsets_summing_to(amount, items)
    assert (answer.subsets, answer.provably_none) == (subsets, proven)


def test_who_pays_everything_or_the_oldest_is_understood_among_many() -> None:
    items = [10_000 + 7 * number * number for number in range(300)]
    assert tuple(range(300)) in subsets_summing_to(sum(items), items).subsets
    assert tuple(range(40)) in subsets_summing_to(sum(items[:40]), items).subsets
    assert set(range(300)) - {5, 250} in map(
        set, subsets_summing_to(sum(items) - items[5] - items[250], items).subsets
    )


def test_a_proof_is_claimed_only_where_all_was_searched() -> None:
    odd = [2 * number + 1_000_000 for number in range(WHOLE + 6)]
    answer = subsets_summing_to(1, odd)
    assert (answer.subsets, answer.complete, answer.up_to) == ((), False, FEW)
    assert subsets_summing_to(1, odd[:WHOLE]).provably_none
    assert not subsets_summing_to(500, [100] * 20, most=10).complete
