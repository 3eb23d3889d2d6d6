"""Codes are those that the library makes, module for module, at every length."""

from __future__ import annotations

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from debitora.messaging.rules.qr import TooLongForCode, modules

MOST = 331


def theirs(data: bytes) -> list[bytes]:
    """The code as segno makes it."""
    code = segno.make_qr(data, error="m", mask=2, boost_error=False, mode="byte")
    return [bytes(row) for row in code.matrix]


@pytest.mark.parametrize("length", range(1, MOST + 1, 5))
def test_every_length_reads_as_the_library_writes_it(length: int) -> None:
    data = bytes(number * 37 % 256 for number in range(length))
    assert modules(data) == theirs(data)


@pytest.mark.parametrize("length", [14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, MOST])
def test_a_code_that_is_full_is_the_largest_of_its_version(length: int) -> None:
    data = b"\xff" * length
    assert modules(data) == theirs(data)
    if length < MOST:
        assert len(modules(data + b"\xff")) == len(modules(data)) + 4


@given(st.binary(min_size=1, max_size=MOST))
def test_every_text_reads_as_the_library_writes_it(data: bytes) -> None:
    assert modules(data) == theirs(data)


def test_more_than_the_largest_code_holds_is_refused() -> None:
    with pytest.raises(TooLongForCode):
        modules(b"a" * (MOST + 1))
