"""Importing an open-item list of so many rows into an empty company: read, recognise, compare, write, seal nothing.

From the bytes of the file to the committed ledger; the process's start and the server's are not in it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

from bench import ground
from bench.lists import write_lists

SIZES = (10_000, 100_000)
UNIT = "rows"


def prepare(size: int) -> Callable[[], object]:
    """Write the list; each run imports it into a company of its own."""
    ground.lay()
    lists = write_lists(Path(mkdtemp(prefix="debitora-bench-")), rows=size)

    def work() -> None:
        state = ground.bring_in(ground.found(), lists.first)
        if state != "applied":
            raise RuntimeError(state)

    return work
