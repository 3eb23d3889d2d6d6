from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.values.money import (
    MAX_MINOR,
    AmountTooLarge,
    CurrencyMismatch,
    Money,
    NotAnAmount,
    UnknownCurrency,
    currencies,
    exponent,
    split,
    to_minor,
)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.40", "EUR", 1240),
        ("1190", "EUR", 119000),
        ("-0.01", "USD", -1),
        ("500", "JPY", 500),
        ("1.234", "BHD", 1234),
    ],
)
def test_m03_money_is_minor_units_by_the_exponent_of_its_currency(
    text: str, currency: str, minor: int
) -> None:
    assert Money.of(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency"), [("1.234", "EUR"), ("0.5", "JPY"), ("abc", "EUR"), ("NaN", "EUR")]
)
def test_a_text_that_is_no_amount_of_the_currency_is_refused(text: str, currency: str) -> None:
    with pytest.raises(NotAnAmount):
        Money.of(text, currency)


@pytest.mark.parametrize(
    ("amount", "minor"),
    [("0.005", 1), ("0.0049999", 0), ("-0.005", -1), ("3525.585", 352559), ("2.675", 268)],
)
def test_reading_rounds_half_up(amount: str, minor: int) -> None:
    assert to_minor(Decimal(amount), "EUR") == minor


@pytest.mark.parametrize("amount", ["10000000000000", "-10000000000000", "1e30", "9e400"])
def test_m04_amounts_of_ten_to_the_fifteen_minor_units_are_refused(amount: str) -> None:
    with pytest.raises(AmountTooLarge):
        to_minor(Decimal(amount), "EUR")


def test_m04_the_largest_amount_is_one_unit_below_the_bound() -> None:
    assert Money(MAX_MINOR - 1, "EUR").minor == 999_999_999_999_999
    with pytest.raises(AmountTooLarge):
        Money(MAX_MINOR - 1, "EUR") + Money(1, "EUR")


def test_currencies_are_never_mixed() -> None:
    for act in (lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b, lambda a, b: a >= b):
        with pytest.raises(CurrencyMismatch):
            act(Money(1, "EUR"), Money(1, "CHF"))


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(UnknownCurrency):
        Money(1, "EURO")
    with pytest.raises(UnknownCurrency):
        exponent("ABC")


def test_a_float_or_a_bool_is_no_amount() -> None:
    for nonsense in (1.0, True, "1"):
        with pytest.raises(NotAnAmount):
            Money(nonsense, "EUR")


def test_every_currency_has_an_exponent() -> None:
    assert {exponent(code) for code in currencies()} == {0, 2, 3}


@given(st.integers(-(10**14), 10**14), st.integers(1, 200))
def test_m01_parts_add_up_exactly_and_differ_by_at_most_one_unit(minor: int, parts: int) -> None:
    pieces = [piece.minor for piece in split(Money(minor, "EUR"), parts)]
    assert sum(pieces) == minor
    assert max(pieces) - min(pieces) <= 1


@given(st.integers(-(10**14), 10**14), st.sampled_from(["EUR", "JPY", "BHD"]))
def test_decimal_and_back(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.of(str(money.decimal), currency) == money
    assert bool(money) == (minor != 0)
    assert abs(-money) == abs(money)
