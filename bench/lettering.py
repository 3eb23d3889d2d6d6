"""So many fresh one-page letters: typeset, stored and synced, their mails composed, rows committed. In one process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

from bench import ground
from bench.lists import write_lists

SIZES = (100, 500)
UNIT = "letters"


def prepare(size: int) -> Callable[[], object]:
    """Three approved runs of three companies wait, each with that many notices; each run of the work releases one."""
    ground.lay()
    from django.db import transaction

    from debitora.dunning.actions import release_notice
    from debitora.dunning.queries.letters import Stock
    from debitora.dunning.queries.notices import to_render
    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import now
    from debitora.trail.rules import system

    lists = write_lists(Path(mkdtemp(prefix="debitora-bench-")), rows=size * 30)
    waiting = [ground.approved(lists) for _ in range(3)]

    def work() -> None:
        company, run = waiting.pop()
        with serving(company.id):
            with transaction.atomic():
                notices = to_render(run=run, after=0, most=size)
            if len(notices) < size:
                raise RuntimeError(f"only {len(notices)} notices")
            stock = Stock(company)
            for notice in notices:
                release_notice(company=company, notice=notice, by=system("bench"), at=now(), stock=stock)

    return work
