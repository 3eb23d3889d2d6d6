"""The invariants that SQL can say: one file each below sql/, read into questions.

A file begins with comments: `-- I1: what holds`, `-- Advice: ...`, `-- Looks at: ...`, and `-- Scope: installation` where it
asks the catalogue instead of a company's rows, `-- Fast: left out` where it is dear and follows from others, or the database refuses
what it looks for. Below `-- [broken]` stands the query for what breaks it (columns object,
customer, difference as jsonb), below `-- [checked]` the one that counts what was looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "sql"
_HOLDS = re.compile(r"^-- ([ID]\d+): (.+)$", re.MULTILINE)
_ADVICE = re.compile(r"^-- Advice: (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Question:
    """One invariant as SQL."""

    invariant: str
    name: str
    holds: str
    advice: str
    of_installation: bool
    dear: bool
    broken: str
    checked: str


class QuestionUnreadable(Exception):
    """A file of sql/ does not have the shape of a question."""


def questions() -> list[Question]:
    """All questions, in the order of their files' names."""
    return [read(path.stem, path.read_text("utf-8")) for path in sorted(_FOLDER.glob("*.sql"))]


def read(name: str, text: str) -> Question:
    """The question in a file's text. Raises QuestionUnreadable."""
    head, _, rest = text.partition("\n-- [broken]\n")
    broken, _, checked = rest.partition("\n-- [checked]\n")
    holds, advice = _HOLDS.search(head), _ADVICE.search(head)
    if holds is None or advice is None or not checked:
        raise QuestionUnreadable(name)
    return Question(
        invariant=holds[1],
        name=name,
        holds=holds[2],
        advice=advice[1],
        of_installation="-- Scope: installation" in head,
        dear="-- Fast: left out" in head,
        broken=broken,
        checked=checked,
    )
