"""How this room reads: statements of sql/, their rows as frozen values. Whole frames travel by kit.pg.bulk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from django.db import connection

Row = TypeVar("Row")
Params = Mapping[str, Any]

_SQL = Path(__file__).parent.parent / "sql"


@cache
def statement(name: str) -> str:
    """The text of sql/<name>.sql."""
    return (_SQL / f"{name}.sql").read_text("utf-8")


def rows(sql: str, params: Params, shape: Callable[..., Row]) -> list[Row]:
    """The answer as values of `shape`, whose fields are the columns in their order."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [shape(*row) for row in cursor.fetchall()]


def one(sql: str, params: Params, shape: Callable[..., Row]) -> Row | None:
    """The first row as a value of `shape`, or None."""
    found = rows(sql, params, shape)
    return found[0] if found else None
