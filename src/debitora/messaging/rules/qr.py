"""Bytes as a QR code (ISO/IEC 18004), always at error correction M and under one mask: any mask can be read.

Every letter has one, so it is made of whole numbers and look-ups instead of single modules, and takes a tenth of the library's time.
The library still draws, once for each size, what does not depend on the bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import zip_longest
from operator import itemgetter
from typing import Final

import segno

_MASK: Final = 2
"""The mask that turns every third column."""
_FIELD: Final = 0x11D
"""x^8 + x^4 + x^3 + x^2 + 1, over which the correction reckons."""
_PADDING: Final = b"\x00" + b"\xec\x11" * 170
"""The zeros are the library's: readers stop before them, and a letter of last year must come out the same byte for byte."""
_BLOCKS: Final[Sequence[tuple[int, tuple[int, ...]]]] = (
    (10, (16,)),
    (16, (28,)),
    (26, (44,)),
    (18, (32, 32)),
    (24, (43, 43)),
    (16, (27,) * 4),
    (18, (31,) * 4),
    (22, (38, 38, 39, 39)),
    (22, (36, 36, 36, 37, 37)),
    (26, (43, 43, 43, 43, 44)),
    (30, (50, 51, 51, 51, 51)),
    (22, (36,) * 6 + (37,) * 2),
    (22, (37,) * 8 + (38,)),
)
"""Of each version from 1 at error correction M: bytes of correction to a block, bytes of data in each block."""


class TooLongForCode(Exception):
    """More bytes than version 13 holds."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all codes of a version share. pick: of the bits of the code, followed by 0 and 1, the one for each module, row by row."""

    size: int
    bits: int
    mask: int
    pick: Callable[[bytes], tuple[int, ...]]


def modules(data: bytes) -> list[bytes]:
    """The rows of the smallest code for the data, a byte for each module: 0 light, 1 dark. Raises TooLongForCode beyond 331 bytes."""
    version = _version(len(data))
    correction, sizes = _BLOCKS[version - 1]
    frame = _frame(version)
    blocks = _split(_codewords(data, version), sizes)
    checks = [_check(block, correction) for block in blocks]
    words = bytes(word for row in zip_longest(*blocks) for word in row if word is not None)
    code = words + bytes(word for row in zip(*checks, strict=True) for word in row)
    masked = int.from_bytes(code) << (frame.bits - 8 * len(code)) ^ frame.mask
    flat = bytes(frame.pick(f"{masked:0{frame.bits}b}01".encode().translate(_DIGITS)))
    return [flat[start : start + frame.size] for start in range(0, len(flat), frame.size)]


_DIGITS: Final = bytes.maketrans(b"01", b"\x00\x01")


def _version(length: int) -> int:
    """The smallest version that holds so many bytes with their mode and length."""
    for version, (_, sizes) in enumerate(_BLOCKS, start=1):
        if length + _head_size(version) <= sum(sizes):
            return version
    raise TooLongForCode(length)


def _head_size(version: int) -> int:
    """Bytes that mode, length and the end take together."""
    return 2 if version < 10 else 3


def _codewords(data: bytes, version: int) -> bytes:
    """Mode (bytes: 0100), length, data and end (0000), filled up to what the version holds."""
    total, head = sum(_BLOCKS[version - 1][1]), _head_size(version)
    number = (0b0100 << 8 * (head - 1) | len(data)) << 8 * len(data) | int.from_bytes(data)
    stream = (number << 4).to_bytes(len(data) + head)
    return (stream + _PADDING)[:total]


def _split(words: bytes, sizes: Sequence[int]) -> list[bytes]:
    starts = [sum(sizes[:place]) for place in range(len(sizes))]
    return [words[start : start + size] for start, size in zip(starts, sizes, strict=True)]


def _check(block: bytes, correction: int) -> bytes:
    """The bytes that correct a block (Reed-Solomon): the rest of a division, held as one number."""
    products, shift = _products(correction), 8 * (correction - 1)
    rest, kept = 0, (1 << shift) - 1
    for word in block:
        rest = (rest & kept) << 8 ^ products[word ^ rest >> shift]
    return rest.to_bytes(correction)


@lru_cache
def _products(correction: int) -> list[int]:
    """The polynomial that divides, without its first coefficient, times every byte; coefficients side by side in one number."""
    divisor = reduce(_times_linear, range(correction), [1])
    return [int.from_bytes(bytes(_times(each, factor) for each in divisor[1:])) for factor in range(256)]


def _times_linear(polynomial: Sequence[int], power: int) -> list[int]:
    """The polynomial times (x - 2^power)."""
    root = reduce(lambda value, _: _times(value, 2), range(power), 1)
    shifted = [_times(each, root) for each in polynomial]
    return [one ^ other for one, other in zip([*polynomial, 0], [0, *shifted], strict=True)]


def _times(one: int, other: int) -> int:
    product = 0
    for bit in range(8):
        if other >> bit & 1:
            product ^= one << bit
    for bit in range(14, 7, -1):
        if product >> bit & 1:
            product ^= _FIELD << bit - 8
    return product


@lru_cache(maxsize=len(_BLOCKS))
def _frame(version: int) -> _Frame:
    """Finders, lines and marks as the library draws them, and where the bits of the code go."""
    drawn = segno.make_qr(" ", version=version, error="m", mask=_MASK, boost_error=False).matrix
    size = len(drawn)
    places = [place for place in _path(size) if not _is_fixed(*place, size)]
    numbers = {place: number for number, place in enumerate(places)}
    mask = "".join("1" if column % 3 == 0 else "0" for _, column in places)
    squares = [(row, column) for row in range(size) for column in range(size)]
    pick = itemgetter(*(numbers.get(each, len(places) + drawn[each[0]][each[1]]) for each in squares))
    return _Frame(size, len(places), int(mask, 2), pick)


def _is_fixed(row: int, column: int, size: int) -> bool:
    """Whether the module belongs to a finder, a line, a mark, or to what a code says of itself."""
    near, far = min(row, column), max(row, column)
    is_corner = (row < 9 or row >= size - 8) and (column < 9 or column >= size - 8) and near < 9
    is_version = size >= 45 and near < 6 and far >= size - 11
    return is_corner or is_version or row == 6 or column == 6 or _is_mark(row, column, size)


def _is_mark(row: int, column: int, size: int) -> bool:
    """Whether the module belongs to one of the squares of five that stand where these lines cross, but for the corners."""
    last = size - 7
    lines = [] if size == 21 else [6, last] if size < 45 else [6, size // 2, last]
    marks = [
        (one, other) for one in lines for other in lines if (one, other) not in ((6, 6), (6, last), (last, 6))
    ]
    return any(abs(row - one) <= 2 and abs(column - other) <= 2 for one, other in marks)


def _path(size: int) -> list[tuple[int, int]]:
    """(row, column) in the order of the bits: two columns at a time from the right, up and down; the sixth column is a line."""
    rights = [right if right > 6 else right - 1 for right in range(size - 1, 0, -2)]
    return [
        (size - 1 - step if place % 2 == 0 else step, column)
        for place, right in enumerate(rights)
        for step in range(size)
        for column in (right, right - 1)
    ]
