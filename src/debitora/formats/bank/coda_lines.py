"""A movement of a CODA file: records 21 to 33 as one line.

The communication runs through 21, 22 and 23. It is free, or structured by a type: 101 and 102 hold the twelve digits of a Belgian
reference, 100 a creditor reference (RF, ISO 11649), 127 a SEPA direct debit with mandate and text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from debitora.formats.bank.fields import account_of, against, day_of, minor_of, plain, provided
from debitora.formats.bank.records import Record
from debitora.formats.bank.statements import Line

_SIDES: Final = {"0": 1, "1": -1}
_NO_DAY: Final = "000000"
_MARKED: Final = re.compile(r"[*+]{3}\s?(\d{3})/?(\d{4})/?(\d{5})\s?[*+]{3}")
_WRITTEN: Final = re.compile(r"(?<![\d/])(\d{3})/(\d{4})/(\d{5})(?![\d/])")
_RETURNS: Final = frozenset("12345")


@dataclass(frozen=True, slots=True)
class _Said:
    """What a communication says."""

    text: str = ""
    reference: str = ""
    mandate: str = ""


def line_of(records: Sequence[Record], currency: str) -> Line:
    """The line of a record 21 and what follows it up to the next. Raises NotInFormat."""
    first = records[0]
    parts = {one.cut(1, 2): one for one in reversed(records)}
    said = _communication(parts)
    informed = [one for one in records if one.code == "3"]
    returned = "22" in parts and parts["22"].cut(113, 113) in _RETURNS
    return Line(
        place=first.place,
        booked_on=_day(first, 116),
        valued_on=_day(first, 48) if first.cut(48, 53) != _NO_DAY else None,
        minor=signed(first, 32, currency),
        name=_cut(parts, "23", 48, 82) or _name(informed),
        account=_account(_cut(parts, "23", 11, 44)),
        bank=account_of(_cut(parts, "22", 99, 109)),
        text=plain(said.text, *_free(informed)),
        reference=said.reference,
        end_to_end=provided(_cut(parts, "22", 64, 98)),
        mandate=said.mandate,
        reversal=returned,
        return_reason=_cut(parts, "22", 114, 117) if returned else "",
        bank_reference=plain(first.cut(11, 31)),
        code=first.cut(54, 61).strip(),
    )


def signed(record: Record, first: int, currency: str) -> int:
    """An amount of fifteen digits, three of them decimals, behind its sign: 0 credit, 1 debit. Raises NotInFormat."""
    sign = record.cut(first, first)
    if sign not in _SIDES:
        raise against("movement" if record.code == "2" else "balance", record.place, sign)
    whole, part = record.cut(first + 1, first + 12), record.cut(first + 13, first + 15)
    return _SIDES[sign] * minor_of(whole, part, currency, record.place)


def _day(record: Record, first: int) -> date:
    return day_of(record.cut(first, first + 5), "dmy", record.place)


def _cut(parts: Mapping[str, Record], code: str, first: int, last: int) -> str:
    """The text of a record that may be missing."""
    return plain(parts[code].cut(first, last)) if code in parts else ""


def _account(text: str) -> str:
    """The counterparty's account: the first word, for some banks write its currency behind it."""
    return account_of(text.split()[0]) if text else ""


def _communication(parts: Mapping[str, Record]) -> _Said:
    """What the communication through all three records says."""
    whole = parts["21"].cut(63, 115)
    for code, first, last in (("22", 11, 63), ("23", 83, 125)):
        whole += parts[code].cut(first, last) if code in parts else ""
    if parts["21"].cut(62, 62) == "1":
        return _structured(whole[:3], whole[3:])
    return _Said(plain(whole), _reference(whole))


def _structured(kind: str, told: str) -> _Said:
    if kind in {"101", "102"}:
        return _Said(plain(told[12:]), plain(told[:12]))
    if kind == "100":
        return _Said(plain(told[25:]), account_of(told[:25]))
    if kind == "127":
        return _Said(plain(told[79:141]), mandate=plain(told[44:79]))
    return _Said(plain(told), _reference(told))


def _reference(text: str) -> str:
    """The twelve digits of a Belgian reference in a free text, where its check digits fit; else ""."""
    for found in (*_MARKED.finditer(text), *_WRITTEN.finditer(text)):
        digits = "".join(found.groups())
        if (int(digits[:10]) % 97 or 97) == int(digits[10:]):
            return digits
    return ""


def _name(informed: Sequence[Record]) -> str:
    """The counterparty's name from a structured information (type 001), where record 23 has none."""
    named = (one for one in informed if one.cut(1, 2) == "31" and one.cut(40, 43) == "1001")
    return next((plain(one.cut(44, 113)) for one in named), "")


def _free(informed: Sequence[Record]) -> list[str]:
    """The texts of free information; an information of type 001 is name and address of the counterparty."""
    texts: list[str] = []
    is_free = False
    for one in informed:
        if one.cut(1, 2) == "31":
            is_free = one.cut(40, 40) == "0"
        if is_free:
            texts.append(one.cut(*{"31": (41, 113), "32": (11, 115)}.get(one.cut(1, 2), (11, 100))))
    return texts
