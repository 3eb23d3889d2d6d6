"""A letter as plain values: everything a debtor reads, before it is given a form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from debitora.messaging.rules.girocode import Account
from debitora.values.money import Money


class LetterDoesNotAddUp(Exception):
    """The demanded sum is not the sum of what the letter lists, or the lines mix currencies."""


class LineKind(StrEnum):
    """Why an item stands in the letter."""

    DUE = "due"
    """It is demanded and rises by one level."""
    ALSO_OPEN = "also_open"
    """Shown for information: inside its own grace, or not yet at its turn."""
    CREDIT = "credit"
    """Shown with a negative open amount; set off when the demanded sum says so."""


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One item: its open amount is the amount less what was paid and what is set aside (`held`). Dates may be unknown."""

    number: str
    issued_on: date | None
    due_on: date | None
    amount: Money
    paid: Money
    open: Money
    kind: LineKind = LineKind.DUE
    days_overdue: int = 0
    held: Money | None = None
    """Disputed or promised, for instance: owed as well, and not asked for now. None = nothing."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The company that writes. `imprint` are the lines that the law demands on business letters (§ 35a GmbHG).

    `logo` and `signature` are PNGs of rules.emblems, `footer` the columns at the foot instead of our own; the bank details
    always stand beside them.
    """

    name: str
    address: tuple[str, ...]
    phone: str = ""
    email: str = ""
    web: str = ""
    imprint: tuple[str, ...] = ()
    account: Account | None = None
    logo: bytes = b""
    signature: bytes = b""
    colour: str = ""
    footer: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """The person whom the debtor may call."""

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose letter this is; written into the PDF, so that every file can be held against its notice.

    `company` is the company's code, `notice` the notice's id, `as_of` the last day whose payments it knows.
    """

    company: str
    notice: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice on paper. `recipient` are at most six address lines; `opening` and `closing` are paragraphs.

    `demanded` is the sum that the debtor shall pay: the due lines, the fee, interest and lump sums, less the credits where the
    policy sets them off. Interest counts to the day before `identity.as_of`. `customer_name` is for texts; empty: the first address line. Raises LetterDoesNotAddUp.
    """

    identity: Identity
    sender: Sender
    recipient: tuple[str, ...]
    issued_on: date
    customer_number: str
    notice_number: str
    subject: str
    salutation: str
    opening: tuple[str, ...]
    closing: tuple[str, ...]
    lines: tuple[LetterLine, ...]
    demanded: Money
    language: str
    level: int = 1
    deadline_on: date | None = None
    fee: Money | None = None
    interest: Money | None = None
    lump_sum: Money | None = None
    contact: Contact = Contact()
    customer_name: str = ""
    place: str = ""
    payment_reference: str = ""
    enclosed: tuple[str, ...] = ()
    """Numbers of the invoices of which copies go along."""
    not_enclosed: tuple[str, ...] = ()
    """Numbers of those whose copies would make it too large."""

    def __post_init__(self) -> None:
        parts = [part for line in self.lines for part in (line.amount, line.paid, line.open, line.held)]
        amounts = [part for part in parts if part is not None]
        if any(amount.currency != self.currency for amount in (*amounts, *self._claims())):
            raise LetterDoesNotAddUp("more than one currency")
        if self.demanded not in (self.owed, self.owed + self.credit):
            raise LetterDoesNotAddUp(f"{self.demanded} demanded, {self.owed} owed, {self.credit} credit")

    @property
    def currency(self) -> str:
        """The one currency of all amounts."""
        return self.demanded.currency

    @property
    def owed(self) -> Money:
        """Open amounts of the due lines, and what is claimed beside them."""
        return self._sum([*(line.open for line in self.of_kind(LineKind.DUE)), *self._claims()])

    @property
    def credit(self) -> Money:
        """Open amounts of the credits: zero or negative."""
        return self._sum(line.open for line in self.of_kind(LineKind.CREDIT))

    @property
    def sets_off_credit(self) -> bool:
        """Whether the demanded sum has the credits deducted."""
        return bool(self.credit) and self.demanded != self.owed

    def of_kind(self, kind: LineKind) -> tuple[LetterLine, ...]:
        """The lines of one kind, in the order in which they were given."""
        return tuple(line for line in self.lines if line.kind is kind)

    def _claims(self) -> tuple[Money, ...]:
        return tuple(one for one in (self.fee, self.interest, self.lump_sum) if one is not None)

    def _sum(self, amounts: Iterable[Money]) -> Money:
        return sum(amounts, start=Money(0, self.currency))
