"""Not faster than somebody else allows: steps at even distances, by one process at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


class Pace:
    """At most so many steps a second; 0: as fast as they come. The first step waits, too: another round may just have ended."""

    def __init__(self, per_second: float) -> None:
        self._distance = 1 / per_second if per_second else 0.0  # not money: seconds
        self._next = time.monotonic() + self._distance

    def wait(self) -> None:
        """Come back when the next step may be taken."""
        if not self._distance:
            return
        time.sleep(max(0.0, self._next - time.monotonic()))
        self._next = max(self._next, time.monotonic()) + self._distance


@contextmanager
def alone(what: int) -> Iterator[bool]:
    """Whether nobody else in this database does the same within the block; whoever dies in it leaves it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(hashtextextended('debitora.pace', %s))", [what])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(hashtextextended('debitora.pace', %s))", [what])
