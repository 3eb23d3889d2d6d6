"""What people type into filters: amounts like 1.190,00 and days like 31.3. or +14. A day or amount, or None: not one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

_POINTS_GROUP: Final = re.compile(r"\d{1,3}(?:[.' ]\d{3})+(?:,\d{1,3})?")
_COMMAS_GROUP: Final = re.compile(r"\d{1,3}(?:[,' ]\d{3})+(?:\.\d{1,3})?")
_PLAIN: Final = re.compile(r"\d{1,15}(?:[.,]\d{1,3})?")
_JOINER: Final = "\u2060"  # in a Dutch date that was copied from a page
_BLANKS: Final = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2019": "'"})


def typed_amount(text: str) -> Decimal | None:
    """The amount a person typed, without sign: 1190, 1190,5, 1.190,00, 1,190.00, 1'190.00, "1 190,00".

    A dot or comma before exactly three digits groups thousands ("1.190" is 1190), for that is how lists show it.
    """
    plain = text.translate(_BLANKS).strip().lstrip("-+").removesuffix("€").strip()
    if _POINTS_GROUP.fullmatch(plain):
        return Decimal(re.sub(r"[.' ]", "", plain).replace(",", "."))
    if _COMMAS_GROUP.fullmatch(plain):
        return Decimal(re.sub(r"[,' ]", "", plain))
    return Decimal(plain.replace(",", ".")) if _PLAIN.fullmatch(plain) else None


def typed_day(text: str, *, on: date) -> date | None:
    """The day a person typed, seen from the day `on`: 31.3., 31/3, 31-3, 31.03.2026, 31-3-26, 2026-03-31, +14.

    A day without a year is the nearest such day that is not before `on`. A day that no calendar has is None.
    """
    plain = text.replace(_JOINER, "").strip()
    for pattern, read in _DAYS:
        if found := re.fullmatch(pattern, plain):
            try:
                return read(found.groups(), on)
            except (ValueError, OverflowError):
                return None
    return None


def _from_today(groups: tuple[str, ...], on: date) -> date:
    return on + timedelta(days=int(groups[0]))


def _with_year(groups: tuple[str, ...], _on: date) -> date:
    year = int(groups[2])
    return date(year + 2000 if len(groups[2]) == 2 else year, int(groups[1]), int(groups[0]))


def _without_year(groups: tuple[str, ...], on: date) -> date:
    """29.2. is searched over the years that may have to pass until it comes."""
    day, month = int(groups[0]), int(groups[1])
    for year in range(on.year, on.year + 9):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= on:
            return found
    raise ValueError(groups)


def _iso(groups: tuple[str, ...], _on: date) -> date:
    return date(*(int(group) for group in groups))


_DAYS: Final[tuple[tuple[str, Callable[[tuple[str, ...], date], date]], ...]] = (
    (r"([+-]\d{1,5})", _from_today),
    (r"(\d{4})-(\d{1,2})-(\d{1,2})", _iso),
    (r"(\d{1,2})[./-](\d{1,2})[./-](\d{2}|\d{4})", _with_year),
    (r"(\d{1,2})[./-](\d{1,2})\.?", _without_year),
)
