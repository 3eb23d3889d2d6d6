"""A dunning run over so many open items, somewhat more than a third of them overdue: read, decided, written, committed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

from bench import ground
from bench.lists import DAY, write_lists

SIZES = (10_000, 100_000)
UNIT = "items"


def prepare(size: int) -> Callable[[], object]:
    """Import the customers and the list; each run proposes anew, in place of the proposal before."""
    ground.lay()
    from debitora.dunning.actions import propose_run
    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import now
    from debitora.trail.rules import system

    lists = write_lists(Path(mkdtemp(prefix="debitora-bench-")), rows=size)
    company = ground.found()
    ground.bring_in(company, lists.customers, kind="customers")
    ground.bring_in(company, lists.first)

    def work() -> None:
        with serving(company.id):
            propose_run(company=company, on=DAY, by=system("bench"), at=now())

    return work
