"""Importing an open-item list of so many rows into an empty company: read, recognise, compare, write, seal nothing.

From the bytes of the file to the committed ledger; the process's start and the server's are not in it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bench import ground

SIZES = (10_000, 100_000, 1_000_000)
UNIT = "rows"


def prepare(size: int) -> Callable[[], object]:
    """Write the list; each run imports it into a company of its own."""
    ground.lay()
    return into_new_companies(ground.listed(size))


def into_new_companies(path: Path) -> Callable[[], object]:
    """The work itself: a file into a company that has just been founded."""

    def work() -> None:
        state = ground.bring_in(ground.found(), path)
        if state != "applied":
            raise RuntimeError(state)

    return work


also = ground.server_peak
