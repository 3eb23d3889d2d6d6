"""The smallest parts of a bank's file: amounts, days, texts and accounts, as text formats write them.

A part that does not read so raises `NotInFormat`, which carries the fault; the reader of the format catches it for each record.
No public reader lets it out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Final, Protocol, TypeVar

from debitora.formats.encodings import decode
from debitora.formats.faults import Fault, FaultCode, fault
from debitora.values.money import MAX_MINOR, Money, exponent, is_currency

MAX_TEXT: Final = 2_000
"""A text of a movement is cut at that many characters: SWIFT allows 390, and what banks really send stays far below."""

_NOT_PROVIDED: Final = frozenset({"NOTPROVIDED", "NOT PROVIDED", "NOTAVAILABLE", "NONREF"})
_MAX_DIGITS: Final = 30
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")


class Placed(Protocol):
    """A part of a file that knows on which line it begins."""

    @property
    def place(self) -> int:
        """The line, from 1."""


Part = TypeVar("Part", bound=Placed)


class NotInFormat(Exception):
    """A part of the file does not read as the format lays down; `fault` says where and why."""

    def __init__(self, said: Fault) -> None:
        super().__init__(said.code)
        self.fault = said


def broken(code: FaultCode, place: int, value: str) -> NotInFormat:
    """The exception for one part that is wrong, to be raised."""
    return NotInFormat(fault(code, line=place, value=value))


def against(rule: str, place: int, value: str) -> NotInFormat:
    """The exception for a part that breaks a rule of its format: `record`, `order`, `movement`, `balance`, `one_currency`."""
    return NotInFormat(fault(FaultCode.BANK_RULE, line=place, value=value, rule=rule))


def numbered_lines(data: bytes) -> list[tuple[int, str]]:
    """(number from 1, text) of each line that is not blank, whatever ends it; control characters are blanks.

    Raises NotInFormat for a file that is empty or does not decode.
    """
    text, _encoding, problem = decode(data, None)
    if problem:
        raise NotInFormat(problem)
    text = _CONTROLS.sub(" ", text)
    lines = [(number, line) for number, line in enumerate(_LINE_END.split(text), start=1) if line.strip()]
    if not lines:
        raise broken(FaultCode.EMPTY_FILE, 0, "")
    return lines


def groups_of(parts: Iterable[Part], begins: Callable[[Part], bool]) -> Iterator[list[Part]]:
    """The parts in groups, each from a part that begins one; what stands before the first beginning is a group of its own."""
    group: list[Part] = []
    for part in parts:
        if group and begins(part):
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def minor_of(whole: str, part: str, currency: str, place: int) -> int:
    """Minor units of an unsigned amount by its digits before and after the mark; zeros beyond the currency's decimals are no matter.

    Raises NotInFormat: CURRENCY_UNKNOWN, AMOUNT_UNREADABLE (no digits, or more decimals than the currency has), AMOUNT_TOO_LARGE.
    """
    known(currency, place)
    decimals, written = exponent(currency), f"{whole},{part}"
    kept, rest = part[:decimals].ljust(decimals, "0"), part[decimals:]
    digits = whole + kept
    if not digits.isdecimal() or not digits.isascii() or rest.strip("0"):
        raise broken(FaultCode.AMOUNT_UNREADABLE, place, written)
    if len(digits) > _MAX_DIGITS or int(digits) >= MAX_MINOR:
        raise broken(FaultCode.AMOUNT_TOO_LARGE, place, written)
    return int(digits)


def known(currency: str, place: int) -> str:
    """The currency, where it is one in circulation; raises NotInFormat."""
    if not is_currency(currency):
        code = FaultCode.CURRENCY_UNKNOWN if currency.strip() else FaultCode.CURRENCY_MISSING
        raise broken(code, place, currency)
    return currency


def day_of(digits: str, order: str, place: int) -> date:
    """A day of six digits in the `order` "ymd" or "dmy", from 1970 to 2069. Raises NotInFormat: DATE_UNREADABLE, DATE_IMPOSSIBLE."""
    if len(digits) != 6 or not (digits.isascii() and digits.isdecimal()):
        raise broken(FaultCode.DATE_UNREADABLE, place, digits)
    first, month, last = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    year, day = (first, last) if order == "ymd" else (last, first)
    try:
        return date(year + (2000 if year < 70 else 1900), month, day)
    except ValueError:
        raise broken(FaultCode.DATE_IMPOSSIBLE, place, digits) from None


def plain(*texts: str) -> str:
    """The texts as one line with single blanks and without control characters, cut at MAX_TEXT."""
    bounded = (
        texts[0][: 4 * MAX_TEXT] if len(texts) == 1 else " ".join(text[: 4 * MAX_TEXT] for text in texts)
    )
    if not bounded.isprintable():
        bounded = _CONTROLS.sub(" ", bounded)
    return " ".join(bounded.split())[:MAX_TEXT].rstrip()


def account_of(text: str) -> str:
    """An account without blanks, in capitals; a currency at its end, as banks append it, is left out."""
    number = plain(text).replace(" ", "").upper()
    is_marked = len(number) > 6 and number[-4].isdecimal() and is_currency(number[-3:])
    return number[:-3] if is_marked else number


def provided(reference: str) -> str:
    """The reference, or "" where it says that there is none, or is nothing but zeros."""
    return "" if reference.upper() in _NOT_PROVIDED or not reference.strip("0 ") else reference


def told(minor: int, currency: str) -> str:
    """A sum as faults carry it: "12.40 EUR"."""
    return f"{Money(minor, currency).decimal:f} {currency}"
