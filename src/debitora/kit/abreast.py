"""Work done abreast: on several threads, each with a database connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from django.db import connections


def abreast(works: Sequence[Callable[[], object]]) -> None:
    """Do all of it: the first here, the others each on a thread, in a copy of this context (company, clock).

    Comes back when all have ended; then the first exception of any is raised. Nothing may be open in a transaction: the
    others would not see it.
    """
    here, *apart = works
    with ThreadPoolExecutor(max_workers=max(1, len(apart))) as pool:
        ends = [pool.submit(copy_context().run, _and_hang_up, work) for work in apart]
        here()
    for end in ends:
        end.result()


def _and_hang_up(work: Callable[[], object]) -> None:
    try:
        work()
    finally:
        connections.close_all()
