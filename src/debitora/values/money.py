"""Money: an integer of minor units with an ISO 4217 currency. Never a float, never mixed, rounded in one place."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

MAX_MINOR: Final = 10**15
"""Amounts stay strictly below this many minor units, in either direction (10 trillion euro)."""

# ISO 4217 (table of 1 January 2025): currencies in circulation, by number of decimals where that is not two.
_NO_DECIMALS: Final = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split())
_THREE_DECIMALS: Final = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
_TWO_DECIMALS: Final = frozenset(
    """AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY
    COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS
    INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR
    MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD
    SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG""".split()
)


class CurrencyMismatch(Exception):
    """Two amounts of different currencies were added or compared."""


class UnknownCurrency(Exception):
    """The code is no ISO 4217 currency in circulation."""


class AmountTooLarge(Exception):
    """The amount reaches MAX_MINOR minor units."""


class NotAnAmount(Exception):
    """The text is no amount, or has more decimals than its currency."""


def is_currency(code: str) -> bool:
    """Whether the code is an ISO 4217 currency in circulation (capital letters)."""
    return code in _TWO_DECIMALS or code in _NO_DECIMALS or code in _THREE_DECIMALS


def currencies() -> list[str]:
    """All known ISO 4217 codes, sorted."""
    return sorted(_TWO_DECIMALS | _NO_DECIMALS | _THREE_DECIMALS)


def exponent(currency: str) -> int:
    """Number of decimals of the currency by ISO 4217: 0, 2 or 3. Raises UnknownCurrency."""
    if currency in _TWO_DECIMALS:
        return 2
    if currency in _NO_DECIMALS:
        return 0
    if currency in _THREE_DECIMALS:
        return 3
    raise UnknownCurrency(currency)


def to_minor(amount: Decimal, currency: str) -> int:
    """Minor units of a decimal amount, rounded half up: the only rounding of read amounts.

    Raises UnknownCurrency, NotAnAmount (NaN, infinity) and AmountTooLarge.
    """
    if not amount.is_finite():
        raise NotAnAmount(str(amount))
    if amount.adjusted() > 18:
        raise AmountTooLarge(str(amount))
    minor = int(amount.scaleb(exponent(currency)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    if abs(minor) >= MAX_MINOR:
        raise AmountTooLarge(str(amount))
    return minor


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents for EUR) of one currency."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise NotAnAmount(repr(self.minor))
        if not is_currency(self.currency):
            raise UnknownCurrency(self.currency)
        if abs(self.minor) >= MAX_MINOR:
            raise AmountTooLarge(str(self.minor))

    @classmethod
    def of(cls, text: str, currency: str) -> Money:
        """Money from a plain decimal text such as "12.40"; no more decimals than the currency has."""
        try:
            amount = Decimal(text)
        except InvalidOperation:
            raise NotAnAmount(text) from None
        money = cls(to_minor(amount, currency), currency)
        if money.decimal != amount:
            raise NotAnAmount(text)
        return money

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, with exactly the decimals of its currency."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.minor), self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other.minor


def split(total: Money, parts: int) -> list[Money]:
    """Divide a sum into equal parts by largest remainder: the parts differ by at most one unit and add up exactly."""
    if parts < 1:
        raise NotAnAmount(f"{parts} parts")
    whole, rest = divmod(abs(total.minor), parts)
    sign = -1 if total.minor < 0 else 1
    return [Money(sign * (whole + (1 if index < rest else 0)), total.currency) for index in range(parts)]
