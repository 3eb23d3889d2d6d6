"""Whether a statement fits: after, before, around or within what is there; what is missing is named."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.cash.rules.chain import Place, Span, fit

DAY = date(2026, 11, 1)


def a_span(first: int, opening: int, last: int, closing: int) -> Span:
    return Span(DAY + timedelta(days=first), opening, DAY + timedelta(days=last), closing)


KNOWN = a_span(5, 1000, 10, 1500)


@pytest.mark.parametrize(
    ("statement", "new", "place", "missing"),
    [
        (a_span(10, 1500, 12, 1700), 200, Place.AFTER, 0),
        (a_span(10, 1500, 10, 1450), -50, Place.AFTER, 0),
        (a_span(7, 1200, 12, 1700), 200, Place.AFTER, 0),
        (a_span(12, 1600, 14, 1700), 100, Place.AFTER, 100),
        (a_span(12, 1400, 14, 1500), 100, Place.AFTER, -100),
        (a_span(1, 900, 5, 1000), 100, Place.BEFORE, 0),
        (a_span(5, 990, 5, 1000), 10, Place.BEFORE, 0),
        (a_span(1, 900, 7, 1200), 100, Place.BEFORE, 0),
        (a_span(1, 900, 4, 960), 60, Place.BEFORE, 40),
        (a_span(1, 900, 12, 1700), 300, Place.AROUND, 0),
        (a_span(6, 1100, 8, 1300), 0, Place.WITHIN, 0),
        (a_span(6, 1100, 8, 1300), 30, Place.WITHIN, -30),
    ],
)
def test_one_equation_tells_where_it_belongs_and_what_is_missing(
    statement: Span, new: int, place: Place, missing: int
) -> None:
    answer = fit(KNOWN, statement, new_minor=new)
    assert (answer.place, answer.missing_minor) == (place, missing)


def test_the_first_statement_begins_the_account() -> None:
    assert fit(None, KNOWN, new_minor=500).span == KNOWN
    assert fit(None, KNOWN, new_minor=500).missing_minor == 0


@given(
    moves=st.lists(st.integers(-5000, 5000), min_size=3, max_size=12),
    pieces=st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), min_size=1, max_size=8),
)
def test_pieces_of_one_truth_fit_as_soon_as_they_touch(
    moves: list[int], pieces: list[tuple[int, int]]
) -> None:
    """A piece that touches or overlaps what is there fits, and the span is that of the days told; what does not touch is
    missing exactly the movements between, unless these come to nothing."""
    after = list(accumulate(moves, initial=0))
    known: Span | None = None
    days: set[int] = set()
    for first, last in (sorted(piece) for piece in pieces):
        last = min(last, len(moves) - 1)
        first = min(first, last)
        fresh = set(range(first, last + 1)) - days
        statement = a_span(first, after[first], last + 1, after[last + 1])
        answer = fit(known, statement, new_minor=sum(moves[day] for day in fresh))
        touches = not days or not (last + 1 < min(days) or first > max(days) + 1)
        if touches:
            assert answer.missing_minor == 0
            days |= fresh
            known = a_span(min(days), after[min(days)], max(days) + 1, after[max(days) + 1])
            assert answer.span.moved_minor == known.moved_minor
