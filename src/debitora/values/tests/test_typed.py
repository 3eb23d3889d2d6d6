"""What people type: amounts and days, in every notation that a page shows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.values.locales import LANGUAGES, format_amount, format_date
from debitora.values.money import Money
from debitora.values.typed import typed_amount, typed_day

ON = date(2026, 11, 18)
DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1190", "1190"),
        (" 1190,5 ", "1190.5"),
        ("1190.50", "1190.50"),
        ("1.190,00", "1190.00"),
        ("1,190.00", "1190.00"),
        ("1'190.00", "1190.00"),
        ("1’190.00", "1190.00"),
        ("1 190,00", "1190.00"),
        ("1\u00a0190,00 €", "1190.00"),
        ("1.190", "1190"),
        ("1,190", "1190"),
        ("-1.234.567,89", "1234567.89"),
        ("12,345", "12345"),
        ("1,2345", None),
        ("1.19.0", None),
        ("R-1190", None),
        ("", None),
        ("€", None),
        ("1" * 16, None),
    ],
)
def test_amounts_as_people_type_them(text: str, expected: str | None) -> None:
    assert typed_amount(text) == (Decimal(expected) if expected else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31.3.", date(2027, 3, 31)),
        ("18.11.", date(2026, 11, 18)),
        ("18.11", date(2026, 11, 18)),
        ("17.11.", date(2027, 11, 17)),
        ("29.2.", date(2028, 2, 29)),
        ("31.3.26", date(2026, 3, 31)),
        ("31.03.2026", date(2026, 3, 31)),
        ("31/3/2026", date(2026, 3, 31)),
        ("31/3", date(2027, 3, 31)),
        ("31-3", date(2027, 3, 31)),
        ("31-\u20603-\u20602026", date(2026, 3, 31)),
        ("31-03-2026", date(2026, 3, 31)),
        ("2026-03-31", date(2026, 3, 31)),
        ("+14", date(2026, 12, 2)),
        ("-7", date(2026, 11, 11)),
        ("31.2.", None),
        ("31.02.2026", None),
        ("+99999", date(2300, 9, 2)),
        ("14", None),
        ("", None),
        ("tomorrow", None),
    ],
)
def test_days_as_people_type_them(text: str, expected: date | None) -> None:
    assert typed_day(text, on=ON) == expected


@pytest.mark.parametrize("language", LANGUAGES)
@given(day=DAYS, minor=st.integers(0, 10**11))
def test_what_a_language_writes_may_be_typed_back(language: str, day: date, minor: int) -> None:
    """Fields are filled with days and amounts as the reader writes them; sent back untouched they mean the same."""
    money = Money(minor, "EUR")
    assert typed_day(format_date(day, language), on=ON) == day
    assert typed_amount(format_amount(money, language)) == money.decimal


def test_a_day_beyond_the_calendar_is_none() -> None:
    assert typed_day("+99999", on=date(9999, 1, 1)) is None


@given(st.text())
def test_whatever_is_typed_is_answered(text: str) -> None:
    assert typed_amount(text) is None or typed_amount(text) >= 0
    typed_day(text, on=ON)
