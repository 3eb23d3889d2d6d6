"""A dunning run over so many open items, ten a customer, a third of them overdue: read, decided, written, committed.

One decision per overdue item, its references checked. The ledger is planted, which is not measured; how long that took is
told beside the result.
"""

from __future__ import annotations

from collections.abc import Callable

from bench import ground
from bench.lists import DAY
from bench.planting import plant

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
UNIT = "items"


def prepare(size: int) -> Callable[[], object]:
    """Plant the ledger; each run proposes anew, in place of the proposal before."""
    ground.lay()
    from debitora.dunning.actions import propose_run
    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import now
    from debitora.trail.rules import system

    company = ground.found()
    plant(company, items=size)

    def work() -> None:
        with serving(company.id):
            propose_run(company=company, on=DAY, by=system("bench"), at=now())

    return work


also = ground.server_peak
