"""How far a notice has come, by what has happened to it."""

from __future__ import annotations

import pytest

from debitora.dunning.rules.course import ENDS, course_of


@pytest.mark.parametrize(
    ("kinds", "bar"),
    [
        ([], ""),
        (["no_recipient"], ""),
        (["withheld"], "withheld"),
        (["withheld", "reinstated"], ""),
        (["withheld", "reinstated", "withheld"], "withheld"),
        (["rendered"], "rendered"),
        (["rendered", "ground_withdrawn"], "rendered"),
        *(([end], "ended") for end in ENDS),
        *((["rendered", end], "rendered") for end in ENDS),
        *((["withheld", end], "ended") for end in ENDS),
    ],
)
def test_what_stands_against_rendering(kinds: list[str], bar: str) -> None:
    assert course_of(kinds).bar == bar


def test_each_may_be_so_without_the_others() -> None:
    course = course_of(["rendered", "withheld", "accepted"])
    assert (course.is_rendered, course.has_ended, course.is_withheld) == (True, True, True)
