"""One consistent look at the database: the checker's role, read-only, REPEATABLE READ, rows streamed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import dict_row

from debitora.kit.pg.cluster import server

_AT_ONCE = 5_000 if psycopg.pq.version() >= 170_000 else 1  # older clients know single rows or all
_OPTIONS = "-c default_transaction_read_only=on -c jit=off -c work_mem=64MB"


class Snapshot:
    """All questions are asked of the same moment, however long the answers take."""

    def __init__(self, connection: psycopg.Connection[dict[str, Any]]) -> None:
        self._connection = connection

    def rows(self, sql: str, params: Mapping[str, object]) -> Iterator[dict[str, Any]]:
        """The rows of a query, in pieces, so that a million findings need no memory.

        Not by a cursor of the server: for one it plans as if only the first rows were wanted, and on one core.
        """
        with self._connection.cursor() as cursor:
            yield from cursor.stream(sql.encode(), params, size=_AT_ONCE)

    def number(self, sql: str, params: Mapping[str, object]) -> int:
        """The single number that a query answers."""
        row = self._connection.execute(sql.encode(), params).fetchone()
        return int(next(iter(row.values()))) if row else 0


@contextmanager
def snapshot(database: str) -> Iterator[Snapshot]:
    """A snapshot of a database as the role debitora_checker. Raises psycopg.OperationalError."""
    found = server().credentials("checker", database)
    connection: psycopg.Connection[dict[str, Any]] = psycopg.connect(
        **found.kwargs(),
        row_factory=dict_row,
        options=_OPTIONS,
    )
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    try:
        with connection.transaction():
            connection.execute("set local timezone to 'UTC'")
            yield Snapshot(connection)
    finally:
        connection.close()
