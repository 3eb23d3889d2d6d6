"""Statements of sql/ over rows that stand in temporary tables (kit.pg.bulk.stage)."""

from __future__ import annotations

from typing import Any

from debitora.receivables.queries.reading import statement


def run(cursor: Any, name: str, **params: Any) -> int:
    """Execute the statements of sql/<name>.sql; returns the number of rows of the last one."""
    _to_the_last(cursor, name, params)
    return int(cursor.rowcount)


def numbers(cursor: Any, name: str, **params: Any) -> list[int]:
    """Execute sql/<name>.sql and return the first column of the answer of its last statement."""
    _to_the_last(cursor, name, params)
    return [row[0] for row in cursor.fetchall()]


def _to_the_last(cursor: Any, name: str, params: dict[str, Any]) -> None:
    cursor.execute(statement(name), params)
    while cursor.nextset():
        pass
