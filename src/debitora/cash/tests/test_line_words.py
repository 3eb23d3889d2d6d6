"""Every code that matching gives has its words."""

from __future__ import annotations

import pytest

from debitora.cash.models.bookings import BOOKING_KINDS, IGNORED_FOR, ORIGINS, PART_KINDS
from debitora.cash.queries import wording
from debitora.cash.rules.explaining import KINDS
from debitora.cash.rules.outgoing import NO_PAYMENT
from debitora.cash.rules.sureness import EVIDENCE
from debitora.cash.templatetags import line_words


def test_every_code_has_words() -> None:
    assert set(EVIDENCE) <= set(wording.EVIDENCE)
    assert {*KINDS, *NO_PAYMENT} == set(line_words.KINDS) == set(wording.AMOUNTS)
    assert set(BOOKING_KINDS) == set(line_words.BOOKING_KINDS)
    assert set(PART_KINDS) <= set(line_words.PART_KINDS)
    assert set(ORIGINS) == set(line_words.ORIGINS)
    assert set(IGNORED_FOR) - {""} == set(wording.IGNORED_FOR)


@pytest.mark.parametrize(
    ("confidence", "percent", "word", "mark"),
    [
        (9_999, "99.99\u00a0%", "almost certain", "good"),
        (9_900, "99\u00a0%", "almost certain", "good"),
        (9_876, "98\u00a0%", "very likely", "good"),
        (7_000, "70\u00a0%", "likely", "open"),
        (4_000, "40\u00a0%", "possible", "open"),
        (0, "0\u00a0%", "a guess", "draft"),
    ],
)
def test_a_confidence_in_words(confidence: int, percent: str, word: str, mark: str) -> None:
    assert line_words.in_percent(confidence) == percent
    assert line_words.sureness(confidence) == word
    assert line_words.sureness_mark(confidence) == mark


def test_many_numbers_are_cut_short() -> None:
    assert line_words.listed(["1", "2", "3"]) == "1, 2, 3"
    assert line_words.listed(["1", "2", "3", "4", "5"]) == "1, 2, 3 and 2 more"
