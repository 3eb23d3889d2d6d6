"""docs/reference/peer-cases.md names only tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[3] / "docs" / "reference" / "peer-cases.md"
DEFINED = re.compile(r"^def (test_\w+)", re.MULTILINE)


def test_every_test_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGE.read_text("utf-8")))
    there = {name for path in HERE.glob("test_*.py") for name in DEFINED.findall(path.read_text("utf-8"))}
    assert named
    assert not named - there
