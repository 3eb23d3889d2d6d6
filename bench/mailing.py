"""So many mails to a local sink: claimed, looked at once more, handed in, noted in the journal, committed. One worker.

The sink runs in the same process and costs a good part of the time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp

from bench import ground
from bench.lists import write_lists

SIZES = (100, 500)
UNIT = "mails"
SOON = timedelta(days=7)
"""Mails wait for a working day; the benchmark does not."""


def prepare(size: int) -> Callable[[], object]:
    """Three companies with that many queued mails each; each run of the work sends one company's."""
    ground.lay()
    from django.db import transaction

    from debitora.demo.catcher import MailCatcher
    from debitora.dunning.actions import release_notice
    from debitora.dunning.queries.letters import Stock
    from debitora.dunning.queries.notices import to_render
    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import now
    from debitora.messaging.actions import send_due
    from debitora.trail.rules import system

    folder = Path(mkdtemp(prefix="debitora-bench-"))
    catcher = MailCatcher(folder / "mails").__enter__()
    lists = write_lists(folder, rows=size * 30)
    waiting = []
    for _ in range(3):
        company, run = ground.approved(lists, port=catcher.port)
        with serving(company.id):
            with transaction.atomic():
                notices = to_render(run=run, after=0, most=size)
            stock = Stock(company)
            for notice in notices:
                release_notice(company=company, notice=notice, by=system("bench"), at=now(), stock=stock)
        waiting.append(company)

    def work() -> None:
        company = waiting.pop()
        with serving(company.id):
            ended = send_due(company=company.id, clock=lambda: now() + SOON)
        if not ended.get("accepted"):
            raise RuntimeError(str(ended))

    return work
