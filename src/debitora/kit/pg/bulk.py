"""Frames on their way in and out by COPY, on the caller's own connection and behind the wall (docs/decisions/0013).

PostgreSQL refuses COPY into a table whose policies apply to the role; the detour over a temporary table and INSERT ...
SELECT costs about half a second per million rows and keeps the second wall.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import closing
from io import BytesIO
from typing import Any, Final

import polars as pl
from django.db import connection
from psycopg import ClientCursor
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

Schema = Mapping[str, type[pl.DataType]]

_SQL_TYPES: Final[dict[Any, str]] = {
    pl.Int8: "smallint",
    pl.Int16: "smallint",
    pl.Int32: "integer",
    pl.Int64: "bigint",
    pl.Boolean: "boolean",
    pl.Date: "date",
    pl.String: "text",
    pl.Categorical: "text",
    pl.Enum: "text",
}
_BLOCK: Final = 50_000
_TEXT: Final = 16 * 1024 * 1024
"""Bytes of an answer that are parsed at once; COPY sends whole rows."""


def stage(rows: pl.DataFrame, table: str, *, more: str = "", joined: bool = True) -> None:
    """Make the temporary table `table` with the frame's columns and rows, until the transaction ends.

    Lists are of whole numbers. `more` declares further columns, which fill themselves. What is not `joined`, but only read
    through, is not analyzed. A table of that name from earlier in the transaction goes.
    """
    columns = ", ".join(f'"{name}" {_sql_type(kind)}' for name, kind in rows.schema.items())
    names = ", ".join(f'"{name}"' for name in rows.columns)
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists pg_temp.{table}")
        cursor.execute(
            f"create temporary table {table} ({columns}{', ' if more else ''}{more}) on commit drop"
        )
        with cursor.copy(f"copy {table} ({names}) from stdin (format csv)") as copy:
            for block in rows.with_columns(_arrays(rows)).iter_slices(_BLOCK):
                copy.write(block.write_csv(include_header=False).encode())
        if joined:
            cursor.execute(f"analyze {table}")


def _sql_type(kind: pl.DataType) -> str:
    return f"{_SQL_TYPES[kind.inner]}[]" if isinstance(kind, pl.List) else _SQL_TYPES[kind.base_type()]


def _arrays(rows: pl.DataFrame) -> list[pl.Expr]:
    """Lists of whole numbers as PostgreSQL writes arrays."""
    return [
        pl.concat_str(pl.lit("{"), pl.col(name).cast(pl.List(pl.String)).list.join(","), pl.lit("}")).alias(
            name
        )
        for name, kind in rows.schema.items()
        if isinstance(kind, pl.List)
    ]


def array_text(values: Iterable[int | str | None]) -> str:
    """An array as PostgreSQL reads it, of whole numbers or of words without signs; None is NULL.

    The driver takes thirty times as long over an array of a hundred thousand.
    """
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"


def execute(sql: str, **params: Any) -> int:
    """Run one statement with named parameters; returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def rows(sql: str, **params: Any) -> list[dict[str, Any]]:
    """Run one query with named parameters; returns its rows by column name."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def number(sql: str, **params: Any) -> int:
    """The whole number that one query answers: for what stands on every page, where building a query costs more than asking it."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.fetchone()[0])


def frame(sql: str, schema: Schema, **params: Any) -> pl.DataFrame:
    """The answer of a SELECT as a frame of that schema; the columns stand in its order."""
    read = {name: pl.String if kind is pl.Boolean else kind for name, kind in schema.items()}
    found = _copied(sql, read, params)
    return found.with_columns(pl.col(name) == "t" for name, kind in schema.items() if kind is pl.Boolean)


def frames(parts: Sequence[tuple[str, Schema]], **params: Any) -> list[pl.DataFrame]:
    """The answers of several SELECTs as frames, read by one statement: in one snapshot, though others commit meanwhile.

    The first column of each is a whole number that orders its rows and is unique among them.
    """
    every = [
        (f"{place}_{name}", kind) for place, (_, schema) in enumerate(parts) for name, kind in schema.items()
    ]
    union = " union all ".join(_part(place, sql, schema, every) for place, (sql, schema) in enumerate(parts))
    answer = frame(union, {"part": pl.Int16, **dict(every)}, **params)
    return [
        answer.filter(pl.col("part") == place)
        .select(pl.col(f"{place}_{name}").alias(name) for name in schema)
        .sort(next(iter(schema)))
        for place, (_, schema) in enumerate(parts)
    ]


def _part(place: int, sql: str, schema: Schema, every: Sequence[tuple[str, type[pl.DataType]]]) -> str:
    """A SELECT as a part of the union: numbered, in columns of its own, nothing in those of the others.

    So no value becomes a text on the way, which took a third of the reading.
    """
    names = ", ".join(f'"{place}_{name}"' for name in schema)
    own = {f"{place}_{name}" for name in schema}
    answer = ", ".join(f'"{name}"' if name in own else f"null::{_SQL_TYPES[kind]}" for name, kind in every)
    return f"select {place} as part, {answer} from ({sql}) as part{place} ({names})"  # noqa: S608  # files of ours


def _copied(sql: str, schema: Schema, params: dict[str, Any]) -> pl.DataFrame:
    """What COPY gives of a SELECT; a schema without booleans, which are "t" and "f" there."""
    parts, text = [], BytesIO()
    with closing(_sent(f"copy ({sql}) to stdout (format csv)", params)) as sent:
        for row in sent:
            text.write(row)
            if text.tell() > _TEXT:
                parts.append(_parsed(text, schema))
                text = BytesIO()
    parts.append(_parsed(text, schema))
    return pl.concat(parts)


def _sent(copy: str, params: dict[str, Any]) -> Generator[memoryview]:
    """The rows of a COPY as the server sends them, to be read to their end.

    They are asked of libpq itself: the driver's own loop takes longer for a row than the server does.
    """
    with connection.cursor():
        query = ClientCursor(connection.connection).mogrify(copy, params)
        wire = connection.connection.pgconn
    try:
        with connection.wrap_database_errors:
            _expect(wire.exec_(query.encode()), ExecStatus.COPY_OUT)
            size, row = wire.get_copy_data(0)
            while size >= 0:
                yield row
                size, row = wire.get_copy_data(0)
            for ended in list(iter(wire.get_result, None)):
                _expect(ended, ExecStatus.COMMAND_OK)
    finally:
        if wire.transaction_status == TransactionStatus.ACTIVE:
            connection.close()


def _expect(answer: PGresult, status: ExecStatus) -> None:
    if answer.status != status:
        raise error_from_result(answer)


def _parsed(text: BytesIO, schema: Schema) -> pl.DataFrame:
    if not text.tell():
        return pl.DataFrame(schema=dict(schema))
    text.seek(0)
    return pl.read_csv(text, has_header=False, schema=dict(schema))
