"""Matching so many bank lines at once against ten times as many open items: frames in, ranked proposals out.

All lines of some weeks are asked on one day, against all items as if none had ever been settled. How good the proposals are is
`matching`'s question, not this one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bench.cases import at_once, generated
from bench.matching import proposed

SIZES = (1_000, 10_000, 100_000)
UNIT = "lines"
_ITEMS_A_LINE = 10
_DAYS = 60
"""More than enough days for so many lines: a company with ten items a line has some 50 lines a day for 10,000 items."""


def prepare(size: int) -> Callable[[], object]:
    """Draw the company; each run matches."""
    items = size * _ITEMS_A_LINE
    case = generated(seed=1, customers=items // 10, items=items, lines_of=_DAYS)
    day = at_once(case)
    day = replace(day, lines=day.lines.head(size))
    if len(day.lines) < size:
        raise SystemExit(f"{len(day.lines)} lines, {size} asked for")
    return lambda: proposed(day)


def times(size: int) -> int:
    """Once is enough where it takes long."""
    return 3 if size < SIZES[-1] else 1
