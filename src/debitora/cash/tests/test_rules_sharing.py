"""A payment shared out over chosen items."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.cash.rules.sharing import SHORT, Chosen, exchanged, share_out
from debitora.cash.rules.spreading import Exchanged, Part, Share, given_up, refuse_misfits

A, B = 1, 2
R1, R2, G1 = Chosen(11, A, 6_000), Chosen(12, A, 4_000), Chosen(13, A, -500)
OTHER = Chosen(21, B, 1_000)


@pytest.mark.parametrize(
    ("part", "discount_bp", "lost"),
    [
        (Part(1, 9_800, discount=200), 200, 0),
        (Part(1, 9_799, discount=201), 200, 0),
        (Part(1, 9_798, discount=202), 200, 1),
        (Part(1, 9_800, discount=200), 0, 200),
        (Part(1, 0, discount=100), 200, 97),
        (Part(1, 9_700, discount=200, written_off=70, exchange=30), 250, 100),
        (Part(1, -500), 200, 0),
    ],
)
def test_a_discount_beyond_the_promise_is_given_up(part: Part, discount_bp: int, lost: int) -> None:
    assert given_up([Share(A, 1, (part,))], discount_bp=discount_bp) == lost


@pytest.mark.parametrize(
    ("amount", "chosen", "short", "rest_to", "shares", "left"),
    [
        (10_000, [R1, R2], "part", A, [Share(A, 10_000, (Part(11, 6_000), Part(12, 4_000)))], 0),
        (9_500, [R1, R2, G1], "part", A, [Share(A, 9_500, (Part(11, 6_000), Part(12, 4_000), Part(13, -500)))], 0),
        (7_000, [R1, R2], "part", A, [Share(A, 7_000, (Part(11, 6_000), Part(12, 1_000)))], 0),
        (5_000, [R1, R2], "part", A, [Share(A, 5_000, (Part(11, 5_000),))], 0),
        (9_800, [R1, R2], "discount", A, [Share(A, 9_800, (Part(11, 5_880, 120), Part(12, 3_920, 80)))], 0),
        (9_999, [R1, R2], "discount", A, [Share(A, 9_999, (Part(11, 5_999, 1), Part(12, 4_000, 0)))], 0),
        (9_990, [R1, R2], "written_off", A, [Share(A, 9_990, (Part(11, 5_990, 0, 10), Part(12, 4_000, 0, 0)))], 0),
        (9_990, [R1, R2], "exchange", A, [Share(A, 9_990, (Part(11, 5_990, exchange=10), Part(12, 4_000)))], 0),
        (8_000, [R1], "part", A, [Share(A, 8_000, (Part(11, 6_000),))], 0),
        (8_000, [R1], "part", None, [Share(A, 6_000, (Part(11, 6_000),))], 2_000),
        (8_000, [R1], "part", B, [Share(A, 6_000, (Part(11, 6_000),)), Share(B, 2_000)], 0),
        (7_000, [R1, OTHER], "part", A, [Share(A, 6_000, (Part(11, 6_000),)), Share(B, 1_000, (Part(21, 1_000),))], 0),
        (8_000, [], "part", A, [Share(A, 8_000)], 0),
    ],
)  # fmt: skip
def test_examples(
    amount: int, chosen: list[Chosen], short: str, rest_to: int | None, shares: list[Share], left: int
) -> None:
    shared = share_out(amount=amount, chosen=chosen, short=short, rest_to=rest_to)
    assert list(shared.shares) == shares
    assert shared.left == left


@given(
    amount=st.integers(1, 20_000),
    minors=st.lists(st.tuples(st.sampled_from((A, B)), st.integers(1, 9_000)), min_size=1, max_size=6),
    short=st.sampled_from(SHORT),
    rest_to=st.sampled_from((None, A, B)),
)
def test_no_cent_is_lost(amount: int, minors: list[tuple[int, int]], short: str, rest_to: int | None) -> None:
    chosen = [Chosen(place, customer, minor) for place, (customer, minor) in enumerate(minors)]
    shared = share_out(amount=amount, chosen=chosen, short=short, rest_to=rest_to)
    money = sum(share.minor for share in shared.shares)
    assert money + shared.left == amount
    parts = [part for share in shared.shares for part in share.parts]
    off = sum(part.taken_off for part in parts)
    assert off == (shared.missing if short != "part" else 0)
    if short != "exchange" and all(share.minor > 0 for share in shared.shares):
        refuse_misfits(shared.shares)


@given(
    minor=st.integers(1, 20_000),
    worths=st.lists(st.integers(1, 9_000), min_size=1, max_size=6),
)
def test_an_exchanged_line_is_cut_to_the_cent(minor: int, worths: list[int]) -> None:
    """Each share has its part of the line within a cent of its proportion, and together they are the line."""
    counts_as = Exchanged("USD", sum(worths), "bank")
    cut = exchanged([Share(A, worth) for worth in worths], minor=minor, counts_as=counts_as)
    assert sum(share.minor for share in cut) == minor
    assert [share.exchanged for share in cut] == [Exchanged("USD", worth, "bank") for worth in worths]
    assert all(abs(share.minor * sum(worths) - minor * share.worth) <= sum(worths) for share in cut)
