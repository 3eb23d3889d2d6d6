"""Regions: parts of a country by its postcodes, told as their first digits: "1", "80-87", "01067"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

LENGTHS: Final = {
    "AT": 4, "BE": 4, "BG": 4, "CH": 4, "CZ": 5, "DE": 5, "DK": 4, "EE": 5, "ES": 5, "FI": 5, "FR": 5, "GR": 5, "HR": 5,
    "HU": 4, "IT": 5, "LI": 4, "LT": 5, "LU": 4, "LV": 4, "NL": 4, "NO": 4, "PL": 5, "PT": 4, "RO": 6, "SE": 5, "SI": 4,
    "SK": 5, "US": 5,
}  # fmt: skip
"""Digits of a postcode, by the countries whose postcodes begin with digits; letters and digits behind them say where in a town."""
MOST_PARTS: Final = 20
_PART: Final = re.compile(r"(\d+)(?:-(\d+))?")
_WRITTEN: Final = re.compile(r"(?:[A-Z]{1,3}[\s-]*)?([\d\s-]*)")


class NotAPartOfPostcodes(Exception):
    """What was written is no beginning of postcodes of the country; the text is that part."""


def parts_of(text: str, country: str) -> tuple[str, ...]:
    """Beginnings and ranges of them, as people write them ("80 - 87, 01; 9") -> each as "80-87", "01", "9".

    A country's own code may stand in front. Raises NotAPartOfPostcodes for the first that is none.
    """
    joined = re.sub(r"\s*[-\N{EN DASH}]\s*", "-", text.upper())
    found = [one.strip() for one in re.split(r"[,;\n]+", joined) if one.strip()]
    return tuple(dict.fromkeys(_part(one, country) for one in found))


def is_part(part: str, country: str) -> bool:
    """Whether that is a beginning, or a range of beginnings of one length, of the country's postcodes."""
    found = _PART.fullmatch(part)
    if found is None or country not in LENGTHS or not part.isascii():
        return False
    low, high = found[1], found[2] or found[1]
    return len(low) == len(high) <= LENGTHS[country] and low <= high


def within(parts: Sequence[str], postcode: str, country: str) -> bool:
    """Whether the postcode of an address in the country lies in one of the parts. One that cannot be read lies in none."""
    digits = digits_of(postcode, country)
    return bool(digits) and any(low <= digits <= high for low, high in _bounds(parts, country))


def covers(parts: Sequence[str], others: Sequence[str], country: str) -> bool:
    """Whether each of the other parts lies in one of these."""
    own = _bounds(parts, country)
    return all(
        any(low <= first and last <= high for low, high in own) for first, last in _bounds(others, country)
    )


def digits_of(postcode: str, country: str) -> str:
    """The digits by which a postcode is compared: "D-80331" -> "80331", "1012 AB" -> "1012"; "" where it cannot be read.

    A zero in front that a spreadsheet took away is put back.
    """
    length = LENGTHS.get(country, 0)
    found = _WRITTEN.match(postcode.strip().upper())
    digits = re.sub(r"\D", "", found[1]) if found and postcode.isascii() else ""
    if not length or len(digits) < length - 1:
        return ""
    return digits.zfill(length)[:length]


def _part(written: str, country: str) -> str:
    bare = re.sub(rf"^{re.escape(country)}[\s-]*(?=\d)", "", written) if country else written
    if not is_part(bare, country):
        raise NotAPartOfPostcodes(written)
    return bare


def _bounds(parts: Sequence[str], country: str) -> list[tuple[str, str]]:
    """The first and the last postcode of each part."""
    length = LENGTHS.get(country, 0)
    told = (part.partition("-") for part in parts)
    return [(low.ljust(length, "0"), (high or low).ljust(length, "9")) for low, _dash, high in told]
