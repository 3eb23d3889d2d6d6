"""French ledgers (FEC) with their letters taken off: payments become bank lines, the other rows items, letters the truth.

No benchmark. A letter (EcritureLet) joins what settles each other on an account. On the customers' account (411) debits are items
and what comes in through a bank's journal is a line; the suppliers' account (401) is the same with both sides exchanged, and has
more letters. A journal is a bank's where a quarter of its rows stand on accounts of class 5.

The line carries the wording of its booking (EcritureLib) and nothing else; whose it is, the ledger would know from the account,
and the matcher is told only if `names_customer`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from bench.cases import KNOWN, SETTLED, TRUTH, Case, customers_frame, empty_payers
from debitora.engine.matching import LINES, PAYERS
from debitora.formats.encodings import decode
from debitora.formats.ledgers import cents_of, day_of

SIDES: Final = {"411": 1, "401": -1}
"""Accounts of customers and of suppliers, and the sign that makes debits of the first and credits of the second positive."""
BANK_SHARE: Final = 4
TERM: Final = timedelta(days=30)
_EVE: Final = timedelta(days=1)
"""An item is known on its own day: a case shows what was issued before."""
_DIGITS: Final = re.compile(r"[0-9]{4,}")


@dataclass(frozen=True, slots=True)
class Row:
    """A row on the account: minor units, items above zero. letter: with the account, what it belongs to; "" where it has none.

    lettered_on: when somebody set the letter, if the ledger says so.
    """

    place: int
    journal: str
    day: date
    account: str
    name: str
    number: str
    text: str
    minor: int
    letter: str
    lettered_on: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Lettered:
    """A case, and which lines belong to which letter. not_findable: letters with an item that the ledger has only after the payment."""

    case: Case
    letters: dict[str, tuple[int, ...]]
    not_findable: frozenset[str]


def lettered(path: Path, *, prefix: str, names_customer: bool = False) -> Lettered:
    """The case of a ledger's accounts that begin with `prefix` (one of SIDES)."""
    rows, banks = _read(path, prefix)
    payments = [row for row in rows if row.journal in banks and row.minor < 0 and row.letter]
    items = [row for row in rows if row.journal not in banks or row.minor > 0]
    accounts = {account: place for place, account in enumerate(dict.fromkeys(row.account for row in rows))}
    answers = _answers(payments, items)
    by_letter: dict[str, list[int]] = defaultdict(list)
    for row in payments:
        by_letter[row.letter].append(row.place)
    found = {
        letter: tuple(lines) for letter, lines in by_letter.items() if all(line in answers for line in lines)
    }
    asked = [row for row in payments if row.letter in found]
    return Lettered(
        case=Case(
            name=f"{path.name} {prefix}",
            lines=_lines(asked, names_customer=names_customer),
            items=_items(items, accounts),
            settled=pl.concat(
                [_settled(asked, answers), _offset([row for row in items if row.letter not in found])]
            ),
            customers=_customers(rows, accounts),
            payers=_accounts_as_payers(accounts) if names_customer else empty_payers(),
            truth=_truth(asked, answers, accounts),
        ),
        letters=found,
        not_findable=frozenset(_not_findable(asked, items)),
    )


def _read(path: Path, prefix: str) -> tuple[list[Row], frozenset[str]]:
    """The rows on the accounts, and the bank's journals."""
    text, _, _ = decode(path.read_bytes(), None)
    lines = text.replace("\r\n", "\n").split("\n")
    mark = "\t" if "\t" in lines[0] else "|"
    heads = [head.strip() for head in lines[0].split(mark)]
    told = [
        dict(zip(heads, (cell.strip() for cell in line.split(mark)), strict=False))
        for line in lines[1:]
        if line.strip()
    ]
    mine = [
        _row(place, one, SIDES[prefix])
        for place, one in enumerate(told)
        if one["CompteNum"].startswith(prefix)
    ]
    return [row for row in mine if row.minor], _banks(told)


def _row(place: int, told: dict[str, str], sign: int) -> Row:
    account = f"{told['CompteNum']} {told['CompAuxNum']}".strip()
    debit, credit = cents_of(told["Debit"] or "0") or 0, cents_of(told["Credit"] or "0") or 0
    letter = told.get("EcritureLet", "")
    return Row(
        place=place,
        journal=told["JournalCode"],
        day=day_of(told["EcritureDate"]) or date.min,
        account=account,
        name=told["CompAuxLib"] or told["CompteLib"],
        number=told["PieceRef"],
        text=told["EcritureLib"],
        minor=sign * (debit - credit),
        letter=f"{account} {letter}" if letter else "",
        lettered_on=day_of(told.get("DateLet", "")),
    )


def _banks(told: Sequence[dict[str, str]]) -> frozenset[str]:
    rows = Counter(one["JournalCode"] for one in told)
    money = Counter(one["JournalCode"] for one in told if one["CompteNum"].startswith("5"))
    return frozenset(journal for journal, count in rows.items() if money[journal] * BANK_SHARE >= count)


def _answers(payments: Sequence[Row], items: Sequence[Row]) -> dict[int, list[tuple[int, int]]]:
    """What each payment takes off which items. Where a letter has several payments, an item of just the amount goes first, then
    the oldest ones; credits of the letter go with its first payment. A letter that does not come out to the cent has no answer."""
    by_letter: dict[str, list[Row]] = defaultdict(list)
    for row in items:
        by_letter[row.letter].append(row)
    found: dict[int, list[tuple[int, int]]] = {}
    for letter, paid in _grouped(payments).items():
        answers = _shared_out(paid, by_letter[letter])
        found |= answers
    return found


def _grouped(payments: Sequence[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(payments, key=lambda row: (row.day, row.place)):
        groups[row.letter].append(row)
    return groups


def _shared_out(payments: Sequence[Row], items: Sequence[Row]) -> dict[int, list[tuple[int, int]]]:
    if sum(row.minor for row in (*payments, *items)) or not items:
        return {}
    left = {
        row.place: row.minor for row in sorted(items, key=lambda row: (row.minor > 0, row.day, row.place))
    }
    answers: dict[int, list[tuple[int, int]]] = {}
    for row in payments:
        exact = next((place for place, minor in left.items() if minor == -row.minor), None)
        answers[row.place] = [(exact, left.pop(exact))] if exact is not None else _oldest(left, -row.minor)
    return answers


def _oldest(left: dict[int, int], minor: int) -> list[tuple[int, int]]:
    """Take `minor` off what is left, credits first, then the oldest items."""
    taken: list[tuple[int, int]] = []
    for place in list(left):
        part = min(left[place], minor)
        if part:
            taken.append((place, part))
            minor -= part
            left[place] -= part
        if not left[place]:
            del left[place]
    return taken


def _not_findable(payments: Sequence[Row], items: Sequence[Row]) -> set[str]:
    """Letters with an item that the ledger has only after the first payment."""
    first = {letter: rows[0].day for letter, rows in _grouped(payments).items()}
    return {row.letter for row in items if row.letter in first and row.day > first[row.letter]}


def _lines(payments: Sequence[Row], *, names_customer: bool) -> pl.DataFrame:
    rows = [
        (row.place, "EUR", -row.minor, row.day, row.account if names_customer else "", "", row.text)
        for row in payments
    ]
    return (
        pl.DataFrame(rows, schema=dict(LINES), orient="row")
        .with_columns(paid_currency=pl.lit(""), paid_minor=pl.lit(0))
        .sort("booked_on", "line")
    )


def _items(items: Sequence[Row], accounts: dict[str, int]) -> pl.DataFrame:
    rows = [
        (row.place, accounts[row.account], "EUR", _number(row), row.minor, row.day - _EVE, row.day + TERM)
        for row in items
    ]
    return pl.DataFrame(rows, schema=dict(KNOWN), orient="row")


def _number(row: Row) -> str:
    """The number in the wording, where there is one: the piece is often only a month."""
    told = _DIGITS.findall(row.text)
    return told[-1] if told else row.number


def _settled(payments: Sequence[Row], answers: dict[int, list[tuple[int, int]]]) -> pl.DataFrame:
    rows = [(item, row.day, minor) for row in payments for item, minor in answers[row.place]]
    return pl.DataFrame(rows, schema=dict(SETTLED), orient="row")


def _offset(items: Sequence[Row]) -> pl.DataFrame:
    """What letters settle of which no payment is asked: items that settle each other, above all. They are open until the letter was set."""
    last = {row.letter: row.day for row in sorted(items, key=lambda row: row.day)}
    rows = [(row.place, row.lettered_on or last[row.letter], row.minor) for row in items if row.letter]
    return pl.DataFrame(rows, schema=dict(SETTLED), orient="row")


def _customers(rows: Sequence[Row], accounts: dict[str, int]) -> pl.DataFrame:
    names = {row.account: row.name for row in reversed(rows)}
    return customers_frame(
        [(place, account.split()[-1], names[account]) for account, place in accounts.items()]
    )


def _accounts_as_payers(accounts: dict[str, int]) -> pl.DataFrame:
    rows = [(account, place, 3) for account, place in accounts.items()]
    return pl.DataFrame(rows, schema=dict(PAYERS), orient="row")


def _truth(
    payments: Sequence[Row], answers: dict[int, list[tuple[int, int]]], accounts: dict[str, int]
) -> pl.DataFrame:
    rows = [
        (
            row.place,
            "one" if len(answers[row.place]) == 1 else "several",
            "wording",
            "self",
            [accounts[row.account]],
            [item for item, _ in answers[row.place]],
            [minor for _, minor in answers[row.place]],
        )
        for row in payments
    ]
    return pl.DataFrame(rows, schema=dict(TRUTH), orient="row")
