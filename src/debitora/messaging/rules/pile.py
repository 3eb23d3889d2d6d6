"""A pile of letters for the printing office: its order, its sheets, and the list that lies on top."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from debitora.messaging.rules.sheet import printable
from debitora.messaging.rules.words import WORDS_FOLDER, written_language
from debitora.values.locales import format_long_date, format_money
from debitora.values.money import Money

_COVER_WORDS: Final = WORDS_FOLDER.parent / "cover.toml"


@dataclass(frozen=True, slots=True)
class PileLetter:
    """A letter of the pile: whom it goes to, its pages, and what its due items are open with (None: it has none)."""

    intent: int
    customer_number: str
    name: str
    country: str
    postcode: str
    city: str
    pages: int
    due: Money | None = None


@dataclass(frozen=True, slots=True)
class Pile:
    """What the cover list says of a pile as a whole. `number` is the pile's id, `language` the company's."""

    number: int
    sender: str
    home: str
    language: str
    made_on: date
    duplex: bool


def in_postal_order(letters: Iterable[PileLetter], *, home: str) -> list[PileLetter]:
    """The letters as postage wants them: the own country first, then by country, postcode, town and customer."""
    return sorted(
        letters,
        key=lambda one: (
            one.country not in ("", home),
            one.country,
            one.postcode,
            one.city,
            one.customer_number,
            one.intent,
        ),
    )


def sheets(pages: int, *, duplex: bool) -> int:
    """How many sheets of paper so many pages take."""
    return (pages + 1) // 2 if duplex else pages


def cover_sheet(pile: Pile, letters: Sequence[PileLetter]) -> dict[str, Any]:
    """Everything that stands on the cover list (letters/cover.typ), written out."""
    language = written_language(pile.language)
    say = _words(language)
    cover: dict[str, Any] = printable(
        {
            "language": language,
            "title": say["title"],
            "sender": pile.sender,
            "batch": say["batch"].format(number=pile.number, day=format_long_date(pile.made_on, language)),
            "notes": [say["duplex" if pile.duplex else "simplex"], say["order"]],
            "columns": list(say["columns"]),
            "rows": [_row(place, one, pile, language) for place, one in enumerate(letters, 1)],
            "total": _total(letters, pile, say, language),
            "page": say["page"],
        }
    )
    return cover


def _row(place: int, letter: PileLetter, pile: Pile, language: str) -> list[str]:
    town = " ".join(part for part in (letter.postcode, letter.city) if part)
    return [
        str(place),
        letter.customer_number,
        letter.name,
        town if letter.country in ("", pile.home) else f"{letter.country} · {town}",
        str(letter.pages),
        str(sheets(letter.pages, duplex=pile.duplex)),
        format_money(letter.due, language) if letter.due else "",
    ]


def _total(
    letters: Sequence[PileLetter], pile: Pile, say: Mapping[str, Any], language: str
) -> dict[str, Any]:
    sums: dict[str, Money] = {}
    for one in letters:
        if one.due is not None:
            sums[one.due.currency] = sums.get(one.due.currency, Money(0, one.due.currency)) + one.due
    return {
        "letters": say["one"] if len(letters) == 1 else say["total"].format(letters=len(letters)),
        "pages": str(sum(one.pages for one in letters)),
        "sheets": str(sum(sheets(one.pages, duplex=pile.duplex) for one in letters)),
        "sums": [format_money(total, language) for _, total in sorted(sums.items())],
    }


@lru_cache(maxsize=8)
def _words(language: str) -> Mapping[str, Any]:
    return MappingProxyType(tomllib.loads(_COVER_WORDS.read_text(encoding="utf-8"))[language])
