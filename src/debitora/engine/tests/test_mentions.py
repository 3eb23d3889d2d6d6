"""Numbers in texts: as payers write them, as banks break them, and what is no number."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.engine.mentions import MENTIONS, MOST_BEARERS, MOST_TEXT, NUMBERS, TEXTS, mentions


def found(text: str, *numbers: str) -> dict[str, tuple[bool, int]]:
    """Number -> (all of it, how many it may mean)."""
    answer = mentions(
        pl.DataFrame({"line": [1], "text": [text]}, schema=TEXTS),
        pl.DataFrame({"target": range(len(numbers)), "number": numbers}, schema=NUMBERS),
    )
    return {numbers[row["target"]]: (row["whole"], row["bearers"]) for row in answer.to_dicts()}


@pytest.mark.parametrize(
    "text",
    [
        "R-2026/0815", "Rechnung R-2026/0815 danke", "rg r2026 0815", "RE:R-2026-\n0815", "R20260815", "INV R 2026 0815.",
        "R-2026/0814, R-2026/0815", "R-2026/0815/R-2026/0816", "ZAHLUNG R-2026/08 15",
    ],
)  # fmt: skip
def test_a_number_is_found_however_it_is_written(text: str) -> None:
    assert found(text, "R-2026/0815") == {"R-2026/0815": (True, 1)}


@pytest.mark.parametrize(
    ("text", "number", "whole"),
    [
        ("004711", "4711", True),
        ("4711", "R-4711", False),
        ("INV4711", "4711", False),
        ("Re.Nr. 4711/4712", "4712", True),
        ("RG-4711", "R-4711", False),
    ],
)
def test_leading_zeros_and_foreign_letters_do_not_hide_it(text: str, number: str, whole: bool) -> None:
    assert found(text, number) == {number: (whole, 1)}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", "4711"),
        ("thank you", "4711"),
        ("14711", "4711"),
        ("47112", "4711"),
        ("rent for 2026", "R-2026"),
        ("invoice 12", "12"),
        ("A" * MOST_TEXT + " 4711", "4711"),
        ("Grüße", "GRUSSE1"),
        ("4711", ""),
        ("4711", "---"),
    ],
)
def test_what_tells_nothing_is_not_found(text: str, number: str) -> None:
    assert found(text, number) == {}


def test_what_many_may_mean_is_told_or_left_out() -> None:
    assert found("4711", "A-4711", "B-4711", "4711") == {
        "A-4711": (False, 3),
        "B-4711": (False, 3),
        "4711": (True, 3),
    }
    assert found("4711", *(f"{chr(65 + number)}-4711" for number in range(MOST_BEARERS + 1))) == {}


def test_nothing_in_nothing_out() -> None:
    answer = mentions(pl.DataFrame(schema=TEXTS), pl.DataFrame(schema=NUMBERS))
    assert (answer.height, answer.schema) == (0, dict(MENTIONS))


@given(
    number=st.from_regex(r"[A-Z]{0,3}[-/ ]?[1-9][0-9]{4,8}", fullmatch=True),
    before=st.text(alphabet="abcxyzäöü ,.;:", max_size=20),
    after=st.text(alphabet="abcxyzäöü ,.;:", max_size=20),
)
def test_any_number_in_any_text_is_found_whole(number: str, before: str, after: str) -> None:
    assert found(f"{before} {number} {after}", number) == {number: (True, 1)}
