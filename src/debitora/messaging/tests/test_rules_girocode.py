"""The payment code says what EPC069-12 wants, and is absent where it could not."""

from __future__ import annotations

import re

import pytest
import segno.helpers
from hypothesis import given
from hypothesis import strategies as st

from debitora.messaging.rules.girocode import Account, girocode_data, girocode_svg
from debitora.values.money import Money

ACCOUNT = Account("Nordlicht Werkzeuge GmbH", "DE02 1203 0000 0000 2020 51", "BYLADEM1001")


def test_the_fields_in_their_order() -> None:
    data = girocode_data(ACCOUNT, amount=Money(1_780_562, "EUR"), reference="10023 M-2026-0004")
    assert data == (
        "BCD\n002\n1\nSCT\nBYLADEM1001\nNordlicht Werkzeuge GmbH\nDE02120300000000202051\nEUR17805.62\n\n\n"
        "10023 M-2026-0004"
    )


@pytest.mark.parametrize(
    ("account", "amount"),
    [
        (ACCOUNT, Money(1, "CHF")),
        (ACCOUNT, Money(0, "EUR")),
        (ACCOUNT, Money(-1, "EUR")),
        (ACCOUNT, Money(100_000_000_000, "EUR")),
        (Account("Nordlicht", ""), Money(1, "EUR")),
    ],
)
def test_no_code_where_none_is_possible(account: Account, amount: Money) -> None:
    assert girocode_data(account, amount=amount, reference="x") is None
    assert girocode_svg(account, amount=amount, reference="x") == ""


@given(
    holder=st.text(min_size=1, max_size=200),
    reference=st.text(max_size=300),
    minor=st.integers(1, 99_999_999_999),
)
def test_no_text_can_shift_the_fields(holder: str, reference: str, minor: int) -> None:
    account = Account(holder, ACCOUNT.iban, ACCOUNT.bic)
    data = girocode_data(account, amount=Money(minor, "EUR"), reference=reference)
    assert data is not None
    fields = data.split("\n")
    assert len(fields) in (8, 11)
    assert fields[6] == "DE02120300000000202051"
    assert fields[7] == f"EUR{minor // 100}.{minor % 100:02}"
    assert len(fields[5]) <= 70
    assert len(fields[-1]) <= 140


def test_the_code_reads_as_segno_would_write_it() -> None:
    theirs = segno.helpers.make_epc_qr(
        "Grün & Söhne", "DE02120300000000202051", "12.34", text="Kunde 1", bic="BYLADEM1001", encoding="utf-8"
    )
    ours = girocode_svg(
        Account("Grün & Söhne", "DE02120300000000202051", "BYLADEM1001"),
        amount=Money(1234, "EUR"),
        reference="Kunde 1",
    )
    size = theirs.symbol_size(border=0)[0]
    assert f'viewBox="0 0 {size} {size}"' in ours
    assert ours.startswith("<svg")


def test_what_is_too_long_for_a_payment_code_has_none() -> None:
    """Version 13 is the largest that EPC069-12 allows: 331 bytes."""
    account, amount = Account("Grün & Söhne", "DE02120300000000202051"), Money(1234, "EUR")
    assert girocode_svg(account, amount=amount, reference="€" * 80)
    assert girocode_svg(account, amount=amount, reference="€" * 110) == ""


def test_the_drawing_has_exactly_the_dark_modules() -> None:
    account, amount = Account("Grün", "DE02120300000000202051"), Money(1234, "EUR")
    data = girocode_data(account, amount=amount, reference="Kunde 1") or ""
    modules = segno.make_qr(data.encode(), error="m", mask=2, boost_error=False).matrix
    runs = re.findall(
        r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", girocode_svg(account, amount=amount, reference="Kunde 1")
    )
    assert all(length == back for _left, _row, length, back in runs)
    drawn = {(int(row), int(left) + step) for left, row, length, _back in runs for step in range(int(length))}
    assert drawn == {(y, x) for y, row in enumerate(modules) for x, dark in enumerate(row) if dark}
