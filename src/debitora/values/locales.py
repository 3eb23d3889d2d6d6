"""How money, days and numbers are written in a language: Babel's CLDR data, and what people type read back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from unicodedata import combining, normalize

from babel import Locale, dates, numbers

from debitora.values.money import Money, exponent

LANGUAGES = ("de", "en", "nl", "fr")
_LOCALES = {"de": "de_DE", "en": "en_GB", "nl": "nl_NL", "fr": "fr_FR"}


@lru_cache(maxsize=16)
def locale_of(language: str) -> Locale:
    """Babel's locale for a language code; English where the language is not one of ours."""
    return Locale.parse(_LOCALES.get(language[:2], "en_GB"))


def country_name(code: str, language: str) -> str:
    """What a country is called: Deutschland, Germany. A code that is not known stays as it is."""
    return str(locale_of(language).territories.get(code, code))


_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""Codes of two letters that CLDR names although no country bears them."""


@lru_cache(maxsize=8)
def country_names(language: str) -> tuple[tuple[str, str], ...]:
    """ISO code and name of every country, in the alphabetical order of the language's names."""
    named = locale_of(language).territories.items()
    found = [(code, str(name)) for code, name in named if len(code) == 2 and code not in _NO_COUNTRIES]
    return tuple(sorted(found, key=lambda country: (_plain(country[1]), country[0])))


def _plain(name: str) -> str:
    """Without accents, so that Österreich stands among the names with O."""
    return "".join(sign for sign in normalize("NFKD", name) if not combining(sign)).casefold()


def format_amount(money: Money, language: str) -> str:
    """The amount without its currency, with the currency's decimals and the language's separators: 1.190,00."""
    minus, group, point = _signs(language[:2])
    decimals = exponent(money.currency)
    whole, rest = divmod(abs(money.minor), 10**decimals)
    grouped = f"{whole:,}".replace(",", group)
    return f"{minus if money.minor < 0 else ''}{grouped}{f'{point}{rest:0{decimals}}' if decimals else ''}"


@lru_cache(maxsize=8)
def _signs(language: str) -> tuple[str, str, str]:
    """Minus, separator of thousands and decimal point. Lists write a hundred amounts a page, and Babel parses patterns."""
    of = locale_of(language)
    return (
        numbers.get_minus_sign_symbol(of),
        numbers.get_group_symbol(of),
        numbers.get_decimal_symbol(of),
    )


def format_money(money: Money, language: str) -> str:
    """The amount with its ISO currency code: 1.190,00 EUR in German, before it in English and Dutch."""
    amount = format_amount(money, language)
    leads = language[:2] in {"en", "nl"}
    return f"{money.currency}\u00a0{amount}" if leads else f"{amount}\u00a0{money.currency}"


def format_date(day: date, language: str) -> str:
    """The day, numeric and unmistakable: 31.03.2026, 31/03/2026."""
    between = _BETWEEN.get(language[:2], "/")
    return f"{day.day:02}{between}{day.month:02}{between}{day.year:04}"


_BETWEEN = {"de": ".", "nl": "-"}


def format_long_date(day: date, language: str) -> str:
    """The day in words, for letters: 31. März 2026."""
    return dates.format_date(day, format="long", locale=locale_of(language))


def format_moment(moment: datetime, language: str) -> str:
    """Day and time of an aware moment that is already in the reader's time zone: 31.03.2026 09:42."""
    return f"{format_date(moment.date(), language)} {moment:%H:%M}"


def colon(language: str) -> str:
    """The colon after a name; French puts a space before it that does not break: "Montant : 5"."""
    return "\u00a0:" if language[:2] == "fr" else ":"


def format_number(value: int | Decimal, language: str) -> str:
    """A count or plain number with the language's grouping: 1.000."""
    return numbers.format_decimal(value, locale=locale_of(language))


def format_rate(value: Decimal, language: str) -> str:
    """A rate of exchange with up to six places: 1,052632."""
    return numbers.format_decimal(value, format="#,##0.######", locale=locale_of(language))


def format_basis_points(bp: int, language: str) -> str:
    """A rate of interest with two places: 10,50\u00a0%."""
    number = numbers.format_decimal(Decimal(bp).scaleb(-2), format="#,##0.00", locale=locale_of(language))
    return f"{number}\u00a0%"


def format_percent(hundredths: int, language: str) -> str:
    """Whole hundredths with the language's sign: 38\u00a0% in German, 38% in English."""
    return numbers.format_percent(Decimal(hundredths) / 100, locale=locale_of(language))


def format_share(bp: int, language: str) -> str:
    """A share in basis points, rounded half up to a tenth of a hundredth: 24,0\u00a0% in German, 24.0% in English."""
    locale = locale_of(language)
    shape = locale.percent_formats[None].pattern.replace("0", "0.0", 1)
    return numbers.format_percent(Decimal((bp + 5) // 10) / 1000, format=shape, locale=locale)


def format_points(bp: int, language: str) -> str:
    """The difference of two shares in points of a hundred, rounded half away from zero to a tenth: +1,3, −0,2, ±0,0."""
    tenths = (abs(bp) + 5) // 10
    sign = "±" if not tenths else "+" if bp > 0 else "−"
    return sign + numbers.format_decimal(Decimal(tenths) / 10, format="#,##0.0", locale=locale_of(language))
