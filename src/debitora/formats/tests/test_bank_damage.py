"""Damaged files of banks: no reader raises, none is silent, and what comes without a fault ties."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.formats.bank.cfonb import read_cfonb120
from debitora.formats.bank.coda import read_coda
from debitora.formats.bank.mt940 import read_mt940
from debitora.formats.bank.norma43 import read_norma43
from debitora.formats.bank.statements import BankFile, Line, Reach, Statement
from debitora.formats.faults import FaultCode
from debitora.formats.tests.bank_files import write_cfonb120, write_coda, write_mt940, write_norma43

DAY = date(2026, 3, 2)
LINES = (Line(0, DAY, 12_053, DAY, text="INVOICE 4711"), Line(0, DAY, -300, DAY, text="FEE"))
Reader = Callable[[bytes], BankFile]


def whole(account: str) -> Statement:
    return Statement(
        account,
        "EUR",
        Reach.BOOKED,
        LINES,
        opening_minor=-5_000,
        closing_minor=6_753,
        opened_on=DAY,
        closed_on=DAY,
    )


FILES: dict[Reader, bytes] = {
    read_mt940: write_mt940(whole("DE02120300000000202051")),
    read_coda: write_coda(whole("BE68539007547034")),
    read_cfonb120: write_cfonb120(whole("155890000098765432100")),
    read_norma43: write_norma43(whole("210004180200051332")),
}


@pytest.mark.parametrize("read", FILES)
@given(
    start=st.integers(0, 800),
    length=st.integers(0, 200),
    put=st.binary(max_size=8) | st.sampled_from([b"", b"\n", b"9", b"-", b"\x00", b"EUR", "é".encode()]),
)
def test_a_damaged_file_never_passes_for_a_whole_one(
    read: Reader, start: int, length: int, put: bytes
) -> None:
    data = FILES[read]
    start = min(start, len(data))
    file = read(data[:start] + put + data[start + length :])
    assert file.statements or file.faults
    if not file.faults:
        assert all(each.difference_minor == 0 for each in file)


@pytest.mark.parametrize("read", FILES)
@pytest.mark.parametrize("data", [b"", b"\r\n \t\n", b"\x1a"])
def test_nothing_is_an_empty_file(read: Reader, data: bytes) -> None:
    assert [one.code for one in read(data).faults] == [FaultCode.EMPTY_FILE]


@pytest.mark.parametrize("read", FILES)
def test_every_beginning_of_a_file_is_refused(read: Reader) -> None:
    lines = FILES[read].splitlines(keepends=True)
    needed = len(lines) - (read in {read_mt940, read_norma43})  # the mark "-" and record 88 may be missing
    for number in range(needed):
        file = read(b"".join(lines[:number]))
        assert not file.statements
        assert file.faults


@pytest.mark.parametrize("read", FILES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_texts_come_in_any_encoding(read: Reader, encoding: str) -> None:
    text = FILES[read].decode().replace("INVOICE 4711", "FAKTÜR 4711ß")
    (statement,) = read(text.encode(encoding))
    assert statement.lines[0].text == "FAKTÜR 4711ß"


@pytest.mark.parametrize("read", FILES)
def test_ten_megabytes_in_one_line_are_no_statement(read: Reader) -> None:
    file = read(FILES[read] + b"x" * 10_000_000)
    assert file.faults or file.statements
