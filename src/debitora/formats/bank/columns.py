"""The columns of an export of online banking: which row names them, what each means, how it writes days and amounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import polars as pl

from debitora.formats.amounts import SYMBOLS
from debitora.formats.bank.fields import account_of
from debitora.formats.bank.words import BANK_WORDS
from debitora.formats.grid import Table, column
from debitora.formats.headers import HEADER_ROWS, currency_of, find_header, scores
from debitora.formats.mapping import Column, Mapping, first_line_after
from debitora.formats.notation import guess_notation
from debitora.formats.profiles import Profile, profile_of
from debitora.values.money import is_currency

_LEAST: Final = 0.7  # not money: how well a header names a field
_AS_IN_LISTS: Final = {
    "booked_on": "issued_on",
    "valued_on": "due_on",
    "amount": "amount",
    "debit": "debit",
    "credit": "credit",
    "balance": "open",
}
"""Fields of a movement -> the fields of lists whose notation is guessed the same way."""
_DAYS: Final = frozenset({"booked_on", "valued_on"})
_MONEY: Final = frozenset({"amount", "debit", "credit", "balance"})
_TEXT: Final = "text"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each field stands (0-based), which columns are text, how days and amounts are written.

    currency and account: what headers and the lines above them say, where no column does. ambiguous: `decimal_mark`,
    `date_order`, `sign` where the file leaves them open.
    """

    columns: dict[str, int]
    texts: tuple[int, ...]
    notation: Mapping
    currency: str
    account: str
    ambiguous: tuple[str, ...]


def layout_of(table: Table) -> Layout | None:
    """The layout of a table whose header names a day and amounts; None for every other."""
    rows = table.head(HEADER_ROWS)
    header = find_header(rows, "bank")
    if header is None:
        return None
    first = first_line_after(rows, header)
    body, numeric = table.below(first)
    headers = rows[header][1]
    columns = _assigned(headers, [profile_of(body[column(index)]) for index in range(table.width)])
    if "booked_on" not in columns or not columns.keys() & {"amount", "debit", "credit"}:
        return None
    named = {_AS_IN_LISTS[name]: Column(index) for name, index in columns.items() if name in _AS_IN_LISTS}
    mapping = Mapping(named, subject="bank", header_line=rows[header][0], first_line=first)
    notation, _guesses, ambiguous = guess_notation(body, numeric, mapping, "")
    above = [cell for _, cells in rows[:header] for cell in cells if cell.strip()]
    money = [headers[columns[name]] for name in _MONEY & columns.keys()]
    return Layout(
        columns=columns,
        texts=tuple(index for index, said in enumerate(headers) if _is_text(index, said, columns)),
        notation=notation,
        currency=_one([*map(currency_of, money), *_symbols(body, columns), *map(_currency, above)]),
        account=_account_above(above),
        ambiguous=(*ambiguous, *_unclear_sign(body, columns)),
    )


def _assigned(headers: Sequence[str], profiles: Sequence[Profile]) -> dict[str, int]:
    """Field -> column, the best pairs first; each field and each column once."""
    pairs = sorted(
        (
            (-score, list(BANK_WORDS).index(name), index, name)
            for index, header in enumerate(headers)
            for name, score in scores(header, "bank").items()
            if score >= _LEAST and _may_be(name, profiles[index])
        )
    )
    found: dict[str, int] = {}
    for _, _, index, name in pairs:
        if name not in found and index not in found.values():
            found[name] = index
    return found


def _may_be(name: str, profile: Profile) -> bool:
    """Whether the cells of a column can be those of the field; an empty column can be anything."""
    if name in _DAYS:
        return profile.is_empty or profile.day > 0 or profile.serial > 0
    if profile.is_empty:
        return True
    if name in _MONEY:
        return profile.number > 0 and profile.day < 1
    return profile.currency > 0 if name == "currency" else True


def _is_text(index: int, header: str, columns: dict[str, int]) -> bool:
    """Whether a column is the text of the movement, or a further one beside it."""
    taken = {place for name, place in columns.items() if name != _TEXT}
    return index not in taken and scores(header, "bank").get(_TEXT, 0) >= _LEAST


def _unclear_sign(body: pl.DataFrame, columns: dict[str, int]) -> list[str]:
    """Whether money in has a plus and the other amounts, as of a card, nothing: then these are hardly money in, too."""
    if "amount" not in columns or "side" in columns:
        return []
    cells = body[column(columns["amount"])].drop_nulls()
    is_marked = cells.str.contains(r"^\s*\+")
    return ["sign"] if is_marked.any() and not (is_marked | cells.str.contains(r"[-(]")).all() else []


def _symbols(body: pl.DataFrame, columns: dict[str, int]) -> set[str]:
    """The currencies written beside the amounts."""
    cells = [body[column(columns[name])] for name in _MONEY & columns.keys()]
    found = pl.concat(cells).str.extract(r"(US\$|[€$£]|\b[A-Z]{3}\b)").drop_nulls().unique().to_list()
    return {SYMBOLS.get(sign, sign) for sign in found}


def _currency(cell: str) -> str:
    """The currency that a line above the header names alone, as ": EUR"."""
    word = cell.rpartition(":")[2].strip()
    return word if is_currency(word) else ""


def _one(told: Iterable[str]) -> str:
    """The only currency that is told, else nothing."""
    found = {each for each in told if is_currency(each)}
    return found.pop() if len(found) == 1 else ""


def _account_above(cells: Sequence[str]) -> str:
    """The account that a line above the header tells: "Account number: 4711", or the cell after such a word."""
    for label, value in [
        *(cell.split(":", 1) for cell in cells if ":" in cell),
        *pairwise(cells),
    ]:
        number = account_of(value)
        if scores(label.strip(), "bank").get("account", 0) >= _LEAST and any(map(str.isdecimal, number)):
            return number
    return ""
