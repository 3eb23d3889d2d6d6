"""Zips of bank files: all of their statements or none, within bounds, and never a zip in a zip."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.formats.bank.packed import MAX_FILES, is_packed
from debitora.formats.bank.recognising import read_bank_file
from debitora.formats.bank.statements import BankFile, Reading
from debitora.formats.tests.camt_messages import entry, message, path, statement

OTHER = path("Acct/Id/IBAN", "DE02120300000000202051")
FIRST = message(statement([entry("1.00")], closing="1.00"))
SECOND = message(statement([entry("2.00")], closing="2.00", account=OTHER), statement(account=OTHER))


def packed(files: Mapping[str, bytes | str], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def refused(found: BankFile) -> list[tuple[str, str, str]]:
    """(code, rule, value) of the faults of a file that gave nothing."""
    assert found.statements == ()
    return [(one.code.value, dict(one.params).get("rule", ""), one.value) for one in found.faults]


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_statements_of_all_files_are_read_by_name(how: int) -> None:
    found = read_bank_file(
        packed({"2.xml": SECOND, "__MACOSX/._2.xml": b"\x00", "day/": "", "day/1.xml": FIRST}, how)
    )
    assert (found.reading, list(found.faults)) == (Reading.CAMT053, [])
    alone = [one for data in (SECOND, FIRST) for one in read_bank_file(data)]
    assert [(one.account, one.lines) for one in found] == [(one.account, one.lines) for one in alone]
    assert [one.place for one in found] == [1, 2, 3]


def test_a_fault_names_its_file_and_refuses_all() -> None:
    found = read_bank_file(packed({"1.xml": FIRST, "2.xml": SECOND[:-30], "3.txt": "Dear Sir"}))
    assert [(one.code.value, one.column) for one in found.faults] == [
        ("not_a_table", "3.txt"),
        ("bank_rule", "2.xml"),
    ]
    assert found.statements == ()


def test_a_statement_that_does_not_tie_is_held_as_ever() -> None:
    untied = message(statement([entry("1.00")], closing="5.00"))
    found = read_bank_file(packed({"1.xml": FIRST, "2.xml": untied}))
    assert [(one.code.value, one.column) for one in found.faults] == [("statement_untied", "2.xml")]
    assert len(found.statements) == 2


@pytest.mark.parametrize(
    ("files", "value"),
    [
        ({}, ""),
        (
            {"1.xml": FIRST, "2.sta": ":20:X\n:25:1/2\n:28C:1\n:60F:C260301EUR0,00\n:62F:C260301EUR0,00\n-"},
            "",
        ),
        ({"in.zip": packed({"1.xml": FIRST})}, "in.zip"),
        ({"1.pdf": b"%PDF-1.7"}, "1.pdf"),
        ({"bomb.xml": b" " * 5_000_000}, "bomb.xml"),
        ({f"{number}.xml": b"" for number in range(MAX_FILES + 1)}, ""),
    ],
)
def test_what_is_no_zip_of_bank_files_is_refused(files: dict[str, bytes | str], value: str) -> None:
    data = packed({**files, "folder/": ""})
    assert refused(read_bank_file(data)) == [("bank_rule", "packed", value)]


def test_a_protected_zip_is_refused() -> None:
    data = bytearray(packed({"1.xml": FIRST}, zipfile.ZIP_STORED))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refused(read_bank_file(bytes(data))) == [("bank_rule", "packed", "1.xml")]


def test_a_file_that_is_longer_than_it_says_is_refused() -> None:
    data = packed({"1.xml": FIRST})
    size = len(FIRST).to_bytes(4, "little")
    assert refused(read_bank_file(data.replace(size, (10).to_bytes(4, "little")))) != []


def test_a_workbook_is_no_zip_of_bank_files() -> None:
    assert not is_packed(packed({"xl/workbook.xml": "", "[Content_Types].xml": ""}))


@given(st.integers(0, 2_000), st.binary(max_size=20))
def test_a_damaged_zip_is_read_or_refused_and_never_silent(place: int, noise: bytes) -> None:
    data = packed({"1.xml": FIRST, "2.xml": SECOND})
    found = read_bank_file(data[:place] + noise + data[place + len(noise) :])
    assert found.statements or found.faults.hindering
