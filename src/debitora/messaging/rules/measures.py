"""How much room texts need in a letter, reckoned from the widths of Inter's glyphs, always a little too much.

Typst can find widths, heights and fitting sizes itself, by typesetting each piece several times; telling it makes a
letter twice as fast.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

TABLE_WIDTH: Final = 165.0
"""Millimetres between the margins of a letter."""
TABLE_SIZE: Final = 8.5
"""Points."""
GAP: Final = 3.4
NARROWEST_NUMBER: Final = 24.0

_MM_PER_POINT: Final = 25.4 / 72
_HEAD_SHARE: Final = 0.9
_ADDRESS_PITCH: Final = 1.23
_INFO_PITCH: Final = 1.43


def column_widths(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float | None]:
    """Width of each column in millimetres, its gap included; None for the first one, which takes the rest.

    Where the others would leave too little for the first, all are None: typst divides the width equally.
    """
    columns = list(zip(*rows, strict=True)) or [()] * len(head)
    widths = [
        max([text_width(name) * _HEAD_SHARE, *map(text_width, column)]) + GAP
        for name, column in zip(head[1:], columns[1:], strict=True)
    ]
    if TABLE_WIDTH - sum(widths) < NARROWEST_NUMBER:
        return [None] * len(head)
    return [None, *(round(width, 1) for width in widths)]


def fits_one_line(rows: Sequence[Sequence[str]], widths: Sequence[float | None]) -> bool:
    """Whether every row needs one line only, so that all rows can have the same height."""
    known = [width for width in widths if width is not None]
    first = TABLE_WIDTH - sum(known)
    return len(known) == len(widths) - 1 and all(text_width(row[0]) <= first for row in rows)


def address_size(lines: Sequence[str]) -> float:
    """Points at which the address keeps within its zone of 80 x 26 mm: 10, less for long or many lines."""
    return _largest_size(lines, width=80, height=26, largest=10, pitch=_ADDRESS_PITCH)


def information_size(values: Sequence[str]) -> float:
    """Points at which the values of the information block keep within 45 x 42 mm: 8.4, or less."""
    return _largest_size(values, width=45, height=42, largest=8.4, pitch=_INFO_PITCH)


def return_line_size(line: str) -> float:
    """Points at which the return line fits into one line of 80 mm: 6.8, or less."""
    return _largest_size([line], width=80, height=3.4, largest=6.8, pitch=_ADDRESS_PITCH)


def text_width(text: str, size: float = TABLE_SIZE) -> float:
    """An upper bound of the text's width in millimetres at a size in points."""
    return sum(map(_glyph_share, text)) * size * _MM_PER_POINT


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


def _glyph_share(glyph: str) -> float:
    """The glyph's width as a share of the font size."""
    if glyph in ".,:;'|!()[] \u00a0iljftrI":
        return 0.38
    if glyph in "mwMW@%…—" or ord(glyph) > 0x24F:
        return 0.98
    return 0.67 if glyph.isupper() or glyph.isdigit() or glyph in "-−_/" else 0.6
