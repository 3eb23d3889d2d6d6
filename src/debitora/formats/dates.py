"""Days as lists write them: any order, month names, compact, float-shaped, spreadsheet serials.

A column has few different days, so each different text is read once, whatever the length of the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

import polars as pl

from debitora.formats.faults import FaultCode
from debitora.formats.mapping import DateOrder

EMPTY: Final = frozenset(
    {
        "",
        "-",
        "--",
        ".",
        "null",
        "none",
        "nan",
        "nat",
        "n/a",
        "#n/a",
        "#nv",
        "(null)",
        "<na>",
        "00.00.0000",
        "0000-00-00",
    }
    | {"00000000", "0", "0.0", "  .  .", "..", "00/00/0000"}
)
"""What programs write where there is no day."""

_MAX_LENGTH: Final = 40
_TIME: Final = re.compile(r"[T\s]+\d{1,2}:\d{2}.*$")
_ISO: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_COMPACT: Final = re.compile(r"((?:19|20|21)\d{2})(\d{2})(\d{2})(?:[.,]0+)?")
_PARTS: Final = re.compile(r"(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4}|\d{2})")
_SERIAL: Final = re.compile(r"([2-8]\d{4})(?:[.,]\d+)?")
_DAY_NAME: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er)?[.\s-]+([^\W\d_]+)\.?[,\s-]+(\d{4}|\d{2})")
_NAME_DAY: Final = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_SERIAL_ORIGIN: Final = date(1899, 12, 30)

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jänner januari janvier janv",
            "feb february februar feber februari février févr fevrier",
            "mar march märz mrz mär maart mrt mars maerz",
            "apr april avril avr",
            "may mai mei",
            "jun june juni juin",
            "jul july juli juillet juil",
            "aug august augustus août aout",
            "sep sept september septembre",
            "oct october okt oktober octobre",
            "nov november novembre",
            "dec december dez dezember décembre déc decembre",
        ),
        start=1,
    )
    for name in names.split()
}


def day_of(text: str, order: DateOrder) -> date | FaultCode | None:
    """The day, None where the cell says that there is none, or DATE_UNREADABLE, DATE_IMPOSSIBLE."""
    if len(text.strip()) > _MAX_LENGTH:
        return FaultCode.DATE_UNREADABLE
    plain = _plain(text)
    if plain.casefold() in EMPTY:
        return None
    parts = _parts(plain, order)
    if isinstance(parts, date) or parts is None:
        return parts or FaultCode.DATE_UNREADABLE
    try:
        day = date(*parts)
    except ValueError:
        return FaultCode.DATE_IMPOSSIBLE
    return day if 1900 <= day.year < 2200 else FaultCode.DATE_IMPOSSIBLE


def _plain(text: str) -> str:
    """The text without the time of day and the apostrophe of a guarded cell."""
    return _TIME.sub("", text.strip().lstrip("'")).strip()


def _parts(text: str, order: DateOrder) -> tuple[int, int, int] | date | None:
    """(year, month, day) as written; a serial number is a day already."""
    found = _ISO.fullmatch(text) or _COMPACT.fullmatch(text)
    if found:
        return int(found[1]), int(found[2]), int(found[3])
    found = _PARTS.fullmatch(text)
    if found:
        first, second, year = int(found[1]), int(found[2]), _year(found[3])
        if order is DateOrder.YMD and len(found[3]) == 2:
            return _year(found[1]), second, int(found[3])
        return (year, first, second) if order is DateOrder.MDY else (year, second, first)
    found = _SERIAL.fullmatch(text)
    return _SERIAL_ORIGIN + timedelta(days=int(found[1])) if found else _named(text.casefold())


def _named(text: str) -> tuple[int, int, int] | None:
    found = _DAY_NAME.fullmatch(text)
    if found and found[2] in _MONTHS:
        return _year(found[3]), _MONTHS[found[2]], int(found[1])
    found = _NAME_DAY.fullmatch(text)
    if found and found[1] in _MONTHS:
        return int(found[3]), _MONTHS[found[1]], int(found[2])
    return None


def _year(digits: str) -> int:
    """Two digits mean 1970 to 2069."""
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (2000 if year < 70 else 1900)


def looks_like_day(text: str) -> bool:
    """Whether the text has the shape of a day in some order; bare serial numbers do not count."""
    if len(text.strip()) > _MAX_LENGTH:
        return False
    plain = _plain(text)
    if _ISO.fullmatch(plain) or _PARTS.fullmatch(plain) or _named(plain.casefold()):
        return True
    compact = _COMPACT.fullmatch(plain)
    return compact is not None and 1 <= int(compact[2]) <= 12 and 1 <= int(compact[3]) <= 31


def order_evidence(texts: Iterable[str]) -> tuple[int, int, int]:
    """(texts that fit only day-month, only month-day, texts that leave it open) among different texts of one list."""
    dmy = mdy = either = 0
    for text in texts:
        found = _PARTS.fullmatch(_plain(text)) if len(text) <= 2 * _MAX_LENGTH else None
        if not found:
            continue
        first, second = int(found[1]), int(found[2])
        dmy += first > 12 >= second
        mdy += second > 12 >= first
        either += first <= 12 and second <= 12 and first != second
    return dmy, mdy, either


def read_days(texts: pl.Series, order: DateOrder) -> pl.DataFrame:
    """Columns `day` (Date, null where there is none) and `code` (fault code, null where all is well), row by row."""
    different = texts.unique().drop_nulls().to_list()
    read = [day_of(text, order) for text in different]
    known = pl.DataFrame(
        {
            "text": different,
            "day": [each if isinstance(each, date) else None for each in read],
            "code": [each.value if isinstance(each, FaultCode) else None for each in read],
        },
        schema={"text": pl.String, "day": pl.Date, "code": pl.String},
    )
    joined = pl.DataFrame({"text": texts}).join(known, on="text", how="left", maintain_order="left")
    return joined.select("day", "code")
