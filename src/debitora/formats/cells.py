"""Columns of text cells: cleaned texts, keys for comparing, and the faults of marked rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

from debitora.formats.faults import MAX_KEPT, Fault, FaultCode, Faults, fault
from debitora.formats.grid import Table

_CONTROL: Final = r"[\x00-\x1f\x7f]+"


def texts_of(frame: pl.DataFrame, names: Iterable[str], float_shaped: Iterable[str] = ()) -> pl.DataFrame:
    """The frame with cleaned texts: no blanks at the ends, no control characters, "" where empty or absent.

    An apostrophe that guards a formula sign is taken off, and the ".0" of numbers that are shaped like floats.
    """
    return frame.with_columns(
        _text(frame[name], is_float=name in float_shaped) if name in frame.columns else pl.lit("").alias(name)
        for name in names
    )


def _text(cells: pl.Series, *, is_float: bool) -> pl.Series:
    text = cells.fill_null("")
    if text.str.contains(_CONTROL).any():
        text = text.str.replace_all(_CONTROL, " ")
    text = text.str.strip_chars()
    if text.str.starts_with("'").any():
        text = text.str.replace(r"^'([=+\-@'＝＋－＠])", "${1}")
    return text.str.replace(r"[.,]0$", "") if is_float else text


def key_expression(name: str) -> pl.Expr:
    """`values.numbers.number_key` on a column: no blanks, capital letters, no leading zeros ("00" is "0")."""
    plain = pl.col(name).str.replace_all(r"[\s\x1c-\x1f]+", "").str.to_uppercase()
    bare = plain.str.strip_chars_start("0")
    return pl.when(bare == "").then(plain.str.slice(0, 1)).otherwise(bare)


def faults_of(
    frame: pl.DataFrame, mark: str, code: FaultCode, header: str, *, shown: str | None = None
) -> Faults:
    """One fault for each row that is marked; the value is the text of column `shown`."""
    if not frame[mark].any():
        return Faults()
    hit = frame.filter(pl.col(mark))
    kept = hit.head(MAX_KEPT)
    values = kept[shown].fill_null("").to_list() if shown else [""] * kept.height
    return Faults.at(code, lines=kept["line"].to_list(), values=values, column=header, total=hit.height)


def severed_rows(table: Table, body: pl.DataFrame) -> Faults:
    """COLUMN_CUT for each row of data in which a border between columns of fixed width runs through a number."""
    if table.severed is None or not table.severed.height:
        return Faults()
    marked = table.severed.join(body.select("line"), on="line", how="semi").with_columns(hit=True)
    return faults_of(marked, "hit", FaultCode.COLUMN_CUT, "", shown="value")


def first_of_equal(
    frame: pl.DataFrame, keys: list[str], code: FaultCode, *, shown: str, column: str
) -> Faults:
    """A fault for each row whose keys stood on an earlier line; its param `first` names that line."""
    if frame.select(keys).hash_rows().n_unique() == frame.height:
        return Faults()
    marked = frame.select("line", shown, first=pl.col("line").min().over(keys)).filter(
        pl.col("line") > pl.col("first")
    )
    kept: list[Fault] = [
        fault(code, line=line, column=column, value=value, first=first)
        for line, value, first in marked.head(MAX_KEPT).iter_rows()
    ]
    return Faults(tuple(kept), ((code, marked.height),))
