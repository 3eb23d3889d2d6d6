"""docs/reference/guarantees.md names only tests that there are, and at least one for each promise."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "guarantees.md"
DEFINED = re.compile(r"^def (test_\w+)", re.MULTILINE)


def there() -> set[str]:
    """Every test of the product and of what spans its rooms."""
    return {
        name
        for folder in (ROOT / "src", ROOT / "tests")
        for path in folder.glob("**/test_*.py")
        for name in DEFINED.findall(path.read_text("utf-8"))
    }


def unshown(page: str, known: set[str]) -> list[str]:
    """The ids of promises that name no test, or one that there is not."""
    rows = re.findall(r"^\| ([A-Z]\d+) \|(.*)$", page, re.MULTILINE)
    named = [(promise, re.findall(r"`(test_\w+)`", words)) for promise, words in rows]
    return [promise for promise, tests in named if not tests or set(tests) - known]


def test_every_promise_is_shown_by_a_test() -> None:
    page = PAGE.read_text("utf-8")
    assert len(re.findall(r"^\| [A-Z]\d+ \|", page, re.MULTILINE)) >= 13
    assert unshown(page, there()) == []


def test_planted_empty_promises_are_found() -> None:
    page = "| A1 | x | `test_a` |\n| B2 | x | none |\n| C3 | x | `test_b`, `test_c` |\n"
    assert unshown(page, {"test_a", "test_b"}) == ["B2", "C3"]
