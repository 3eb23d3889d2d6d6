"""How this room reads: rows into frozen values, or whole frames, in the caller's own transaction.

Frames leave the database by COPY as CSV over the same connection: they see what the transaction sees, under the same
row-level security, and need no second connection with a snapshot of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
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


def frame(sql: str, params: Params, schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    """The answer of a SELECT as a frame of that schema; the columns stand in its order."""
    answer = BytesIO()
    with connection.cursor() as cursor, cursor.copy(f"copy ({sql}) to stdout (format csv)", params) as copy:
        for block in copy:
            answer.write(block)
    if not answer.tell():
        return pl.DataFrame(schema=dict(schema))
    answer.seek(0)
    read = {name: pl.String if kind is pl.Boolean else kind for name, kind in schema.items()}
    found = pl.read_csv(answer, has_header=False, schema=read)
    return found.with_columns(pl.col(name) == "t" for name, kind in schema.items() if kind is pl.Boolean)
