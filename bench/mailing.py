"""So many mails to a local sink: claimed, looked at once more, handed in, noted in the journal, committed. One worker.

The sink runs in a process of its own, as a mail server does, on the same cores. Exactly so many different mails must arrive.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp

from bench import ground, releasing, sink
from bench.lists import write_lists

SIZES = (100, 1_000, 10_000)
UNIT = "mails"
SOON = timedelta(days=7)
"""Mails wait for a working day; the benchmark does not."""


def times(size: int) -> int:
    """How often the work is measured: making ten thousand letters takes minutes, so those are sent once."""
    return 1 if size >= 10_000 else 3


def prepare(size: int) -> Callable[[], object]:
    """A company with that many queued mails for each time; each run of the work sends one company's."""
    ground.lay()
    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import now
    from debitora.messaging.actions import send_due

    folder = Path(mkdtemp(prefix="debitora-bench-"))
    port = sink.start(folder / "mails")
    lists = write_lists(folder, rows=size * 30)
    waiting = []
    for _ in range(times(size)):
        company, run = releasing.releasable(lists, letters=size, port=port)
        releasing.release(company, run, letters=size)
        waiting.append(company)

    def work() -> None:
        company, before = waiting.pop(), sink.distinct(folder / "mails")
        with serving(company.id):
            ended = send_due(company=company.id, clock=lambda: now() + SOON)
        if ended != {"accepted": size} or sink.distinct(folder / "mails") != before + size:
            raise RuntimeError(str(ended))

    return work
