"""So many mails to a local sink: claimed, looked at once more, handed in, noted in the journal, committed. One worker.

The sink runs in a process of its own, on the same cores, and does no more with a mail than take it. A few mails of another company
go first, outside the measured time. In the end exactly the mails that the database calls accepted must have arrived, each once
and at its recipient.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from bench import ground, releasing, sink
from bench.lists import write_lists

if TYPE_CHECKING:
    from debitora.people.models import Company

SIZES = (100, 1_000, 10_000)
UNIT = "mails"
SOON = timedelta(days=7)
"""Mails wait for a working day; the benchmark does not."""
_WARM = 20
_sinks: list[Path] = []
_companies: list[int] = []


def times(size: int) -> int:
    """How often the work is measured: making ten thousand letters takes minutes, so those are sent once."""
    return 1 if size >= 10_000 else 3


def prepare(size: int) -> Callable[[], object]:
    """A company with that many queued mails for each time; each run of the work sends one company's."""
    ground.lay()
    folder = Path(mkdtemp(prefix="debitora-bench-"))
    port = sink.start(folder / "mails")
    _sinks.append(folder / "mails")
    waiting = [_queued(folder, size, port) for _ in range(times(size))]
    _send(_queued(folder, _WARM, port), _WARM)
    ground.tidy()
    return lambda: _send(waiting.pop(), size)


def also() -> dict[str, float]:
    """How many mails arrived; raises RuntimeError unless they are exactly those that were accepted."""
    from django.db import transaction

    from debitora.kit.pg.company import serving
    from debitora.messaging.models import Intent

    sent = []
    for company in _companies:
        with serving(company), transaction.atomic():
            accepted = Intent.objects.filter(company_id=company, state="accepted")
            sent += list(accepted.values_list("public_id", "recipient"))
    arrived = [(name.partition("@")[0], recipient) for name, recipient in sink.arrived(_sinks[0])]
    if sorted((str(public_id), recipient) for public_id, recipient in sent) != sorted(arrived):
        raise RuntimeError(f"{len(arrived)} mails arrived, {len(sent)} were accepted")
    return {"arrived": len(arrived), "distinct": len(set(arrived))}


def _queued(folder: Path, size: int, port: int) -> Company:
    lists = write_lists(folder, rows=size * releasing.ROWS_PER_LETTER)
    company, run = releasing.releasable(lists, letters=size, port=port)
    releasing.release(company, run, letters=size)
    _companies.append(company.id)
    return company


def _send(company: Company, size: int) -> None:
    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import now
    from debitora.messaging.actions import send_due

    with serving(company.id):
        ended = send_due(company=company.id, clock=lambda: now() + SOON)
    if ended != {"accepted": size}:
        raise RuntimeError(str(ended))
