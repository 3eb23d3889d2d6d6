"""The modules of a QR code (ISO/IEC 18004) as a letter's payment code has it: bytes, error correction M, one fixed mask.

What is the same for every code of a size (frame, order of places, mask) is taken from segno once; of a text only its codewords
are reckoned here. That takes a tenth of what making each code anew by segno does, and gives the same modules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, zip_longest
from operator import itemgetter
from typing import Final

import segno

MASK: Final = 2
"""One of the eight masks: any of them can be read, and trying all takes four times as long. It turns every third column."""
_BLOCKS: Final = {
    1: (10, (16,)),
    2: (16, (28,)),
    3: (26, (44,)),
    4: (18, (32,) * 2),
    5: (24, (43,) * 2),
    6: (16, (27,) * 4),
    7: (18, (31,) * 4),
    8: (22, (38,) * 2 + (39,) * 2),
    9: (22, (36,) * 3 + (37,) * 2),
    10: (26, (43,) * 4 + (44,)),
    11: (30, (50,) + (51,) * 4),
    12: (22, (36,) * 6 + (37,) * 2),
    13: (22, (37,) * 8 + (38,)),
}
"""By version: codewords of correction per block, codewords of data of each block (table 9). 13 is the largest a payment code may
have (EPC069-12)."""
_BYTES: Final = 0b0100
_PADDING: Final = b"\xec\x11" * 200
_BITS: Final = bytes.maketrans(b"01", b"\x00\x01")
_POLYNOMIAL: Final = 0x11D
_TIMING: Final = 6
"""Row and column of the timing patterns."""


class TooLong(Exception):
    """More bytes than the largest code takes."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """What codes of a version share: modules per side, which module is which bit (0 and 1 follow the bits), and the mask."""

    size: int
    picked: Callable[[bytes], tuple[int, ...]]
    turned: int


def modules_of(data: bytes) -> list[bytes]:
    """The rows of the smallest code that holds the bytes, a byte per module: 1 is dark. Raises TooLong."""
    version = _version_for(len(data))
    words = b"".join(bytes(step) for step in _interleaved(version, data))
    frame = _frame(version)
    bits = f"{int.from_bytes(words):0{len(words) * 8}b}".encode().translate(_BITS)
    drawn = int.from_bytes(bytes(frame.picked(bits + b"\x00\x01"))) ^ frame.turned
    modules = drawn.to_bytes(frame.size**2)
    return [modules[place : place + frame.size] for place in range(0, len(modules), frame.size)]


def _version_for(length: int) -> int:
    for version, (_correction, blocks) in _BLOCKS.items():
        if length + (2 if version < 10 else 3) <= sum(blocks):
            return version
    raise TooLong(length)


def _interleaved(version: int, data: bytes) -> Iterator[list[int]]:
    """The codewords in the order in which they are drawn: the first of each block, the second, ...; correction last."""
    correction, lengths = _BLOCKS[version]
    words = _codewords(version, data, sum(lengths))
    blocks, place = [], 0
    for length in lengths:
        blocks.append(words[place : place + length])
        place += length
    remainders = [_remainder(block, correction) for block in blocks]
    for step in chain(zip_longest(*blocks), zip(*remainders, strict=True)):
        yield [word for word in step if word is not None]


def _codewords(version: int, data: bytes, room: int) -> bytes:
    """Mode, length and bytes, ended by four zero bits and padded to the room."""
    wide = 8 if version < 10 else 16
    head = _BYTES << wide | len(data)
    bits = ((head << len(data) * 8 | int.from_bytes(data)) << 4).to_bytes((wide + 8) // 8 + len(data))
    return (bits + _PADDING)[:room]


def _remainder(block: bytes, correction: int) -> bytes:
    """The codewords that correct a block: the rest of its division by the generator."""
    multiples, top = _multiples(correction), (correction - 1) * 8
    low, rest = (1 << top) - 1, 0
    for word in block:
        rest = (rest & low) << 8 ^ multiples[rest >> top ^ word]
    return rest.to_bytes(correction)


@lru_cache(maxsize=16)
def _multiples(correction: int) -> list[int]:
    """The generator of that degree, without its highest term, times each of the 256 numbers of the field."""
    generator = [1]
    root = 1
    for _ in range(correction):
        shifted = [*generator, 0]
        generator = [one ^ _times(other, root) for one, other in zip(shifted, [0, *generator], strict=True)]
        root = _times(root, 2)
    return [int.from_bytes(bytes(_times(one, factor) for one in generator[1:])) for factor in range(256)]


def _times(one: int, other: int) -> int:
    """The product in the field of 256 numbers."""
    product = 0
    while other:
        if other & 1:
            product ^= one
        one, other = one << 1, other >> 1
        if one & 0x100:
            one ^= _POLYNOMIAL
    return product


@lru_cache(maxsize=16)
def _frame(version: int) -> _Frame:
    """The frame of a version; what stands in it is read off a code that segno makes of nothing."""
    blank = segno.make_qr(b"", version=version, error="m", mode="byte", mask=MASK, boost_error=False).matrix
    size = len(blank)
    correction, blocks = _BLOCKS[version]
    bits = (sum(blocks) + correction * len(blocks)) * 8
    order = {place: min(number, bits) for number, place in enumerate(places(size, version))}
    picked = [order.get(place, bits + blank[place // size][place % size]) for place in range(size * size)]
    turned = bytes(place in order and place % size % 3 == 0 for place in range(size * size))
    return _Frame(size, itemgetter(*picked), int.from_bytes(turned))


def places(size: int, version: int) -> Iterator[int]:
    """The places of data in the order in which they are filled: pairs of columns from the right, upwards and downwards in turn,
    the column of the timing pattern left out."""
    pairs = [right if right > _TIMING else right - 1 for right in range(size - 1, 0, -2)]
    for turn, right in enumerate(pairs):
        for row in range(size) if turn % 2 else range(size - 1, -1, -1):
            yield from (
                row * size + column
                for column in (right, right - 1)
                if not _stands_fast(row, column, size, version)
            )


def _stands_fast(row: int, column: int, size: int, version: int) -> bool:
    """Whether a module belongs to the frame: patterns for finding, timing and alignment, format and version."""
    low, high = min(row, column), max(row, column)
    corner = high <= 8 or (low <= 8 and high >= size - 8)
    told = version >= 7 and low <= 5 and high >= size - 11
    return corner or told or _TIMING in (row, column) or _is_alignment(row, column, size, version)


def _is_alignment(row: int, column: int, size: int, version: int) -> bool:
    """Whether a module belongs to one of the small squares; where the big ones stand there are none (annex E)."""
    last = size - 7
    lines = [] if version < 2 else [last] if version < 7 else [_TIMING, (_TIMING + last) // 2, last]
    near = sorted(line for place in (row, column) for line in lines if abs(place - line) <= 2)
    return len(near) == 2 and (near[0] > _TIMING or _TIMING < near[1] < last)
