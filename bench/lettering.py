"""So many fresh one-page letters: typeset, stored and synced, their mails composed, rows committed. In one process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

from bench import ground, releasing
from bench.lists import write_lists

SIZES = (100, 500, 2_000)
UNIT = "letters"


def prepare(size: int) -> Callable[[], object]:
    """Three approved runs of three companies wait, each with that many notices; each run of the work releases one."""
    ground.lay()
    lists = write_lists(Path(mkdtemp(prefix="debitora-bench-")), rows=size * 30)
    waiting = [releasing.releasable(lists, letters=size) for _ in range(3)]

    def work() -> None:
        company, run = waiting.pop()
        releasing.release(company, run, letters=size)

    return work
