"""CODA: details instead of their sum, references of every structure, returns, totals, and what is a fragment."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.formats.bank.coda import read_coda
from debitora.formats.bank.statements import Line, Reach, Statement
from debitora.formats.faults import FaultCode
from debitora.formats.tests.bank_files import statements, told_by, write_coda

ACCOUNT = "BE68539007547034"
DAY = date(2026, 3, 2)
WHOLE = Statement(
    ACCOUNT,
    "EUR",
    Reach.BOOKED,
    (Line(0, DAY, 100_000, DAY, text="SALES"),),
    opening_minor=-5_000,
    closing_minor=95_000,
    opened_on=DAY,
    closed_on=DAY,
)
REFERENCE = "123456789002"
HEAD, OLD, MOVEMENT, NEW, LAST = range(5)


@given(st.lists(statements(account=ACCOUNT), min_size=1, max_size=3))
def test_what_was_written_is_read_back(written: list[Statement]) -> None:
    file = read_coda(write_coda(*written))
    assert not file.faults
    assert [told_by(each) for each in file] == [told_by(each) for each in written]


def records() -> list[str]:
    return write_coda(WHOLE).decode().splitlines()


def put(record: str, first: int, text: str) -> str:
    """The record with a text from a column on, counted from 1."""
    return record[: first - 1] + text + record[first - 1 + len(text) :]


def lines_with(*movements: str) -> tuple[Line, ...]:
    """The lines of a statement with other movement records; its totals are told for them."""
    whole = records()
    counted = put(whole[LAST], 17, f"{len(movements) + 2:06}")
    file = read_coda("\n".join([*whole[:MOVEMENT], *movements, whole[NEW], counted]).encode())
    assert not file.faults
    (statement,) = file
    return statement.lines


def part(number: int, minor: int) -> str:
    """A detail of the movement."""
    return put(
        put(records()[MOVEMENT], 7, f"{number:04}"), 32, f"{'1' if minor < 0 else '0'}{abs(minor):014}0"
    )


def test_details_that_tie_stand_for_their_sum() -> None:
    lines = lines_with(records()[MOVEMENT], part(1, 125_000), part(2, -25_000))
    assert [line.minor for line in lines] == [125_000, -25_000]
    assert {line.batch for line in lines} == {"REF"}


def test_a_sum_stands_alone_where_its_details_do_not_tie() -> None:
    lines = lines_with(records()[MOVEMENT], part(1, 75_000), part(2, 20_000))
    assert [(line.minor, line.batch) for line in lines] == [(100_000, "")]


@pytest.mark.parametrize(
    ("structured", "communication", "reference", "text"),
    [
        ("1", "101" + REFERENCE, REFERENCE, ""),
        ("1", "102123456789002", REFERENCE, ""),
        ("1", "100RF18539007547034", "RF18539007547034", ""),
        ("1", "999anything", "", "anything"),
        ("0", "***123/4567/89002***", REFERENCE, "***123/4567/89002***"),
        ("0", "+++123/4567/89002+++ thanks", REFERENCE, "+++123/4567/89002+++ thanks"),
        ("0", "pays 123/4567/89002", REFERENCE, "pays 123/4567/89002"),
        ("0", "pays 123/4567/89003", "", "pays 123/4567/89003"),
        ("0", "order 123456789002", "", "order 123456789002"),
    ],
)
def test_references_of_every_structure(
    structured: str, communication: str, reference: str, text: str
) -> None:
    (line,) = lines_with(put(records()[MOVEMENT], 62, f"{structured}{communication:53}"))
    assert (line.reference, line.text) == (reference, text)


def test_a_movement_runs_through_its_records() -> None:
    second = put(put(put("22" + "0" * 8 + " " * 118, 11, "IN MARCH"), 64, "E2E-1"), 99, "GEBABEBB")
    third = put(
        put(put("23" + "0" * 8 + " " * 118, 11, f"{'BE71096123456769':34}EUR"), 48, "MUSTER NV"), 83, "WHOLE"
    )
    named = put("31" + "0" * 8 + " " * 118, 40, "1001NAME OF INFORMATION")
    free = put("31" + "0" * 8 + " " * 118, 40, "0MORE TEXT")
    (line,) = lines_with(records()[MOVEMENT], second, third, named, "32" + "0" * 8 + "STREET", free)
    assert (line.name, line.account, line.bank) == ("MUSTER NV", "BE71096123456769", "GEBABEBB")
    assert (line.text, line.end_to_end) == ("SALES IN MARCH WHOLE MORE TEXT", "E2E-1")


def test_a_direct_debit_tells_its_mandate() -> None:
    first = put(records()[MOVEMENT], 62, "1127020326120" + f"{'BE12ZZZ0123456789':35}" + "MANDAT")
    second = put("22" + "0" * 8 + " " * 118, 11, f"{'E-1':29}INVOICE 4711")
    (line,) = lines_with(first, second)
    assert (line.mandate, line.text) == ("MANDATE-1", "INVOICE 4711")


def test_a_returned_debit_has_a_reason() -> None:
    (line,) = lines_with(records()[MOVEMENT], put("22" + "0" * 8 + " " * 118, 113, "2MD06"))
    assert (line.reversal, line.return_reason) == (True, "MD06")


@pytest.mark.parametrize(
    ("structure", "account", "read"),
    [
        ("0", f"{'539007547034':13}EUR0BE", "539007547034"),
        ("1", f"{'FR-1234 567':34}EUR", "FR-1234567"),
        ("2", f"{ACCOUNT:34}EUR", ACCOUNT),
        ("3", f"{'NL91ABNA0417164300':34}EUR", "NL91ABNA0417164300"),
    ],
)
def test_accounts_old_and_new(structure: str, account: str, read: str) -> None:
    whole = records()
    whole[OLD] = put(put(whole[OLD], 6, f"{account:37}"), 2, structure)
    whole[NEW] = put(whole[NEW], 5, f"{account:37}")
    file = read_coda("\n".join(whole).encode())
    assert not file.faults
    assert [(each.account, each.currency) for each in file] == [(read, "EUR")]


@pytest.mark.parametrize(
    ("record", "first", "text", "code", "total"),
    [
        (LAST, 17, "000009", FaultCode.TOTAL_WRONG, "records"),
        (LAST, 23, "000000000001000", FaultCode.TOTAL_WRONG, "debits"),
        (LAST, 38, "000000000001000", FaultCode.TOTAL_WRONG, "credits"),
        (NEW, 43, "000000000951000", FaultCode.STATEMENT_UNTIED, None),
        (NEW, 5, "BE71096123456769", FaultCode.ACCOUNTS_DIFFER, None),
    ],
)
def test_what_contradicts_itself_is_read_and_held(
    record: int, first: int, text: str, code: FaultCode, total: str | None
) -> None:
    whole = records()
    whole[record] = put(whole[record], first, text)
    file = read_coda("\n".join(whole).encode())
    assert len(file.statements) == 1
    assert [(one.code, dict(one.params).get("total")) for one in file.faults] == [(code, total)]


@pytest.mark.parametrize(
    ("record", "first", "text", "code"),
    [
        (HEAD, 1, "7", FaultCode.BANK_RULE),
        (MOVEMENT, 32, "2", FaultCode.BANK_RULE),
        (MOVEMENT, 33, "00000010000000x", FaultCode.AMOUNT_UNREADABLE),
        (MOVEMENT, 33, "000000100000001", FaultCode.AMOUNT_UNREADABLE),
        (MOVEMENT, 116, "310226", FaultCode.DATE_IMPOSSIBLE),
        (MOVEMENT, 7, "0001", FaultCode.BANK_RULE),
        (NEW, 39, "USD", FaultCode.BANK_RULE),
        (OLD, 40, "DEM", FaultCode.BANK_RULE),
    ],
)
def test_what_is_broken_is_refused_by_code(record: int, first: int, text: str, code: FaultCode) -> None:
    whole = records()
    whole[record] = put(whole[record], first, text)
    file = read_coda("\n".join(whole).encode())
    assert not file.statements
    assert [one.code for one in file.faults] == [code]


@pytest.mark.parametrize(("left_out", "missing"), [(OLD, "opening"), (NEW, "closing"), (LAST, "closing")])
def test_a_part_is_a_fragment(left_out: int, missing: str) -> None:
    whole = records()
    del whole[left_out]
    file = read_coda("\n".join(whole).encode())
    assert not file.statements
    assert [dict(one.params).get("missing") for one in file.faults] == [missing]


@given(st.binary(max_size=300) | st.text("0123489 EUR\n", max_size=300).map(str.encode))
def test_nothing_raises_and_nothing_is_silent(data: bytes) -> None:
    file = read_coda(data)
    assert file.statements or file.faults
