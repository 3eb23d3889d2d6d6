"""Norma 43: sides, sums, counts and texts of Spanish statements."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.formats.bank.norma43 import read_norma43
from debitora.formats.bank.statements import Line, Reach, Statement
from debitora.formats.faults import FaultCode
from debitora.formats.tests.bank_files import statements, told_by, write_norma43

ACCOUNT = "210004180200051332"
DAY = date(2026, 3, 2)
WHOLE = Statement(
    ACCOUNT,
    "EUR",
    Reach.BOOKED,
    (Line(0, DAY, 12_050, DAY, text="FACTURA 4711"), Line(0, DAY, -300, DAY, text="COMISION")),
    opening_minor=-5_000,
    closing_minor=6_750,
    opened_on=DAY,
    closed_on=DAY,
)


@given(st.lists(statements(account=ACCOUNT), min_size=1, max_size=3))
def test_what_was_written_is_read_back(written: list[Statement]) -> None:
    file = read_norma43(write_norma43(*written))
    assert not file.faults
    assert [told_by(each) for each in file] == [told_by(each) for each in written]


def test_texts_references_and_foreign_sums_of_a_movement() -> None:
    lines = write_norma43(WHOLE).decode().splitlines()
    lines[1] = lines[1][:52] + "000000004711" + "5540014210128010"
    lines[2:3] = ["2301FACTURA 4711" + " " * 26 + "DE MARZO", "2302PAGO", "240184000000000013099"]
    (statement,) = read_norma43("\n".join(lines[:-1]).encode())
    line = statement.lines[0]
    assert (line.text, line.reference) == ("FACTURA 4711 DE MARZO PAGO", "000000004711 5540014210128010")
    assert (line.original_minor, line.original_currency, line.code) == (13099, "USD", "12345")


@pytest.mark.parametrize("counted", [6, 7])
def test_the_last_record_may_count_itself(counted: int) -> None:
    text = write_norma43(WHOLE).decode()
    assert not read_norma43(f"{text[:-6]}{counted:06}".encode()).faults


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("33" + ACCOUNT + "00001", "33" + ACCOUNT + "00002", [("debits", "2", "1")]),
        (
            "00000000012050200000000006750",
            "00000000012051200000000006750",
            [("credits", "120.51 EUR", "120.50 EUR")],
        ),
        ("9" * 18 + "000006", "9" * 18 + "000009", [("records", "9", "6")]),
    ],
)
def test_totals_that_differ_are_told(old: str, new: str, faults: list[tuple[str, str, str]]) -> None:
    text = write_norma43(WHOLE).decode()
    assert text.count(old) == 1
    file = read_norma43(text.replace(old, new).encode())
    told = [dict(one.params) for one in file.faults]
    assert [(each["total"], each["told"], each["found"]) for each in told] == faults
    assert all(one.code is FaultCode.TOTAL_WRONG for one in file.faults)
    assert len(file.statements) == 1


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("11" + ACCOUNT, "99" + ACCOUNT, FaultCode.BANK_RULE, 1),
        ("2301COMISION", "2301COMISION" + "x" * 80, FaultCode.BANK_RULE, 5),
        ("12345200000000012050", "12345900000000012050", FaultCode.BANK_RULE, 2),
        ("12345200000000012050", "1234520000000001205x", FaultCode.AMOUNT_UNREADABLE, 2),
        ("2    0000260302", "2    0000260231", FaultCode.DATE_IMPOSSIBLE, 2),
        ("9783HOLDER", "9993HOLDER", FaultCode.CURRENCY_UNKNOWN, 1),
    ],
)
def test_what_is_broken_is_refused_by_code_and_line(old: str, new: str, code: FaultCode, line: int) -> None:
    text = write_norma43(WHOLE).decode()
    file = read_norma43(text.replace(old, new, 1).encode())
    assert not file.statements
    assert [(one.code, one.line) for one in file.faults] == [(code, line)]


@pytest.mark.parametrize(
    ("first", "last", "missing"), [(1, None, "opening"), (0, 4, "closing"), (6, None, "statement")]
)
def test_a_part_is_a_fragment(first: int, last: int | None, missing: str) -> None:
    lines = write_norma43(WHOLE).decode().splitlines()[first:last]
    file = read_norma43("\n".join(lines).encode())
    assert not file.statements
    assert missing in [dict(one.params).get("missing") for one in file.faults]


def test_a_statement_of_two_accounts_is_held() -> None:
    text = write_norma43(WHOLE).decode().replace("33" + ACCOUNT, "33" + "1" * 18)
    file = read_norma43(text.encode())
    assert [one.code for one in file.faults] == [FaultCode.ACCOUNTS_DIFFER]
    assert [each.account for each in file] == [ACCOUNT]
