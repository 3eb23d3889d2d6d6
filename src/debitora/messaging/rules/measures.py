"""How much room texts need in a letter, reckoned from the widths of Inter's glyphs, always a little too much.

Typst can find widths, heights and fitting sizes itself, by typesetting each piece several times; telling it makes a
letter twice as fast.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

TABLE_WIDTH: Final = 165.0
"""Millimetres between the margins of a letter."""

_TABLE_SIZES: Final = (8.5, 8.0, 7.5, 7.0, 6.5, 6.0, 5.5, 5.0)
_GAP: Final = 3.4
_NARROWEST_NUMBER: Final = 24.0
_MM_PER_POINT: Final = 25.4 / 72
_HEAD_SHARE: Final = 0.9
_ADDRESS_PITCH: Final = 1.23
_INFO_PITCH: Final = 1.43


@dataclass(frozen=True, slots=True)
class Columns:
    """How a table is set: text size in points; widths in millimetres, None for the first column, which takes the rest.

    `plain`: every row needs one line only, so that all rows can have the same height.
    """

    size: float
    widths: tuple[float | None, ...]
    plain: bool


def columns_of(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Columns:
    """The largest size at which all columns have room and the first, that of the numbers, at least 24 mm."""
    for size in _TABLE_SIZES:
        widths = _widths(head, rows, size)
        first = TABLE_WIDTH - sum(widths)
        if first >= _NARROWEST_NUMBER:
            break
    plain = all(text_width(row[0], size) <= first for row in rows)
    return Columns(size, (None, *widths), plain)


def address_size(lines: Sequence[str]) -> float:
    """Points at which the address keeps within its zone of 80 x 26 mm: 10, less for long or many lines."""
    return _largest_size(lines, width=80, height=26, largest=10, pitch=_ADDRESS_PITCH)


def information_size(values: Sequence[str]) -> float:
    """Points at which the values of the information block keep within 42 x 42 mm, an e-mail in one line: 8, or less."""
    size = _largest_size(values, width=42, height=42, largest=8, pitch=_INFO_PITCH)
    while (
        size > 6 and max((text_width(value, size) for value in " ".join(values).split(" ")), default=0) > 42
    ):
        size = round(size - 0.2, 1)
    return size


def return_line_size(line: str) -> float:
    """Points at which the return line fits into one line of 80 mm: 6.8, or less."""
    return _largest_size([line], width=80, height=3.4, largest=6.8, pitch=_ADDRESS_PITCH)


def text_width(text: str, size: float) -> float:
    """An upper bound of the text's width in millimetres at a size in points."""
    return _shares(text) * size * _MM_PER_POINT


def _widths(head: Sequence[str], rows: Sequence[Sequence[str]], size: float) -> list[float]:
    """Widths of all columns but the first, their gap included."""
    columns = list(zip(*rows, strict=True)) or [()] * len(head)
    return [
        round(
            max([text_width(name, size * _HEAD_SHARE), *(text_width(cell, size) for cell in column)]) + _GAP,
            1,
        )
        for name, column in zip(head[1:], columns[1:], strict=True)
    ]


def _largest_size(
    lines: Sequence[str], *, width: float, height: float, largest: float, pitch: float
) -> float:
    """The largest size, in steps of a fifth of a point and not below four, at which the wrapped lines fit."""
    size = largest
    while size > 4 and _wrapped(lines, width, size) * size * pitch * _MM_PER_POINT > height:
        size = round(size - 0.2, 1)
    return size


def _wrapped(lines: Sequence[str], width: float, size: float) -> int:
    return sum(max(1, math.ceil(text_width(line, size) / width)) for line in lines)


@lru_cache(maxsize=4096)
def _shares(text: str) -> float:
    """The text's width in font sizes; kept, since a text is tried at several sizes and labels come back on each letter."""
    return sum(map(_glyph_share, text))


@lru_cache(maxsize=1024)
def _glyph_share(glyph: str) -> float:
    """The glyph's width as a share of the font size."""
    if glyph in ".,:;'|!()[] \u00a0iljftrI":
        return 0.38
    if glyph in "mwMW@%…—" or ord(glyph) > 0x24F:
        return 0.98
    return 0.67 if glyph.isupper() or glyph.isdigit() or glyph in "-−_/" else 0.6
