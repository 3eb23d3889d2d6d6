"""Amounts: every way of writing them, and agreement with the one rounding of `values.money`."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debitora.formats.amounts import find_marks, to_minor_columns
from debitora.formats.faults import FaultCode
from debitora.formats.mapping import Mapping
from debitora.values.money import AmountTooLarge, to_minor

COMMA = Mapping({}, decimal_mark=",", thousands_mark=".")
POINT = Mapping({}, decimal_mark=".", thousands_mark=",")
UNGROUPED = Mapping({}, decimal_mark=",", thousands_mark="")
SWISS = Mapping({}, decimal_mark=".", thousands_mark="'")


def read(text: str | None, mapping: Mapping, currency: str = "EUR") -> int | str | None:
    """Minor units, or the fault's code, or None for an empty cell; beside a cell that makes the column unplain."""
    texts = pl.Series("text", [text, "1 EUR"], dtype=pl.String)
    row = to_minor_columns(pl.DataFrame({"text": texts, "currency": [currency] * 2}), "text", mapping).row(0)
    alone = pl.DataFrame({"text": texts.head(1), "currency": [currency]})
    assert to_minor_columns(alone, "text", mapping).row(0) == row
    minor, code = row
    return code if code is not None else minor


@pytest.mark.parametrize(
    ("text", "mapping", "expected"),
    [
        ("1.234,56", COMMA, 123456),
        ("1234,56", COMMA, 123456),
        ("1.234.567,8", COMMA, 123456780),
        ("1.234", COMMA, 123400),
        ("1.234", UNGROUPED, FaultCode.DECIMALS_MIXED),
        ("1.234,56", UNGROUPED, 123456),
        ("0.500", COMMA, FaultCode.DECIMALS_MIXED),
        ("12.34", COMMA, FaultCode.DECIMALS_MIXED),
        ("1,234.56", COMMA, FaultCode.DECIMALS_MIXED),
        ("1,234.56", POINT, 123456),
        ("1'234.50", SWISS, 123450),
        ("1’234.50", SWISS, 123450),
        ("1 234,50", COMMA, 123450),
        ("1\u00a0234,50 €", COMMA, 123450),
        ("1\u202f234,50", COMMA, 123450),
        ("€ -5,00", COMMA, -500),
        ("-€5,00", COMMA, -500),
        ("EUR 5,00", COMMA, 500),
        ("5,00 CHF", COMMA, 500),
        ("ABC 5,00", COMMA, FaultCode.AMOUNT_UNREADABLE),
        ("5,00-", COMMA, -500),
        ("(5,00)", COMMA, -500),
        ("−5,00", COMMA, -500),
        ("5,00 H", COMMA, -500),
        ("5,00 S", COMMA, 500),
        ("5.00 CR", POINT, -500),
        ("+5,00", COMMA, 500),
        ("120,--", COMMA, 12000),
        (",5", COMMA, 50),
        ("'-5,00", COMMA, -500),
        ("12,345", POINT, 1234500),
        ("0,005", COMMA, 1),
        ("-0,005", COMMA, -1),
        ("0,00499999999999999999", COMMA, 0),
        ("2309.7249999999995", POINT, 230972),
        ("2309.725", POINT, 230973),
        ("", COMMA, None),
        ("-", COMMA, None),
        ("NaN", COMMA, None),
        (None, COMMA, None),
        ("abc", COMMA, FaultCode.AMOUNT_UNREADABLE),
        ("1.2.3", POINT, FaultCode.AMOUNT_UNREADABLE),
        ("1,5E+05", COMMA, FaultCode.AMOUNT_UNREADABLE),
        ("#REF!", COMMA, FaultCode.AMOUNT_UNREADABLE),
        ("=1+1", COMMA, FaultCode.AMOUNT_UNREADABLE),
        ("9999999999999,99", COMMA, 10**15 - 1),
        ("10000000000000,00", COMMA, FaultCode.AMOUNT_TOO_LARGE),
        ("1000000000000000", COMMA, FaultCode.AMOUNT_TOO_LARGE),
        ("9" * 60, COMMA, FaultCode.AMOUNT_TOO_LARGE),
        ("0" * 60 + "1", COMMA, 100),
    ],
)
def test_amounts_in_many_notations(text: str | None, mapping: Mapping, expected: int | str | None) -> None:
    assert read(text, mapping) == expected


@pytest.mark.parametrize(("currency", "minor"), [("JPY", 1235), ("EUR", 123457), ("BHD", 1234568)])
def test_the_currency_gives_the_decimals(currency: str, minor: int) -> None:
    assert read("1234.5675", POINT, currency) == minor


def test_numbers_of_a_workbook_have_a_point_whatever_the_texts_use() -> None:
    frame = pl.DataFrame({"text": ["1234.5", "1.234,5", "1.234"], "currency": ["EUR"] * 3})
    stored = pl.Series([True, False, True])
    assert to_minor_columns(frame, "text", COMMA, stored)["minor"].to_list() == [123450, 123450, 123]


@settings(deadline=None)
@given(
    st.decimals(min_value=-(10**14), max_value=10**14, places=5, allow_nan=False),
    st.sampled_from(["JPY", "EUR", "BHD"]),
    st.booleans(),
)
def test_rounding_agrees_with_money(amount: Decimal, currency: str, comma: bool) -> None:
    text = format(amount, "f")
    expected: int | str
    try:
        expected = to_minor(amount, currency)
    except AmountTooLarge:
        expected = FaultCode.AMOUNT_TOO_LARGE
    assert read(text.replace(".", ",") if comma else text, COMMA if comma else POINT, currency) == expected


@pytest.mark.parametrize(
    ("texts", "decimal", "thousands", "proven", "mixed"),
    [
        (["1.234,56", "5,00"], ",", ".", True, False),
        (["1,234.56", "5"], ".", ",", True, False),
        (["1234,56", "1.234"], ",", "", True, False),
        (["234,56", "1.234"], ",", ".", True, False),
        (["12.34", "12,34", "13,34"], ",", "", True, True),
        (["1.234"], ",", ".", False, False),
        (["1,234"], ".", ",", False, False),
        (["100", "200"], ".", "", True, False),
        (["1.234.567"], ",", ".", True, False),
        (["1'234.50"], ".", "'", True, False),
        (["0,500"], ",", "", True, False),
        (["1 234,5"], ",", "", True, False),
    ],
)
def test_marks_are_proven_by_cells(
    texts: list[str], decimal: str, thousands: str, proven: bool, mixed: bool
) -> None:
    marks = find_marks([pl.Series(texts)])
    assert (marks.decimal, marks.thousands, marks.proven, marks.mixed) == (decimal, thousands, proven, mixed)
