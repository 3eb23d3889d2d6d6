"""What tells one movement from another: a line of a statement as a movement, and how much a statement's word weighs."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import date
from enum import StrEnum
from itertools import accumulate
from typing import Final

from debitora.cash.rules.overlap import Movement
from debitora.formats.bank.statements import BankFile, Line, Reach, Reading, Statement
from debitora.formats.faults import Fault, FaultCode, fault
from debitora.values.money import MAX_MINOR

_WORD: Final = re.compile(r"[A-Z0-9ÄÖÜÀ-ÝŒ]{3,}")
_IBAN: Final = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}")
_MOST_WORDS: Final = 200
_FAMILY: Final = {str(one): "camt" for one in (Reading.CAMT052, Reading.CAMT053, Reading.CAMT054)}


class Weight(StrEnum):
    """What a statement's word is worth: its lines are announced, final, or proven by both balances."""

    ANNOUNCED = "announced"
    FINAL = "final"
    PROVEN = "proven"


def weight_of(reach: str, *, chained: bool) -> Weight:
    """What the lines of a statement weigh that has both balances and their days (`chained`), or has not."""
    if reach in (Reach.INTERIM, Reach.ADVICE):
        return Weight.ANNOUNCED
    return Weight.PROVEN if chained else Weight.FINAL


def moving(file: BankFile) -> BankFile:
    """The file without the lines of amount 0: banks write them to say something, and no money moves."""
    return replace(
        file,
        statements=tuple(replace(one, lines=tuple(line for line in one.lines if line.minor)) for one in file),
    )


def too_large(file: BankFile) -> list[Fault]:
    """A fault for each statement whose balances and lines come to more than is kept of one, at the line that is too much.

    Half of what a sum may be: so what is missing between any two statements of an account is still an amount.
    """
    return [
        fault(FaultCode.SUM_TOO_LARGE, line=place, value=one.account)
        for one in file
        for place in _beyond(one)
    ]


def _beyond(statement: Statement) -> list[int]:
    """The place of the line with which the statement becomes too large; of the statement if its balances are; none."""
    sums = accumulate(
        (abs(line.minor) for line in statement.lines),
        initial=abs(statement.opening_minor or 0) + abs(statement.closing_minor or 0),
    )
    places = (statement.place, *(line.place for line in statement.lines))
    return [place for place, minor in zip(places, sums, strict=True) if minor >= MAX_MINOR // 2][:1]


def movement(key: int, line: Line, *, reading: Reading | None) -> Movement:
    """The line as it is compared with what the account has."""
    return movement_of(
        key,
        day=line.booked_on,
        minor=line.minor,
        exact=fingerprint(line),
        account=line.account,
        end_to_end=line.end_to_end,
        reference=line.reference,
        bank_reference=line.bank_reference,
        reading=str(reading or ""),
        texts=(line.name, line.text),
    )


def movement_of(
    key: int,
    *,
    day: date,
    minor: int,
    exact: str,
    account: str,
    end_to_end: str,
    reference: str,
    bank_reference: str,
    reading: str,
    texts: tuple[str, str],
    proven: bool = True,
) -> Movement:
    """A movement with all that tells it from others. A bank's own reference says something within one family of formats only:
    camt and MT940 of one day carry different ones."""
    names = {
        "account": account if _IBAN.fullmatch(account) else "",
        "end_to_end": end_to_end,
        "reference": reference,
        f"bank.{_FAMILY.get(reading, reading)}": bank_reference,
    }
    known = frozenset(f"{kind}:{name}" for kind, name in names.items() if name)
    return Movement(key, day, minor, exact, known, words_of(*texts), proven)


def words_of(*texts: str) -> frozenset[str]:
    """The words of texts, in capitals: runs of three letters or digits and more, two hundred at most."""
    return frozenset(_WORD.findall(" ".join(texts).upper())[:_MOST_WORDS])


def fingerprint(line: Line) -> str:
    """A digest of all that the bank said of a movement but its place in the file: 32 hexadecimal digits."""
    digest = hashlib.blake2b(digest_size=16)
    for part in (str(getattr(line, name)) for name in _SAID):
        digest.update(f"{len(part)}:{part}".encode())
    return digest.hexdigest()


_SAID: Final = (
    "booked_on", "minor", "name", "account", "text", "reference", "end_to_end", "mandate", "bank_reference", "reversal",
)  # fmt: skip
