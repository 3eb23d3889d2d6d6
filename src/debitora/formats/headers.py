"""Column headers -> fields: how headers are compared, which row is the header, how well a header names a field."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from debitora.formats import synonyms
from debitora.formats.bank.words import BANK_WORDS

HEADER_ROWS: Final = 60
"""The header is looked for in that many rows from the top."""

EXACT: Final = 1.0
_DECORATED: Final = 0.96
_CONTAINED: Final = 0.55
_STEP: Final = 0.0015
_LEAST_WORD: Final = 4
_MAX_HEADER: Final = 80
_DATA: Final = re.compile(r"[\s€$£]*[-+]?[\d.,/'\s:-]+[\s€$£%-]*")
_MAX_KEY: Final = 200
_DECORATION: Final = frozenset(
    {"in", "eur", "euro", "usd", "chf", "gbp", "the", "des", "der", "am", "zum", "per"}
)

_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "œ": "oe", "æ": "ae", "°": "o"})
_CAMEL: Final = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])")
_REPEATED: Final = re.compile(r"[._ ]\d{1,2}$")
_BRACKETS: Final = re.compile(r"[(\[][^)\]]*[)\]]")
_CURRENCY_CODE: Final = re.compile(
    r"(?:^|[^A-Za-z])(EUR|USD|CHF|GBP|CAD|AUD|JPY|SEK|NOK|DKK|PLN|CZK|HUF)(?:$|[^A-Za-z])", re.IGNORECASE
)
_SYMBOLS: Final = {"€": "EUR", "$": "USD", "£": "GBP"}
_UNIT: Final = re.compile(
    r"[(\[]?(?:eur|euro|€|usd|\$|chf|gbp|£|teur|keur|[tjymd]{1,4}[./-][tjmyd]{1,4}[./-][tjymda]{1,4}|yyyymmdd|jjjjmmtt|text|datum|date|zahl|-+)[)\]]?",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def words_of(header: str) -> tuple[str, ...]:
    """The header's words without case, accents and punctuation: "Fälligkeits-Datum" -> (faelligkeits, datum)."""
    text = _CAMEL.sub(" ", header).casefold().translate(_UMLAUTS)
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return tuple(re.findall(r"[a-z0-9]+", plain))


def key_of(header: str) -> str:
    """The words written together: what equal headers have in common."""
    return "".join(words_of(header[:_MAX_KEY]))


@dataclass(frozen=True, slots=True)
class _Word:
    """A synonym: written together, spaced (" due date "), and its weight by rank."""

    key: str
    spaced: str
    weight: float


@lru_cache(maxsize=3)
def _lexicon(subject: str) -> dict[str, tuple[_Word, ...]]:
    """Field -> its synonyms, for lists of "items" or "customers", or the movements of a "bank"."""
    return {
        field: tuple(
            _Word(key_of(word), _spaced(words_of(word)), EXACT - _STEP * rank)
            for rank, word in enumerate(words)
        )
        for field, words in _words(subject).items()
    }


def _words(subject: str) -> Mapping[str, tuple[str, ...]]:
    if subject == "bank":
        return BANK_WORDS
    if subject == "items":
        return {field: synonyms.WORDS[field] for field in synonyms.ITEM_FIELDS}
    extra = synonyms.CUSTOMER_EXTRA
    return {field: synonyms.WORDS[field] + extra.get(field, ()) for field in synonyms.CUSTOMER_FIELDS}


def _spaced(words: tuple[str, ...]) -> str:
    return f" {' '.join(words)} "


_UNFIT: Final = tuple(_spaced(words_of(word)) for word in synonyms.UNFIT)
_LOCAL: Final = tuple(key_of(word) for word in synonyms.LOCAL_CURRENCY)


@lru_cache(maxsize=4096)
def scores(header: str, subject: str) -> dict[str, float]:
    """Field -> how well the header names it, 0 to 1; fields it does not name are left out."""
    header = header[:_MAX_HEADER]
    words = words_of(header)
    if not words or all(word.isdigit() for word in words):
        return {}
    spaced, joined = _spaced(words), "".join(words)
    plain = {
        key_of(_BRACKETS.sub(" ", _REPEATED.sub("", header.strip()))),
        "".join(word for word in words if not _is_decoration(word)),
    }
    is_unfit = any(phrase in spaced for phrase in _UNFIT)
    found: dict[str, float] = {}
    for field, entries in _lexicon(subject).items():
        score = max(_score(word, joined, plain, "" if is_unfit else spaced) for word in entries)
        if score > 0:
            found[field] = score
    return found


def _score(word: _Word, joined: str, plain: set[str], spaced: str) -> float:
    """Equal, equal but for decoration, or contained in a longer header (`spaced`, "" where that may not count)."""
    if joined == word.key:
        return word.weight
    if word.key in plain:
        return word.weight * _DECORATED
    if len(word.key) < _LEAST_WORD or word.spaced not in spaced:
        return 0.0
    return word.weight * (_CONTAINED + 0.3 * len(word.key) / len(joined))


def _is_decoration(word: str) -> bool:
    return word in _DECORATION or word.isdigit()


def is_local_currency(header: str) -> bool:
    """Whether the column is in the company's own currency rather than the document's (SAP: Hauswährung)."""
    key = key_of(header)
    return any(word in key for word in _LOCAL)


def currency_of(header: str) -> str:
    """The currency that a header names, or "": `converted_usd`, "Betrag (EUR)", "Saldo €"."""
    found = _CURRENCY_CODE.search(header)
    if found:
        return found.group(1).upper()
    return next((code for symbol, code in _SYMBOLS.items() if symbol in header), "")


def find_header(rows: Sequence[tuple[int, Sequence[str]]], subject: str) -> int | None:
    """Index of the row that names most fields, at least two; None for a list without header."""
    best, best_score = None, 0.0
    for index, (_, cells) in enumerate(rows[:HEADER_ROWS]):
        score = _header_score(cells, subject)
        if score > best_score:
            best, best_score = index, score
    return best


def _header_score(cells: Sequence[str], subject: str) -> float:
    """Sum of the best scores of the fields named; 0 where fewer than two, or where cells hold data."""
    filled = [cell for cell in cells if cell.strip()]
    data = sum(1 for cell in filled if len(cell) <= _MAX_HEADER and _DATA.fullmatch(cell))
    named = [found for cell in filled if len(cell) <= _MAX_HEADER and (found := scores(cell, subject))]
    if len(named) < 2 or data > max(1, len(filled) // 4):
        return 0.0
    fields: dict[str, float] = {}
    for found in named:
        for field, score in found.items():
            fields[field] = max(fields.get(field, 0.0), score)
    return sum(fields.values()) * len(named) / math.sqrt(len(filled))


def is_units_row(cells: Sequence[str]) -> bool:
    """Whether a row below the header only names units and notations: EUR, TT.MM.JJJJ, dashes."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and all(len(cell) <= _MAX_HEADER and _UNIT.fullmatch(cell) for cell in filled)
