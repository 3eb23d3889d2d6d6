"""docs/reference/peer-cases.md answers every case once: by a test that there is, or by a decision that there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[4]
PAGE = ROOT / "docs" / "reference" / "peer-cases.md"
DEFINED = re.compile(r"^def (test_\w+)", re.MULTILINE)
CASES = {"A": 6, "B": 8, "C": 6, "D": 13, "E": 6, "F": 4, "G": 12, "H": 11}
"""Program -> how many of its cases there are."""


def rows() -> list[tuple[str, str, str]]:
    """Cases, answer and test of each row."""
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if re.match(r"\| [A-H]\d", line)]
    found = []
    for line in lines:
        cases, answer, test = (cell.strip() for cell in line.strip("|").split("|"))
        found.append((cases, answer, test))
    return found


def told(cases: str) -> Iterator[str]:
    """A1, A2 and C1-C6 one by one."""
    for part in cases.split(", "):
        first, _dash, last = part.partition("-")
        yield from (f"{first[0]}{number}" for number in range(int(first[1:]), int((last or first)[1:]) + 1))


def test_every_case_is_answered_once() -> None:
    answered = [case for cases, _answer, _test in rows() for case in told(cases)]
    assert sorted(answered) == sorted(
        f"{letter}{n}" for letter, most in CASES.items() for n in range(1, most + 1)
    )


def test_every_answer_names_a_test_or_a_decision_that_there_is() -> None:
    there = {
        name
        for folder in (ROOT / "src", ROOT / "tests")
        for path in folder.glob("**/test_*.py")
        for name in DEFINED.findall(path.read_text("utf-8"))
    }
    for cases, answer, test in rows():
        tests = re.findall(r"`(test_\w+)`", test)
        decisions = re.findall(r"\(\.\./decisions/([\w.-]+)\)", answer)
        assert tests or decisions, cases
        assert not set(tests) - there, cases
        assert all((ROOT / "docs" / "decisions" / name).exists() for name in decisions), cases
