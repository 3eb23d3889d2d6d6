"""CFONB 120: signs in the last digit, complements, and what is a fragment of a French statement."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.formats.bank.cfonb import read_cfonb120
from debitora.formats.bank.statements import Line, Reach, Statement
from debitora.formats.faults import FaultCode
from debitora.formats.tests.bank_files import statements, told_by, write_cfonb120

ACCOUNT = "155890000098765432100"
DAY = date(2026, 3, 2)
WHOLE = Statement(
    ACCOUNT,
    "EUR",
    Reach.BOOKED,
    (Line(0, DAY, 12_053, DAY, text="FACTURE 4711"), Line(0, DAY, -300, DAY)),
    opening_minor=-5_000,
    closing_minor=6_753,
    opened_on=DAY,
    closed_on=DAY,
)


@given(st.lists(statements(account=ACCOUNT), min_size=1, max_size=3))
def test_what_was_written_is_read_back(written: list[Statement]) -> None:
    file = read_cfonb120(write_cfonb120(*written))
    assert not file.faults
    assert [told_by(each) for each in file] == [told_by(each) for each in written]


def complemented(*complements: str) -> Line:
    """The first movement of the statement with complements of its own."""
    lines = write_cfonb120(WHOLE).decode().splitlines()
    head = lines[2][:45]
    (statement,) = read_cfonb120(
        "\n\n".join([*lines[:2], *(head + each for each in complements), *lines[3:]]).encode()
    )
    return statement.lines[0]


def test_complements_tell_payer_texts_and_references() -> None:
    line = complemented(
        "NPYMUSTER SARL", "LCCFACTURE", "LC24711", f"RCN{'E2E-1':35}PURPOSE", "RUMMANDAT-1", "XXXnothing"
    )
    assert (line.name, line.text) == ("MUSTER SARL", "FACTURE 4711")
    assert (line.end_to_end, line.mandate) == ("E2E-1", "MANDAT-1")


def test_the_sum_before_an_exchange_is_told() -> None:
    line = complemented("MMOUSD200000000013099")
    assert (line.original_minor, line.original_currency) == (13_099, "USD")


def test_a_refused_payment_has_the_bank_s_reason() -> None:
    lines = write_cfonb120(WHOLE).decode().splitlines()
    lines[1] = lines[1][:40] + "02" + lines[1][42:]
    (statement,) = read_cfonb120("\n".join(lines).encode())
    assert (statement.lines[0].reversal, statement.lines[0].return_reason) == (True, "02")


def test_an_old_file_without_a_currency_means_euros() -> None:
    assert [each.currency for each in read_cfonb120(write_cfonb120(WHOLE).replace(b"EUR2", b"    "))] == [
        "EUR"
    ]


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("0115589 ", "3115589 ", FaultCode.BANK_RULE, 1),
        ("0000000001205C", "00000000012053", FaultCode.AMOUNT_UNREADABLE, 2),
        ("B1020326", "B1310226", FaultCode.DATE_IMPOSSIBLE, 2),
        ("B1020326", "B1  CART", FaultCode.DATE_UNREADABLE, 2),
        ("0415589    00000EUR", "0415589    00000USD", FaultCode.BANK_RULE, 1),
        ("EUR2", "DEM2", FaultCode.CURRENCY_UNKNOWN, 1),
    ],
)
def test_what_is_broken_is_refused_by_code_and_line(old: str, new: str, code: FaultCode, line: int) -> None:
    text = write_cfonb120(WHOLE).decode()
    assert old in text
    file = read_cfonb120(text.replace(old, new, -1 if old == "EUR2" else 1).encode())
    assert not file.statements
    assert [(one.code, one.line) for one in file.faults] == [(code, line)]


@pytest.mark.parametrize(
    ("order", "code", "line"),
    [
        ([1, 2, 3, 4], FaultCode.STATEMENT_FRAGMENT, 1),
        ([0, 1, 2, 3], FaultCode.STATEMENT_FRAGMENT, 1),
        ([0, 2, 1, 3, 4], FaultCode.BANK_RULE, 2),
        ([0, 1, 2, 3, 4, 4], FaultCode.STATEMENT_FRAGMENT, 6),
        ([0, 1, 0, 1, 2, 3, 4], FaultCode.STATEMENT_FRAGMENT, 1),
    ],
)
def test_records_out_of_order_are_refused(order: list[int], code: FaultCode, line: int) -> None:
    lines = write_cfonb120(WHOLE).decode().splitlines()
    file = read_cfonb120("\n".join(lines[number] for number in order).encode())
    assert not file.statements
    assert [(one.code, one.line) for one in file.faults] == [(code, line)]


def test_a_statement_of_two_accounts_is_held() -> None:
    lines = write_cfonb120(WHOLE).decode().splitlines()
    lines[-1] = lines[-1].replace("98765432100", "11111111111")
    assert [one.code for one in read_cfonb120("\n".join(lines).encode()).faults] == [
        FaultCode.ACCOUNTS_DIFFER
    ]


@pytest.mark.parametrize(("amount", "minor"), [("E", 5), ("1{", 10), ("0000000000012R", -129)])
def test_an_amount_may_be_shorter_than_its_decimals(amount: str, minor: int) -> None:
    lines = write_cfonb120(WHOLE).decode().splitlines()
    lines[1] = lines[1][:90] + f"{amount:>14}"
    (statement,) = read_cfonb120("\n".join(lines).encode())
    assert statement.lines[0].minor == minor
