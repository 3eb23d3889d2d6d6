from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from babel import dates, numbers
from hypothesis import given
from hypothesis import strategies as st

from debitora.values.days import add_days, is_working_day, next_working_day
from debitora.values.emails import is_address
from debitora.values.locales import (
    LANGUAGES,
    colon,
    format_amount,
    format_date,
    format_long_date,
    format_moment,
    format_money,
    format_points,
    format_share,
    locale_of,
)
from debitora.values.money import MAX_MINOR, Money
from debitora.values.numbers import number_key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("0200769623", "200769623"),
        ("200769623", "200769623"),
        (" re-7 / 04", "RE-7/04"),
        ("000", "0"),
        ("0", "0"),
        ("", ""),
    ],
)
def test_numbers_match_without_zeros_blanks_and_case(text: str, key: str) -> None:
    assert number_key(text) == key


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2026-11-20", True),
        ("2026-11-21", False),
        ("2026-12-25", False),
        ("2026-12-24", True),
        ("2026-10-03", False),
    ],
)
def test_working_days_of_germany(day: str, working: bool) -> None:
    assert is_working_day(date.fromisoformat(day), "DE") is working


def test_a_deadline_moves_over_the_holidays() -> None:
    assert next_working_day(date(2026, 12, 25), "DE") == date(2026, 12, 28)
    assert next_working_day(date(2026, 6, 4), "DE", "NW") == date(2026, 6, 5)
    assert add_days(date(2026, 2, 28), 1) == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("language", "amount", "day"),
    [("de", "1.190,00", "31.03.2026"), ("en", "1,190.00", "31/03/2026"), ("nl", "1.190,00", "31-03-2026")],
)
def test_amounts_and_days_follow_the_language(language: str, amount: str, day: str) -> None:
    assert format_amount(Money(119000, "EUR"), language) == amount
    assert format_date(date(2026, 3, 31), language) == day


@given(
    minor=st.integers(min_value=1 - MAX_MINOR, max_value=MAX_MINOR - 1),
    currency=st.sampled_from(["EUR", "JPY", "KWD"]),
    day=st.dates(),
    language=st.sampled_from(LANGUAGES),
)
def test_amounts_and_days_are_written_as_babel_does(
    minor: int, currency: str, day: date, language: str
) -> None:
    money, of = Money(minor, currency), locale_of(language)
    pattern = {"EUR": "#,##0.00", "JPY": "#,##0", "KWD": "#,##0.000"}[currency]
    days = {"de": "dd.MM.yyyy", "nl": "dd-MM-yyyy"}.get(language, "dd/MM/yyyy")
    assert format_amount(money, language) == numbers.format_decimal(money.decimal, format=pattern, locale=of)
    assert format_date(day, language) == dates.format_date(day, format=days, locale=of)


def test_currency_codes_and_long_forms() -> None:
    assert format_money(Money(-500, "JPY"), "de") == "-500\u00a0JPY"
    assert format_money(Money(500, "EUR"), "en") == "EUR\u00a05.00"
    assert format_money(Money(500, "EUR"), "nl") == "EUR\u00a05,00"
    assert format_long_date(date(2026, 3, 31), "de") == "31. März 2026"
    assert format_moment(datetime(2026, 3, 31, 9, 42, tzinfo=UTC), "de") == "31.03.2026 09:42"


@pytest.mark.parametrize("text", ["a@b.de", "rechnung+x@kunde.example", "jürgen@müller.example"])
def test_an_address_is_accepted(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a@b",
        "a@b.de,c@d.de",
        "a@b.de; c@d.de",
        "a b@c.de",
        "<a@b.de>",
        "a@b.de\nBcc: x@y.de",
        '"x y"@b.de',
        ".a@b.de",
        "a" * 65 + "@b.de",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    assert not is_address(text)


def test_only_french_puts_a_space_before_a_colon() -> None:
    assert [colon(language) for language in ("de", "en", "nl", "fr", "fr-CH")] == [
        ":",
        ":",
        ":",
        "\u00a0:",
        "\u00a0:",
    ]


@pytest.mark.parametrize(
    ("points", "language", "share", "change"),
    [
        (0, "en", "0.0%", "±0.0"),
        (4, "en", "0.0%", "±0.0"),
        (5, "en", "0.1%", "+0.1"),
        (133, "de", "1,3\u00a0%", "+1,3"),
        (300, "nl", "3,0%", "+3,0"),
        (12_345, "fr", "123,5\u00a0%", "+123,5"),
    ],
)
def test_shares_have_a_tenth_and_their_changes_a_sign(
    points: int, language: str, share: str, change: str
) -> None:
    assert format_share(points, language) == share
    assert format_points(points, language) == change
    assert format_points(-points, language) == change.replace("+", "−")
