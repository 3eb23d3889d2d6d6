"""The movement of an MT940: field 61 with the text behind it, as one line.

:61:2603200320RC1250,50NTRFNONREF//BANKREF-1
    value day, booking day, side, amount, kind of movement, reference of the holder, reference of the bank
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from debitora.formats.bank.fields import against, broken, day_of, minor_of, plain
from debitora.formats.bank.mt940_text import Told, read_text
from debitora.formats.bank.statements import Line
from debitora.formats.faults import FaultCode
from debitora.values.money import is_currency

_MOVEMENT: Final = re.compile(
    r"(?P<valued>\d{6})(?P<booked>\d{4}| {4})?\s?(?P<side>R?[CD])[A-Z]?(?P<whole>\d{1,40})(?:,(?P<part>\d{0,10}))?\s?"
    r"(?P<kind>[NSF][A-Z0-9 ]{3}|[NSF][A-Z]{0,2}$)?(?P<reference>[^\n]{0,200}?)(?://(?P<bank>[^\n]{0,200}))?"
)
_NO_REFERENCE: Final = frozenset(
    {"NONREF", "NOREF", "EREF", "EREF+", "KREF", "KREF+", "MARF", "PREF", "CREF", "CREF+"}
)
_ORIGINAL: Final = re.compile(r"/OCMT/([A-Z]{3})(\d{1,15}),?(\d{0,3})")
_CHARGES: Final = re.compile(r"/CHGS/([A-Z]{3})(\d{1,15}),?(\d{0,3})")
_ACCOUNT: Final = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}|P?\d{9,10}")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a message: its tag, and its text with "\\n" between lines."""

    place: int
    tag: str
    text: str

    @property
    def first(self) -> str:
        """Its first line: balances have one, and what stands below is no part of them."""
        return self.text.partition("\n")[0]


def line_of(movement: Field, details: str, currency: str) -> Line:
    """The line of a field 61 and the text behind it. Raises NotInFormat.

    RC takes back a credit, so it is money out; RD takes back a debit. Without a booking day the value day is taken.
    """
    extra = movement.text.partition("\n")[2]
    found = _MOVEMENT.fullmatch(movement.first.rstrip())
    if not found:
        raise against("movement", movement.place, movement.first)
    minor = minor_of(found["whole"], found["part"] or "", currency, movement.place)
    valued = _value_day(found["valued"], movement.place)
    said = read_text(details)
    original, abroad = _sum(_ORIGINAL, f"{extra}\n{details}", movement.place)
    fee, fee_currency = _sum(_CHARGES, f"{extra}\n{details}", movement.place)
    return Line(
        place=movement.place,
        booked_on=_booking_day((found["booked"] or "").strip(), valued, movement.place),
        valued_on=valued,
        minor=minor if found["side"] in {"C", "RD"} else -minor,
        reversal=found["side"].startswith("R"),
        name=said.name,
        account=said.account or _account(extra),
        bank=said.bank,
        text=said.text or ("" if _account(extra) else plain(extra)),
        reference=said.reference or _reference(found["reference"]),
        end_to_end=said.end_to_end,
        mandate=said.mandate,
        return_reason=said.return_reason,
        bank_reference=plain(found["bank"] or ""),
        code=_code(said, found["kind"] or ""),
        fee_minor=fee if fee_currency == currency else 0,
        original_minor=original,
        original_currency=abroad,
    )


def _value_day(digits: str, place: int) -> date:
    """The value day. Banks that reckon months of 30 days write 30 February: it is the last day of that month."""
    if digits[2:] in {"0229", "0230"}:
        march = day_of(f"{digits[:2]}0301", "ymd", place)
        return date.fromordinal(march.toordinal() - 1)
    return day_of(digits, "ymd", place)


def _booking_day(digits: str, valued: date, place: int) -> date:
    """The booking day has no year: it is the one that is nearest to the value day."""
    if not digits or (int(digits[:2]), int(digits[2:])) == (valued.month, valued.day):
        return valued
    near: list[date] = []
    for year in (valued.year - 1, valued.year, valued.year + 1):
        try:
            near.append(date(year, int(digits[:2]), int(digits[2:])))
        except ValueError:
            continue
    if not near:
        raise broken(FaultCode.DATE_IMPOSSIBLE, place, digits)
    return min(near, key=lambda day: abs(day - valued))


def _reference(text: str) -> str:
    reference = plain(text)
    return "" if reference in _NO_REFERENCE else reference


def _account(extra: str) -> str:
    """The payer's account, which Dutch banks write below the movement."""
    first = extra.partition("\n")[0].strip()
    return first if _ACCOUNT.fullmatch(first) else ""


def _code(said: Told, kind: str) -> str:
    """The German business transaction code (GVC) where there is one, else the SWIFT kind of movement."""
    return said.code or kind.strip()


def _sum(pattern: re.Pattern[str], text: str, place: int) -> tuple[int, str]:
    """(minor units, currency) of a marked sum; (0, "") where there is none or its currency is unknown."""
    found = pattern.search(text[:10_000])
    if not found or not is_currency(found[1]):
        return 0, ""
    return minor_of(found[2], found[3], found[1], place), found[1]
