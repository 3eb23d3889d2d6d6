"""Which way an amount points and whether an item is still open, by whatever a list says it with."""

from __future__ import annotations

from typing import Final

import polars as pl

from debitora.formats import synonyms
from debitora.formats.cells import faults_of
from debitora.formats.faults import FaultCode, Faults
from debitora.formats.mapping import Mapping, Sign

_PLAIN_WORDS: Final = tuple(
    "1 0 true false wahr falsch vrai faux waar onwaar yes no y n ja nein j oui non o nee x".split()
)


def with_signs(frame: pl.DataFrame, mapping: Mapping) -> tuple[pl.DataFrame, Faults]:
    """Adds `open_signed` and `amount_minor`, debits positive; from open_read, amount_read, debit_read, credit_read."""
    if mapping.sign is Sign.COLUMNS:
        net = pl.col("debit_read").fill_null(0) - pl.col("credit_read").fill_null(0)
        is_empty = pl.col("debit_read").is_null() & pl.col("credit_read").is_null()
        return frame.with_columns(
            open_signed=pl.when(is_empty).then(None).otherwise(net), amount_minor=pl.col("amount_read")
        ), Faults()
    faults = Faults()
    turned = pl.lit(mapping.sign is Sign.DEBIT_NEGATIVE)
    if mapping.sign is Sign.FLAG:
        frame, faults = _with_sides(frame, mapping)
        turned = pl.col("is_credit")
    money = {"open_signed": pl.col("open_read"), "amount_minor": pl.col("amount_read")}
    if mapping.sign is Sign.KIND:
        turned = pl.col("kind").str.to_lowercase().is_in(list(synonyms.CREDIT_KINDS))
        money = {name: pl.when(turned).then(read.abs()).otherwise(read) for name, read in money.items()}
    return frame.with_columns(
        **{name: pl.when(turned).then(-read).otherwise(read) for name, read in money.items()}
    ), faults


def _with_sides(frame: pl.DataFrame, mapping: Mapping) -> tuple[pl.DataFrame, Faults]:
    """Adds `is_credit` by the debit/credit column; neither is a fault."""
    if "side" not in frame.columns:
        frame = frame.with_columns(side=pl.lit(None, dtype=pl.String))
    side = pl.col("side").fill_null("").str.strip_chars().str.to_lowercase()
    is_debit, is_credit = side.is_in(list(synonyms.DEBIT_VALUES)), side.is_in(list(synonyms.CREDIT_VALUES))
    frame = frame.with_columns(is_credit=is_credit, hit=~(is_debit | is_credit))
    faults = faults_of(frame, "hit", FaultCode.SIDE_UNREADABLE, mapping.header("side"), shown="side")
    return frame.with_columns(bad=pl.col("bad") | pl.col("hit")), faults


def with_open_flag(frame: pl.DataFrame, mapping: Mapping) -> tuple[pl.DataFrame, Faults]:
    """Adds `flag_open`: what an explicit open flag says, null where there is none. It beats every date.

    An empty cell beside filled ones means the opposite of the mark: not open, or (inverted) not settled.
    """
    if "open_flag" not in mapping.columns:
        return frame.with_columns(flag_open=pl.lit(None, dtype=pl.Boolean)), Faults()
    word = pl.col("open_flag").fill_null("").str.strip_chars().str.to_lowercase().str.replace(r"\.0$", "")
    opens = _words(synonyms.OPEN_VALUES, synonyms.SETTLED_VALUES, inverted=mapping.flag_inverted)
    settles = _words(synonyms.SETTLED_VALUES, synonyms.OPEN_VALUES, inverted=mapping.flag_inverted)
    frame = frame.with_columns(
        flag_open=pl.when(word.is_in(opens))
        .then(statement=True)
        .when(word.is_in(settles))
        .then(statement=False)
        .when(word == "")
        .then(pl.lit(mapping.flag_inverted))
        .otherwise(None),
        hit=(word != "") & ~word.is_in(opens) & ~word.is_in(settles),
    )
    faults = faults_of(
        frame, "hit", FaultCode.OPEN_FLAG_UNREADABLE, mapping.header("open_flag"), shown="open_flag"
    )
    return frame.with_columns(bad=pl.col("bad") | pl.col("hit")), faults


def _words(plain: frozenset[str], opposite: frozenset[str], *, inverted: bool) -> list[str]:
    """Words of one meaning; where yes means settled, yes and no change sides but "open" and "paid" do not."""
    own = {word for word in plain if not inverted or word not in _PLAIN_WORDS}
    return sorted(own | ({word for word in opposite if word in _PLAIN_WORDS} if inverted else set()))
