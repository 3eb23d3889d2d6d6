"""How this room reads: rows into frozen values, or whole frames, in the caller's own transaction.

Frames leave the database by COPY as CSV over the same connection: they see what the transaction sees, under the same
row-level security, and need no second connection with a snapshot of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
from django.db import connection

Row = TypeVar("Row")
Params = Mapping[str, Any]
Schema = Mapping[str, type[pl.DataType]]

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


def frame(sql: str, params: Params, schema: Schema) -> pl.DataFrame:
    """The answer of a SELECT as a frame of that schema; the columns stand in its order."""
    read = {name: pl.String if kind is pl.Boolean else kind for name, kind in schema.items()}
    found = _copied(sql, params, read)
    return found.with_columns(pl.col(name) == "t" for name, kind in schema.items() if kind is pl.Boolean)


def frames(parts: Sequence[tuple[str, Schema]], params: Params) -> list[pl.DataFrame]:
    """The answers of several SELECTs as frames, read by one statement: in one snapshot, though others commit meanwhile.

    The first column of each is a whole number that orders its rows and is unique among them.
    """
    widest = max(len(schema) for _sql, schema in parts)
    union = " union all ".join(
        _part(number, sql, schema, widest) for number, (sql, schema) in enumerate(parts)
    )
    names = [f"c{place}" for place in range(widest)]
    answer = _copied(
        f"{union} order by part, c0",
        params,
        {"part": pl.Int64, "c0": pl.Int64, **dict.fromkeys(names[1:], pl.String)},
    )
    return [
        answer.filter(pl.col("part") == number).select(
            _typed(name, to, kind) for name, (to, kind) in zip(names, schema.items(), strict=False)
        )
        for number, (_sql, schema) in enumerate(parts)
    ]


def _part(number: int, sql: str, schema: Schema, widest: int) -> str:
    """A SELECT as a part of the union: numbered, its columns as text, padded to the width of the widest."""
    names = [f"c{place}" for place in range(len(schema))]
    texts = ["c0", *(f"{name}::text" for name in names[1:]), *["null"] * (widest - len(schema))]
    columns, answer = ", ".join(names), ", ".join(texts)
    return f"select {number} as part, {answer} from ({sql}) as part{number} ({columns})"  # noqa: S608  # files of ours


def _typed(name: str, to: str, kind: type[pl.DataType]) -> pl.Expr:
    column = pl.col(name)
    if kind is pl.Boolean:
        return (column == "true").alias(to)
    return (column.str.to_date("%Y-%m-%d") if kind is pl.Date else column.cast(kind)).alias(to)


def _copied(sql: str, params: Params, schema: Schema) -> pl.DataFrame:
    """What COPY gives of a SELECT; a schema without booleans, which are "t" and "f" there."""
    answer = BytesIO()
    with connection.cursor() as cursor, cursor.copy(f"copy ({sql}) to stdout (format csv)", params) as copy:
        for block in copy:
            answer.write(block)
    if not answer.tell():
        return pl.DataFrame(schema=dict(schema))
    answer.seek(0)
    return pl.read_csv(answer, has_header=False, schema=dict(schema))
