"""The modules of a payment code: those of segno where a code is full, and mode, length and bytes where one reads them back."""

from __future__ import annotations

from random import Random

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from debitora.messaging.rules.modules import MASK, TooLong, modules_of, places

FULL = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331)
"""Bytes that fill the versions 1 to 13: there, nothing is padded."""


@pytest.mark.parametrize("length", FULL)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_full_code_is_the_one_that_segno_makes(length: int, seed: int) -> None:
    content = Random(seed).randbytes(length)
    theirs = segno.make_qr(content, error="m", mode="byte", mask=MASK, boost_error=False)
    assert modules_of(content) == [bytes(row) for row in theirs.matrix]


@settings(deadline=None, max_examples=40)
@given(st.binary(min_size=1, max_size=FULL[-1]))
def test_the_code_is_the_smallest_and_square(content: bytes) -> None:
    rows = modules_of(content)
    version = next(number for number, length in enumerate(FULL, start=1) if len(content) <= length)
    assert len(rows) == 17 + 4 * version
    assert {len(row) for row in rows} == {len(rows)}


@settings(deadline=None, max_examples=40)
@given(st.binary(min_size=1, max_size=FULL[2]))
def test_what_one_reads_is_mode_length_bytes_and_the_padding_of_the_standard(content: bytes) -> None:
    """Up to version 3 a code is one block, so its codewords stand in their order (ISO/IEC 18004, 7.4.10)."""
    full = next(length for length in FULL if len(content) <= length)
    said = 0b0100 << 8 | len(content)
    start = ((said << len(content) * 8 | int.from_bytes(content)) << 4).to_bytes(len(content) + 2)
    assert read(modules_of(content))[: full + 2] == (start + b"\xec\x11" * full)[: full + 2]


def read(rows: list[bytes]) -> bytes:
    """The codewords of a code: its places in their order, the mask taken off."""
    size = len(rows)
    found = places(size, (size - 17) // 4)
    bits = "".join(str(rows[place // size][place % size] ^ (place % size % 3 == 0)) for place in found)
    return bytes(int(bits[start : start + 8], 2) for start in range(0, len(bits) - 7, 8))


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(TooLong):
        modules_of(b"x" * 332)
