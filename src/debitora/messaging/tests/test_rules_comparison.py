"""Two versions of a text against each other, and what somebody meant who wrote a name that is not known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.messaging.rules.comparison import Fate, changed_parts, compared
from debitora.messaging.rules.suggesting import suggestion
from debitora.messaging.rules.texts import check_text

TEXTS = st.text(alphabet="ab {}%.\n", max_size=60)
WORDING = {"subject": "a", "mail": "b", "opening": "c", "closing": "d"}


@given(before=TEXTS, after=TEXTS)
def test_the_pieces_give_both_texts_back(before: str, after: str) -> None:
    pieces = compared(before, after)
    assert "".join(piece.text for piece in pieces if piece.fate is not Fate.NEW) == before
    assert "".join(piece.text for piece in pieces if piece.fate is not Fate.GONE) == after


def test_a_changed_word_is_told_alone_and_a_name_in_braces_as_one() -> None:
    pieces = compared("Pay {{ notice.total }} now.", "Pay {{ notice.fee }} now.")
    assert [(piece.fate.value, piece.text) for piece in pieces] == [
        ("same", "Pay "),
        ("gone", "{{ notice.total }} "),
        ("new", "{{ notice.fee }} "),
        ("same", "now."),
    ]


def test_a_very_long_text_is_compared_by_its_lines() -> None:
    before = "a b c d\n" * 1_000
    pieces = compared(before, before + "e f\n")
    assert [(piece.fate, len(piece.text)) for piece in pieces] == [(Fate.SAME, 8_000), (Fate.NEW, 4)]


def test_only_parts_that_read_differently_are_told() -> None:
    assert changed_parts(WORDING, {**WORDING, "mail": " b\n"}) == ()
    changed = changed_parts(WORDING, {**WORDING, "closing": "x", "subject": "y"})
    assert [one.part for one in changed] == ["subject", "closing"]


@pytest.mark.parametrize(
    ("source", "meant"),
    [
        ("{{ customer.nmae }}", "customer.name"),
        ("{{ notice.totl }}", "notice.total"),
        ("{{ notice.lines.first.numbr }}", "notice.lines.first.number"),
        ("{% for line in notice.lines %}{{ line.opn }}{% endfor %}", "line.open"),
        ("{{ notice.total | upcas }}", "upcase"),
        ("{% iff notice.count %}", "if"),
        ("{{ xyz }}", ""),
        ("{% if %}", ""),
    ],
)
def test_the_nearest_name_is_offered(source: str, meant: str) -> None:
    assert suggestion(check_text(source)[0]) == meant
