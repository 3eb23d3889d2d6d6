"""A file is known by what it holds; and whatever it holds, something is said about it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.formats.bank.recognising import read_bank_file, recognised
from debitora.formats.bank.statements import Reading
from debitora.formats.tests.camt_messages import message, statement

MT940 = ":20:STARTUMS\n:25:37040044/0532013000\n:28C:1/1\n:60F:C260301EUR0,00\n:62F:C260302EUR0,00\n-"
EXAMPLES = {
    message(statement()): Reading.CAMT053,
    message(statement(name="Rpt"), name="BkToCstmrAcctRpt"): Reading.CAMT052,
    message(statement(name="Ntfctn"), name="BkToCstmrDbtCdtNtfctn"): Reading.CAMT054,
    MT940.encode(): Reading.MT940,
    f"{{1:F01BANKDEFF}}{{2:I940}}{{4:\n{MT940}}}".encode(): Reading.MT940,
    b":20:X\n:25:1\n:28C:1\n:34F:EURD0,\n:13:2603021200\n:90D:0EUR0,\n:90C:0EUR0,\n": Reading.MT942,
    b"0000002032672505        00000000  COMPANY": Reading.CODA,
    b"0115589    00000EUR2 98765432100  160519                                                  00000019043{      ": Reading.CFONB120,
    b"OFXHEADER:100\n\n<OFX></OFX>": Reading.OFX,
    b'<?xml version="1.0"?><OFX></OFX>': Reading.OFX,
    b"Date;Amount\n2026-03-02;1.00\n": Reading.TABLE,
    b"PK\x03\x04": Reading.TABLE,
    b"%PDF-1.7": None,
    b"<html></html>": None,
    b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"/>': None,
}


@pytest.mark.parametrize(("data", "reading"), EXAMPLES.items(), ids=lambda each: str(each)[:30])
def test_a_file_is_known_by_its_content(data: bytes, reading: Reading | None) -> None:
    assert recognised(data) == reading


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_mark_before_the_text_hides_nothing(encoding: str) -> None:
    assert recognised(MT940.encode(encoding)) == Reading.MT940


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b" \r\n\x00\xef\xbb\xbf", "empty_file"),
        (b"%PDF-1.7", "not_a_statement"),
        (b"<html></html>", "not_a_statement"),
        (b"Dear Sir or Madam", "not_a_table"),
    ],
)
def test_what_is_no_statement_says_so(data: bytes, code: str) -> None:
    found = read_bank_file(data)
    assert (found.statements, [fault.code.value for fault in found.faults]) == ((), [code])


def test_the_name_decides_nothing() -> None:
    assert read_bank_file(MT940.encode(), "photo.png") == read_bank_file(MT940.encode(), "statement.sta")


@given(st.sampled_from(list(EXAMPLES)), st.integers(0, 400), st.binary(max_size=40))
def test_a_file_that_is_damaged_is_read_or_refused_and_never_silent(
    data: bytes, place: int, noise: bytes
) -> None:
    found = read_bank_file(data[:place] + noise + data[place + len(noise) :])
    assert found.statements or found.faults.hindering
