"""Amounts as lists write them -> minor units: marks, signs before and behind, brackets, currency signs, S/H letters.

Everything is done on whole columns. The rounding is that of `values.money.to_minor`: half up, away from zero; since it
looks at one digit only, it is done on digits, exactly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import polars as pl

from debitora.formats.faults import FaultCode
from debitora.formats.mapping import Mapping
from debitora.values.money import MAX_MINOR, currencies, exponent

EMPTY: Final = ("", "-", "--", "null", "none", "nan", "n/a", "#n/a", "#nv", "(null)", "<na>")
SIMPLE: Final = r"^[-+]?\d(?:[\d.,]*\d)?$"

SYMBOLS: Final = {
    "€": "EUR",
    "$": "USD",
    "US$": "USD",
    "£": "GBP",
    "¥": "JPY",
    "Fr.": "CHF",
    "SFr.": "CHF",
    "CHF": "CHF",
}

_CURRENCY_SIGN: Final = (
    "(?:" + "|".join(currencies()) + r"|EURO|Euro|euro|eur|US\$|S?[Ff]r\.|kr\.?|zł|[€$£¥])"
)
_CREDIT_LETTERS: Final = r"(?i)(?:h|haben|cr|c)$"
_SIDE_LETTERS: Final = r"(?i)(?:s|h|soll|haben|cr|dr|c|d)$"


@dataclass(frozen=True, slots=True)
class Marks:
    """Decimal and thousands mark of a list; `mixed` where some cells prove a comma and others a point."""

    decimal: str
    thousands: str
    proven: bool
    mixed: bool = False


def cleaned(texts: pl.Expr) -> pl.Expr:
    """The text without blanks, currency signs and letters of side: sign, digits and marks; null where nothing stands."""
    plain = (
        texts.str.replace_all(r"[\s\u{a0}\u{202f}\u{2007}\u{2009}]+", "")
        .str.strip_prefix("'")
        .str.replace_all("[−–]", "-")
        .str.replace_all("[’´`]", "'")
        .str.replace(f"^([-+(]?){_CURRENCY_SIGN}", "${1}")
        .str.replace(f"{_CURRENCY_SIGN}([-)]?)$", "${1}")
        .str.replace(r"[.,]-{1,2}$", "")
    )
    return pl.when(plain.str.to_lowercase().is_in(list(EMPTY))).then(None).otherwise(plain)


def body_pattern(decimal: str, thousands: str) -> str:
    """The pattern of an unsigned amount in the notation of a list.

    A group never begins with a zero. Where the list does not group, groups still count when they cannot be misread: two
    of them, or one before decimals.
    """
    mark = re.escape(decimal)
    plain = rf"^\d+(?:{mark}\d+)?$|^{mark}\d+$"
    if thousands == "'":
        return rf"{plain}|^[1-9]\d{{0,2}}(?:'\d{{3}})+(?:{mark}\d+)?$"
    group = rf"[1-9]\d{{0,2}}(?:{re.escape(_counterpart(decimal))}\d{{3}})"
    if thousands in {".", ","}:
        return rf"{plain}|^{group}+(?:{mark}\d+)?$"
    return rf"{plain}|^{group}+{mark}\d+$|^{group}{{2,}}$"


def _counterpart(decimal: str) -> str:
    return "." if decimal == "," else ","


def unsigned(plain: pl.Expr) -> pl.Expr:
    """The cleaned text without its sign, brackets and letters of side."""
    return (
        plain.str.replace(_SIDE_LETTERS, "")
        .str.replace(r"^\((.*)\)$", "${1}")
        .str.replace(r"^[-+]|[-+]$", "")
    )


def is_negative(plain: pl.Expr) -> pl.Expr:
    """Whether a cleaned text is a credit by its own sign: -5, 5-, (5), 5 H."""
    minus = plain.str.contains(r"^-|-(?:[A-Za-z]+)?$|^\(.*\)$")
    return minus ^ plain.str.contains(_CREDIT_LETTERS)


def find_marks(columns: list[pl.Series]) -> Marks:
    """Decimal and thousands mark by the cells of all amount columns.

    Proof: both marks in one cell (the last is the decimal one), one mark several times (thousands), one mark with other
    than three digits behind it (decimal). "1.234" alone proves nothing, and is no group where larger amounts have none.
    """
    counts = dict.fromkeys(_evidence(), 0)
    for column in columns:
        found = pl.DataFrame({"text": column}).select(unsigned(cleaned(pl.col("text"))).alias("text"))
        tally = found.select(
            **{name: pl.col("text").str.contains(p).sum() for name, p in _evidence().items()}
        )
        counts = {name: counts[name] + int(tally[name][0] or 0) for name in counts}
    return _marks(counts)


def _evidence() -> dict[str, str]:
    return {
        "comma": r"^[\d.' ]*,(?:\d{1,2}|\d{4,})$|\.\d{3},\d*$|^\d{4,},\d+$|^0?,\d+$|\d\.\d{3}\.\d{3}$|'\d{3},\d+$",
        "point": r"^[\d,' ]*\.(?:\d{1,2}|\d{4,})$|,\d{3}\.\d*$|^\d{4,}\.\d+$|^0?\.\d+$|\d,\d{3},\d{3}$|'\d{3}\.\d+$",
        "grouped_point": r"^\d{1,3}(?:\.\d{3})+(?:,\d*)?$",
        "grouped_comma": r"^\d{1,3}(?:,\d{3})+(?:\.\d*)?$",
        "apostrophe": r"^\d{1,3}(?:'\d{3})+(?:[.,]\d*)?$",
        "sure_group": r"[.,']\d{3}[.,']\d",
        "ungrouped": r"^\d{4,}(?:[.,]\d{1,2})?$",
    }


def _marks(counts: dict[str, int]) -> Marks:
    comma, point = counts["comma"], counts["point"]
    proven = comma > 0 or point > 0
    if proven:
        decimal = "," if comma > point else "."
    else:
        decimal = "," if counts["grouped_point"] > counts["grouped_comma"] else "."
    other = "grouped_point" if decimal == "," else "grouped_comma"
    is_grouped = counts[other] > 0 and (counts["sure_group"] > 0 or counts["ungrouped"] == 0)
    thousands = "'" if counts["apostrophe"] else ("." if decimal == "," else ",") if is_grouped else ""
    undecided = counts["grouped_point"] + counts["grouped_comma"] > 0
    return Marks(decimal, thousands, proven or not undecided, comma > 0 and point > 0)


def to_minor_columns(
    frame: pl.DataFrame, name: str, mapping: Mapping, numeric: pl.Series | None = None
) -> pl.DataFrame:
    """Columns `minor` (Int64, signed as written) and `code` (fault code), for the text column `name` and `currency`.

    Rows whose currency is null or unknown give null without a code of their own.
    """
    places = _places(frame["currency"])
    if _is_even(frame[name], places, mapping.decimal_mark):
        minor = frame[name].str.replace(mapping.decimal_mark, "", literal=True).cast(pl.Int64)
        return pl.DataFrame(
            {"minor": minor, "code": pl.Series([None], dtype=pl.String).new_from_index(0, len(minor))}
        )
    work = _split_sign(frame, name).with_columns(places=places)
    work = work.with_columns(digits=_canonical(mapping, numeric))
    parts = pl.col("digits").str.splitn(".", 2)
    work = work.with_columns(
        whole=parts.struct.field("field_0").str.strip_chars_start("0"),
        part=parts.struct.field("field_1").fill_null("").str.pad_end(4, "0").str.slice(0, 4).cast(pl.Int64),
    )
    work = work.with_columns(minor=_scaled())
    unread = pl.col("body").is_not_null() & (
        pl.col("digits").is_null() | (pl.col("minor").is_null() & pl.col("places").is_not_null())
    )
    if not work.select(unread.any()).item():
        return work.select("minor", code=pl.lit(None, dtype=pl.String))
    return work.select("minor", code=_code(mapping))


def _is_even(texts: pl.Series, places: pl.Series, decimal_mark: str) -> bool:
    """Whether every amount is bare digits with exactly two places in currencies of two: then the mark alone is in the way."""
    if places.null_count() or not (places == 2).all():
        return False
    return bool(texts.str.contains(rf"^-?\d{{1,13}}{re.escape(decimal_mark)}\d\d$").all())


def _split_sign(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Columns `body` (digits and marks, null where nothing stands) and `negative`; the short way where all is plain."""
    text = pl.col(name)
    if frame[name].drop_nulls().str.contains(SIMPLE).all():
        return frame.select(body=text.str.strip_chars_start("-+"), negative=text.str.starts_with("-"))
    plain = frame.select(plain=cleaned(text))
    return plain.select(body=unsigned(pl.col("plain")), negative=is_negative(pl.col("plain")))


def _canonical(mapping: Mapping, numeric: pl.Series | None) -> pl.Expr:
    """Digits with a decimal point, or null where the text is no amount in the list's notation."""
    body = pl.col("body")
    marks = {mapping.thousands_mark, _counterpart(mapping.decimal_mark)} & {".", ",", "'"}
    written = body
    for mark in sorted(marks):
        written = written.str.replace_all(mark, "", literal=True)
    if mapping.decimal_mark == ",":
        written = written.str.replace(",", ".", literal=True)
    fits = body.str.contains(body_pattern(mapping.decimal_mark, mapping.thousands_mark))
    read = pl.when(fits).then(written).otherwise(None)
    if numeric is None:
        return read
    return pl.when(numeric & body.str.contains(r"^\d*(?:\.\d+)?$")).then(body).otherwise(read)


def _places(currency: pl.Series) -> pl.Series:
    codes = {code: exponent(code) for code in currencies()}
    return currency.replace_strict(codes, default=None, return_dtype=pl.Int64)


def _scaled() -> pl.Expr:
    """Minor units: whole digits shifted, the first places of the part, plus one where the next digit is 5 or more."""
    whole = pl.when(pl.col("whole").str.len_chars() <= 15).then(pl.col("whole")).otherwise(None)
    number = pl.when(whole == "").then(0).otherwise(whole.cast(pl.Int64, strict=False))
    magnitude = pl.lit(None, dtype=pl.Int64)
    for places in (0, 2, 3):
        kept = 10 ** (4 - places)
        rounded = pl.col("part") // kept + ((pl.col("part") // (kept // 10)) % 10 >= 5).cast(pl.Int64)
        magnitude = (
            pl.when(pl.col("places") == places).then(number * 10**places + rounded).otherwise(magnitude)
        )
    signed = pl.when(pl.col("negative")).then(-magnitude).otherwise(magnitude)
    return pl.when(magnitude < MAX_MINOR).then(signed).otherwise(None)


def _code(mapping: Mapping) -> pl.Expr:
    """Why a text gave no amount; DECIMALS_MIXED where it would be one with the other decimal mark."""
    other = _counterpart(mapping.decimal_mark)
    return (
        pl.when(pl.col("body").is_null())
        .then(None)
        .when(
            pl.col("digits").is_null() & pl.col("body").str.contains(body_pattern(other, _counterpart(other)))
        )
        .then(pl.lit(FaultCode.DECIMALS_MIXED.value))
        .when(pl.col("digits").is_null())
        .then(pl.lit(FaultCode.AMOUNT_UNREADABLE.value))
        .when(pl.col("minor").is_null() & pl.col("places").is_not_null())
        .then(pl.lit(FaultCode.AMOUNT_TOO_LARGE.value))
        .otherwise(None)
    )
