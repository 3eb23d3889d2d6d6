"""Bulk writing: a frame goes by COPY into a temporary table, and from there by INSERT ... SELECT behind the wall.

PostgreSQL refuses COPY into a table whose policies apply to the role; the detour costs about half a second per million rows
and keeps the second wall (MEASURED: docs/decisions/0008).
"""

from __future__ import annotations

import io
from typing import Any, Final

import polars as pl
from django.db import connection

_TYPES: Final = {
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


def stage(frame: pl.DataFrame, table: str) -> None:
    """Put a frame into the new temporary table `table` (gone at the end of the transaction), columns by name."""
    columns = ", ".join(f'"{name}" {_type(dtype)}' for name, dtype in frame.schema.items())
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists pg_temp.{table}")  # of an earlier call in this transaction
        cursor.execute(f"create temporary table {table} ({columns}) on commit drop")
        _copy(cursor.cursor, frame, table)
        cursor.execute(f"analyze {table}")


def _copy(cursor: Any, frame: pl.DataFrame, table: str) -> None:
    names = ", ".join(f'"{name}"' for name in frame.columns)
    with cursor.copy(f"copy {table} ({names}) from stdin (format csv, null '\\N')") as copy:
        for part in frame.iter_slices(200_000):
            buffer = io.BytesIO()
            part.write_csv(buffer, include_header=False, null_value="\\N", quote_style="necessary")
            copy.write(buffer.getvalue())


def _type(dtype: pl.DataType) -> str:
    return _TYPES[dtype.base_type()]


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


def frame(sql: str, schema: dict[str, Any], **params: Any) -> pl.DataFrame:
    """Run one query with named parameters; returns its rows as a frame of the schema, within the open transaction."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return pl.DataFrame(cursor.fetchall(), schema=schema, orient="row")
