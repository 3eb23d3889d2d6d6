"""From a notice's facts to the letter that says them: lines in the order of their due days, the recipient's address lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from debitora.messaging.rules.letter import Contact, Identity, Letter, LetterLine, LineKind, Sender
from debitora.messaging.rules.words import salutation
from debitora.values.locales import country_name
from debitora.values.money import Money


@dataclass(frozen=True, slots=True)
class LineFacts:
    """An item on a notice. `original` is what it was opened with, `open_minor` what the notice shows as open; what holds
    kept out of that (`held_minor`) is owed too, and not asked for."""

    item: int
    number: str
    kind: str
    issued_on: date | None
    due_on: date
    original_minor: int
    open_minor: int
    held_minor: int = 0
    interest_minor: int = 0
    lump_sum_minor: int = 0


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets the notice, as her party reads now."""

    party: int
    name: str
    contact_name: str
    street: str
    postcode: str
    city: str
    country: str
    email: str
    language: str
    contact: int | None = None
    """The contact whose mail address it is; None: the customer's own."""
    via: int | None = None
    """The parent company that all of it is of; None: the customer herself."""
    debtor: str = ""
    """Who owes, where that is not whom it goes to."""

    def address(self, *, home: str, language: str) -> tuple[str, ...]:
        """The lines of the address window, empty ones left out; abroad, seen from `home`, ends in the country in capitals.

        So DIN 5008 and the Universal Postal Union want it.
        """
        place = f"{self.postcode} {self.city}".strip()
        abroad = place and self.country not in ("", home)
        country = country_name(self.country, language).upper() if abroad else ""
        return tuple(line for line in (self.name, self.contact_name, self.street, place, country) if line)

    @property
    def has_address(self) -> bool:
        """Whether a letter could be delivered."""
        return bool(self.name and self.street and self.postcode and self.city)


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """A notice as it was decided. Amounts are minor units of `currency`."""

    id: int
    number: str
    customer: int
    customer_number: str
    currency: str
    level: int
    fee_minor: int
    total_minor: int
    step: Mapping[str, object]
    strategy_version: int
    as_of: date
    lines: tuple[LineFacts, ...]
    interest_minor: int = 0
    lump_sum_minor: int = 0

    @property
    def claims_minor(self) -> int:
        """All that is asked for beside the items."""
        return self.fee_minor + self.interest_minor + self.lump_sum_minor

    @property
    def channel(self) -> str:
        """How it leaves the house."""
        return str(self.step.get("channel", "mail"))


def letter_of(
    notice: NoticeFacts,
    *,
    company_code: str,
    home: str,
    sender: Sender,
    contact: Contact,
    recipient: Recipient,
    language: str,
    issued_on: date,
    deadline_on: date,
) -> Letter:
    """The letter, still without its texts, posted in the country `home`. Raises messaging's LetterDoesNotAddUp if the sums disagree."""
    return Letter(
        identity=Identity(company=company_code, notice=str(notice.id), as_of=notice.as_of),
        sender=sender,
        recipient=recipient.address(home=home, language=language),
        customer_name=recipient.debtor or recipient.name,
        issued_on=issued_on,
        customer_number=notice.customer_number,
        notice_number=notice.number,
        subject="",
        salutation=salutation(language),
        opening=(),
        closing=(),
        lines=lines_of(notice, issued_on),
        demanded=Money(notice.total_minor, notice.currency),
        language=language,
        level=max(notice.level, 1),
        deadline_on=deadline_on,
        fee=Money(notice.fee_minor, notice.currency) if notice.fee_minor else None,
        interest=Money(notice.interest_minor, notice.currency) if notice.interest_minor else None,
        lump_sum=Money(notice.lump_sum_minor, notice.currency) if notice.lump_sum_minor else None,
        contact=contact,
    )


def lines_of(notice: NoticeFacts, issued_on: date) -> tuple[LetterLine, ...]:
    """What the table lists, oldest due day first. An upcoming item is demanded like a due one, on its own day."""
    return tuple(_line(line, notice.currency, issued_on) for line in _in_order(notice.lines))


def _in_order(lines: Sequence[LineFacts]) -> list[LineFacts]:
    return sorted(lines, key=lambda line: (line.due_on, line.number, line.item))


def _line(line: LineFacts, currency: str, issued_on: date) -> LetterLine:
    kind = LineKind.DUE if line.kind == "upcoming" else LineKind(line.kind)
    return LetterLine(
        number=line.number,
        issued_on=line.issued_on,
        due_on=line.due_on,
        amount=Money(line.original_minor, currency),
        paid=Money(line.original_minor - line.open_minor - line.held_minor, currency),
        open=Money(line.open_minor, currency),
        kind=kind,
        days_overdue=0 if kind is LineKind.CREDIT else max((issued_on - line.due_on).days, 0),
        held=Money(line.held_minor, currency) if line.held_minor else None,
    )
