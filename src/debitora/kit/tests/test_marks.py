"""Marks: what we have made is known, whatever else is said is not, and an old key still counts."""

from __future__ import annotations

import re

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from debitora.kit.marks import MARK, marked, number_in


@given(st.integers(0, 2**63 - 1), st.text(max_size=30))
def test_a_mark_names_its_number_for_what_it_is_about(number: int, about: str) -> None:
    mark = marked(number, about=about)
    assert re.fullmatch(MARK, mark)
    assert len(mark) <= 46
    assert number_in(mark, about=about) == number_in(mark.upper(), about=about) == number
    assert number_in(mark, about=f"{about}/") is None


@given(st.text(max_size=60))
def test_what_is_no_mark_names_nothing(text: str) -> None:
    assert number_in(text, about="x") is None


@pytest.mark.parametrize("place", range(28))
def test_one_other_letter_is_another_mark(place: int) -> None:
    mark = marked(7, about="x")
    other = "8" if place == 0 else "-" if place == 1 else ("b" if mark[place] == "a" else "a")
    changed = mark[:place] + other + mark[place + 1 :]
    assert (number_in(changed, about="x") is None) is (changed != mark)


def test_a_mark_of_an_old_key_counts_while_the_key_is_named() -> None:
    with override_settings(SECRET_KEY="the key of yesterday"):
        mark = marked(7, about="x")
    with override_settings(SECRET_KEY="the key of today"):
        assert number_in(mark, about="x") is None
    with override_settings(SECRET_KEY="the key of today", SECRET_KEY_FALLBACKS=["the key of yesterday"]):
        assert number_in(mark, about="x") == 7
