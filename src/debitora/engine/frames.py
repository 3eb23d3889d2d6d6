"""What every frame that enters the engine must look like, and the refusal when it does not."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

Schema = Mapping[str, type[pl.DataType]]
"""Column names and their types, in the order in which the engine writes them."""


class WrongFrame(Exception):
    """A frame lacks a column, or holds one in another type; the text names frame, column and both types."""


def expect(frame: pl.DataFrame, schema: Schema, *, name: str) -> pl.LazyFrame:
    """The frame's columns of the schema, lazily. Further columns are left out. Raises WrongFrame."""
    for column, kind in schema.items():
        found = frame.schema.get(column)
        if found is None:
            raise WrongFrame(f"{name}: no column {column}")
        if found != kind and found != pl.Null:
            raise WrongFrame(f"{name}: {column} is {found}, needs {kind.__name__}")
    return frame.lazy().select(pl.col(column).cast(kind) for column, kind in schema.items())


def empty(schema: Schema) -> pl.DataFrame:
    """A frame of that shape without rows."""
    return pl.DataFrame(schema=dict(schema))
