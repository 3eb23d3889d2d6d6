"""An account statement as every bank format tells it, and what a file of statements holds.

Amounts are minor units of the statement's currency, signed as the account's holder sees them: money in is positive. Days are
the bank's. Texts have single blanks and no line ends; what a bank left out is an empty text or None.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from debitora.formats.faults import Fault, Faults


class Reach(StrEnum):
    """What a message promises: who reads it must know whether its lines are final."""

    BOOKED = "booked"  # an account statement: camt.053, MT940, CODA, CFONB120, Norma 43; has both balances
    INTERIM = (
        "interim"  # movements of the day so far: camt.052, MT942; what is booked comes again in a statement
    )
    ADVICE = "advice"  # details of single bookings: camt.054; the booking itself comes in a statement
    EXPORT = "export"  # what online banking exports: OFX, CSV; balances may be missing


class Reading(StrEnum):
    """The formats, as the command line names them."""

    CAMT052 = "camt.052"
    CAMT053 = "camt.053"
    CAMT054 = "camt.054"
    MT940 = "mt940"
    MT942 = "mt942"
    CODA = "coda"
    CFONB120 = "cfonb120"
    NORMA43 = "norma43"
    OFX = "ofx"
    TABLE = "table"


class Line(NamedTuple):
    """One movement on the account, as small as the bank tells it: of a batch whose parts tie to its sum, each part.

    place: the line (text formats), row (tables) or number of the entry (XML) in the file, from 1. batch: the bank's reference of
    the collected entry that this line is a part of. reversal: the bank takes back an earlier movement. return_reason: an ISO
    code (AC04, MD06) or the bank's own. code: what kind of movement, in the bank's words (GVC, domain code, N43 concept).
    fee_minor: what the bank kept of the amount, where it says so. original_minor and original_currency: what was paid before an
    exchange. bank_reference: how the bank knows the movement for good; a number that counts the entries of a file is none.

    A named tuple, for a statement has a hundred thousand of them, and a frozen dataclass of so many fields takes four times as long.
    """

    place: int
    booked_on: date
    minor: int
    valued_on: date | None = None
    name: str = ""
    account: str = ""
    bank: str = ""
    text: str = ""
    reference: str = ""
    end_to_end: str = ""
    mandate: str = ""
    reversal: bool = False
    return_reason: str = ""
    bank_reference: str = ""
    batch: str = ""
    code: str = ""
    fee_minor: int = 0
    original_minor: int = 0
    original_currency: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One account over some days. account: the IBAN, or the number as the bank writes it, without blanks, in capitals.

    number: the bank's number of the statement, with the page where there are pages (`12/1`). A balance that the file lacks is
    None; opened_on and closed_on are the days of the balances.
    """

    account: str
    currency: str
    reach: Reach
    lines: tuple[Line, ...]
    opening_minor: int | None = None
    closing_minor: int | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    number: str = ""
    identity: str = ""
    place: int = 0

    @property
    def moved_minor(self) -> int:
        """The sum of its lines."""
        return sum(line.minor for line in self.lines)

    @property
    def difference_minor(self) -> int | None:
        """Closing less opening less lines: 0 where the statement ties, None where a balance is missing."""
        if self.opening_minor is None or self.closing_minor is None:
            return None
        return self.closing_minor - self.opening_minor - self.moved_minor


@dataclass(frozen=True, slots=True)
class BankFile:
    """What a file holds: statements in its order, and what is wrong with it. A fault that hinders makes all of it unusable,
    for a part of a statement is worse than none; `faults` then says where and why."""

    reading: Reading | None
    statements: tuple[Statement, ...] = ()
    faults: Faults = field(default_factory=Faults)

    def __iter__(self) -> Iterator[Statement]:
        return iter(self.statements)

    @classmethod
    def refused(cls, reading: Reading | None, *faults: Fault) -> BankFile:
        """A file that is not taken."""
        return cls(reading, (), Faults.of(faults))
