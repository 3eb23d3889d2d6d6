"""Which lines are new: the same truth told in pieces, twice, in any order and in two formats is the same truth (B02 to B06)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.cash.rules.overlap import Found, Movement, Proof, compare

DAY = date(2026, 11, 2)


def a_line(
    key: int = 1,
    minor: int = 100,
    *,
    day: int = 0,
    said: str = "",
    names: frozenset[str] = frozenset(),
    proven: bool = True,
) -> Movement:
    words, exact = frozenset(said.upper().split()), f"{said}/{sorted(names)}"
    return Movement(key, DAY + timedelta(days=day), minor, exact, names, words, proven)


def found(known: list[Movement], lines: list[Movement], proof: Proof = Proof.NONE) -> list[str]:
    return [str(verdict.found) for verdict in compare(known, lines, proof=proof)]


TWINS = [a_line(1, said="miller invoice 4711"), a_line(2, said="miller invoice 4711")]


@pytest.mark.parametrize(
    ("known", "lines", "verdicts"),
    [
        ([], [a_line()], ["new"]),
        ([a_line(said="a b")], [a_line(said="a b")], ["same"]),
        ([a_line(said="a b")], [a_line(said="a b", day=1)], ["new"]),
        ([a_line(said="a b")], [a_line(minor=101, said="a b")], ["new"]),
        ([a_line(said="a b")], [a_line(minor=-100, said="a b")], ["new"]),
        (TWINS, TWINS, ["same", "same"]),
        (TWINS[:1], TWINS, ["same", "new"]),
        ([a_line(said="miller invoice 4711 thanks")], [a_line(said="miller 4711")], ["same"]),
        ([a_line(said="miller 4711")], [a_line(said="smith 0815")], ["doubtful"]),
        ([a_line(said="miller 4711")], [a_line()], ["same"]),
    ],
    ids=["first", "again", "another day", "another amount", "another sign", "twins again", "a twin more",
         "cut in another format", "nothing in common", "a format without text"],
)  # fmt: skip
def test_lines_are_compared_among_those_of_equal_day_and_amount(
    known: list[Movement], lines: list[Movement], verdicts: list[str]
) -> None:
    assert sorted(found(known, lines)) == sorted(verdicts)


def test_a_reference_decides_before_words_do() -> None:
    known = [
        a_line(1, said="fee january", names=frozenset({"bank:B1"})),
        a_line(2, said="fee february", names=frozenset({"bank:B2"})),
    ]
    swapped = [
        a_line(1, said="fee february", names=frozenset({"bank:B1"})),
        a_line(2, said="fee january", names=frozenset({"bank:B2"})),
    ]
    assert [(one.found, one.known) for one in compare(known, swapped)] == [(Found.SAME, 1), (Found.SAME, 2)]


def test_references_that_contradict_are_never_the_same_by_words() -> None:
    """B04: re-exported with new ids; whether it is the same payment again, a person says."""
    known = [a_line(said="miller 4711", names=frozenset({"end_to_end:A"}))]
    assert found(known, [a_line(said="miller 4711", names=frozenset({"end_to_end:B"}))]) == ["doubtful"]
    assert found(known, [a_line(said="miller 4711", names=frozenset({"bank:B"}))]) == ["same"]


def test_balances_prove_what_words_cannot() -> None:
    known = [a_line(1, said="miller 4711"), a_line(2, minor=5, said="x y", proven=False)]
    lines = [a_line(1, said="miller 4711"), a_line(2, minor=5, said="x y z")]
    assert found(known, lines, Proof.CONTINUES) == ["new", "same"]
    assert found(known[:1], [a_line(said="smith 0815")], Proof.REPEATS) == ["same"]


def test_a_thousand_equal_amounts_of_a_day_are_counted() -> None:
    known = [a_line(number, said=f"member {number}") for number in range(1_000)]
    lines = [a_line(number, said=f"member {number}") for number in range(500, 1_700)]
    assert Counter(found(known, lines)) == {"same": 500, "doubtful": 500, "new": 200}


movements = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from([100, 100, 250, -100]), st.sampled_from("abc")), max_size=25
)


@given(truth=movements, data=st.data())
def test_overlapping_pieces_in_any_order_give_each_movement_once(
    truth: list[tuple[int, int, str]], data: st.DataObject
) -> None:
    """Pieces hold whole days, as statements do; their lines stand in any order; twins of a day stay twins (B02, B03, B05)."""
    pieces = data.draw(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=6))
    known: list[Movement] = []
    told: set[int] = set()
    for first, last in (sorted(piece) for piece in pieces):
        days = range(first, last + 1)
        told |= set(days)
        lines = data.draw(st.permutations([one for one in truth if one[0] in days]))
        fresh = [a_line(place, minor, day=day, said=word) for place, (day, minor, word) in enumerate(lines)]
        verdicts = compare(known, fresh)
        assert not [one for one in verdicts if one.found is Found.DOUBTFUL]
        repeated = [one.known for one in verdicts if one.found is Found.SAME]
        assert len(repeated) == len(set(repeated))
        news = [fresh[one.line] for one in verdicts if one.found is Found.NEW]
        known += [replace(one, key=len(known) + place) for place, one in enumerate(news)]
    expected = Counter((DAY + timedelta(days=day), minor, word) for day, minor, word in truth if day in told)
    assert Counter((one.day, one.minor, one.exact[0]) for one in known) == expected
