"""Entries that are laid out alike -> their lines, column by column: of a thousand at once costs little of each.

Only the usual is read so: booked, an amount to the cent, one transaction at most, nothing exchanged, kept, returned or taken back.
Whatever else stands among them leaves them all to `camt_entries`, which reads row by row and says the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import repeat
from typing import Any, Final, TypeAlias, TypeVar

from debitora.formats.bank.camt_entries import (
    CREDITOR,
    DEBTOR,
    EXCHANGED,
    NOTHING,
    TWO_DECIMALS,
    Role,
    account_in,
    code_of,
    day_of,
    name_of,
    plain_text,
    reference_of,
)
from debitora.formats.bank.camt_heads import Head
from debitora.formats.bank.elements import Fields, gathered
from debitora.formats.bank.fields import MAX_TEXT, NotInFormat
from debitora.formats.bank.markup import Layout, Wanted
from debitora.formats.bank.statements import Line

Rows: TypeAlias = Sequence[tuple[int, Sequence[str]]]
"""(number of the entry in the file, its texts) of entries with one layout."""
_Column: TypeAlias = Sequence[str]
_Found = TypeVar("_Found")

_CENTS: Final = re.compile(r"[0-9]{1,12}\.[0-9]{2}")
_UNUSUAL: Final = frozenset({"fee", "documents", "reference", "return_reason"})
_ROLES: Final = {"CRDT": (1, DEBTOR), "DBIT": (-1, CREDITOR)}
_BOOKED: Final = frozenset({"BOOK", ""})
_NOT_TAKEN_BACK: Final = frozenset({"false", "0", ""})


class _Unusual(Exception):
    """Something that is read row by row."""


def usual_lines(layout: Layout, rows: Rows, head: Head) -> tuple[str, dict[int, Line]] | None:
    """(currency, lines by the number of their entry); None where not all of these entries are usual."""
    try:
        currency = _currency(layout)
        entry, part = _columns(layout, [texts for _place, texts in rows])
        sides = entry.get("side", ())
        if not sides or not _ROLES.keys() >= set(sides):
            return None
        found: dict[int, Line] = {}
        for side in set(sides):
            mine = [place for place, told in enumerate(sides) if told == side]
            places = [rows[place][0] for place in mine]
            made = _lines(_chosen(entry, mine), _chosen(part, mine), places, head)
            found.update(zip(places, made, strict=True))
    except (_Unusual, NotInFormat):
        return None
    return currency, found


def _currency(layout: Layout) -> str:
    """The currency of the entries' amounts. Raises _Unusual where the layout has what is read row by row."""
    if len(layout.elements) > 2:
        raise _Unusual
    every = [each for element in layout.elements for each in (*element.single, *element.repeated)]
    amounts = [currency for _place, name, currency in layout.elements[0].single if name == "amount"]
    if not amounts or amounts[0].strip() not in TWO_DECIMALS or any(name in _UNUSUAL for _, name, _ in every):
        raise _Unusual
    if any(name in EXCHANGED and currency != amounts[0] for _place, name, currency in every):
        raise _Unusual
    return amounts[0].strip()


def _columns(layout: Layout, texts: Sequence[Sequence[str]]) -> list[dict[str, _Column]]:
    """The columns of the entry and of its transaction, by field."""
    places = list(zip(*texts, strict=True))
    found = [_of_element(element, places) for element in layout.elements]
    return found if len(found) == 2 else [*found, {}]


def _of_element(element: Wanted, places: Sequence[_Column]) -> dict[str, _Column]:
    found: dict[str, _Column] = {
        name: list(map(str.strip, places[place])) for place, name, _currency in element.single
    }
    for name in dict.fromkeys(name for _place, name, _currency in element.repeated):
        several = zip(
            *(places[place] for place, other, _currency in element.repeated if other == name), strict=True
        )
        found[name] = _each(_joined, list(several))
    return found


def _joined(texts: Sequence[str]) -> str:
    found: Fields = {}
    for text in filter(None, map(str.strip, texts)):
        gathered(found, "", text)
    return found.get("", "")


def _chosen(columns: Mapping[str, _Column], rows: Sequence[int]) -> Mapping[str, _Column]:
    if all(len(column) == len(rows) for column in columns.values()):
        return columns
    return {name: [column[row] for row in rows] for name, column in columns.items()}


def _lines(
    entry: Mapping[str, _Column], part: Mapping[str, _Column], places: Sequence[int], head: Head
) -> Iterable[Line]:
    """The lines of entries of one side. Raises _Unusual and NotInFormat."""
    nothing: _Column = [""] * len(places)
    if not set(entry.get("status", ())) <= _BOOKED or not set(entry.get("reversal", ())) <= _NOT_TAKEN_BACK:
        raise _Unusual
    sign, role = _ROLES[entry["side"][0]]
    accounts = _each(lambda text: account_in({role.account: text}, role), part.get(role.account, nothing))
    if head.account in accounts:
        raise _Unusual
    texts = _first(part.get("text"), part.get("note"), entry.get("note"), nothing)
    return map(
        Line._make,
        zip(
            places,
            _booked(entry, places, head.only_day),
            _minors(entry["amount"], sign),
            _each(lambda text: day_of(text, places[0]) if text else None, entry.get("valued", nothing)),
            _names(part, role, nothing),
            accounts,
            part.get(role.bank, nothing),
            texts if _is_plain(texts) else map(plain_text, texts),
            nothing,
            _references(part.get("end_to_end", nothing)),
            _references(part.get("mandate", nothing)),
            repeat(False),
            nothing,
            _first_reference(part, entry, nothing),
            nothing,
            _codes(part, entry, nothing),
            repeat(0),
            repeat(0),
            nothing,
            strict=False,
        ),
    )


def _booked(entry: Mapping[str, _Column], places: Sequence[int], only_day: date | None) -> list[date]:
    """The days on which they are booked. Raises NotInFormat, and _Unusual where one has none."""
    nothing: _Column = [""] * len(places)
    told = _first(entry.get("booked"), entry.get("valued"), nothing)
    days = _each(lambda text: day_of(text, places[0]) if text else only_day, told)
    found = [day for day in days if day is not None]
    if len(found) < len(places):
        raise _Unusual
    return found


def _minors(amounts: _Column, sign: int) -> list[int]:
    if not all(map(_CENTS.fullmatch, amounts)):
        raise _Unusual
    return [sign * int(amount.replace(".", "")) for amount in amounts]


def _names(part: Mapping[str, _Column], role: Role, nothing: _Column) -> Iterable[str]:
    names = part.get(role.name, nothing)
    if role.agent not in part and role.behind not in part and _is_plain(names):
        return names
    fields = (role.name, role.agent, role.behind)
    rows = zip(*(part.get(name, nothing) for name in fields), strict=True)
    return [name_of(dict(zip(fields, row, strict=True)), role) for row in rows]


def _first_reference(
    part: Mapping[str, _Column], entry: Mapping[str, _Column], nothing: _Column
) -> Iterable[str]:
    """The bank's reference of the transaction, else of the entry."""
    whole = _references(entry.get("bank_reference", nothing))
    if "bank_reference" not in part:
        return whole
    return (one or other for one, other in zip(_references(part["bank_reference"]), whole, strict=True))


def _codes(part: Mapping[str, _Column], entry: Mapping[str, _Column], nothing: _Column) -> Iterable[str]:
    """What kind of movement the transaction is, else the entry."""
    mine, whole = (
        _each(
            lambda told: code_of({"domain": told[0], "own_code": told[1]}),
            list(zip(of.get("domain", nothing), of.get("own_code", nothing), strict=True)),
        )
        for of in (part, entry)
    )
    return (one or other for one, other in zip(mine, whole, strict=True))


def _references(texts: _Column) -> _Column:
    """`reference_of` each, the short way where all are plain already."""
    is_stored = _is_plain(texts) and " " not in "".join(texts) and NOTHING.isdisjoint(map(str.upper, texts))
    return texts if is_stored else list(map(reference_of, texts))


def _first(*columns: _Column | None) -> _Column:
    """Of each row the first text that is one, over the columns that are there."""
    there = [column for column in columns if column is not None]
    if all(there[0]):
        return there[0]
    return [next(filter(None, row), "") for row in zip(*there, strict=True)]


def _is_plain(texts: _Column) -> bool:
    """Whether all are as `plain_text` leaves them; none begins or ends with a blank."""
    whole = "".join(texts)
    return whole.isprintable() and "  " not in whole and max(map(len, texts)) <= MAX_TEXT


def _each(find: Callable[[Any], _Found], asked: Sequence[Any]) -> list[_Found]:
    """An answer for each, found once for those that are alike."""
    answers = {one: find(one) for one in set(asked)}
    return [answers[one] for one in asked]
