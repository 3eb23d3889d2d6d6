"""The statement of account of a customer on a day, read from the ledger as of that day."""

from __future__ import annotations

from datetime import date, datetime

from debitora.messaging.queries.letterhead import letter_sender
from debitora.messaging.queries.sender import sender_of
from debitora.messaging.rules.letter import Contact, Identity, LetterLine, LineKind
from debitora.messaging.rules.statement import Statement
from debitora.messaging.rules.words import written_language
from debitora.people.models import Company
from debitora.receivables.models import Customer, Party
from debitora.receivables.queries import OpenItem, aging_as_of, open_items_as_of
from debitora.values.locales import country_name
from debitora.values.money import Money


def statement_of(*, company: Company, customer: Customer, on: date, at: datetime) -> Statement:
    """What was open on the day, as it is known now; `at` is the moment it is written. Raises StatementDoesNotAddUp."""
    language = written_language(customer.language or company.language)
    sender = sender_of(company=company.id)
    items = open_items_as_of(customer=customer.id, on=on)
    return Statement(
        identity=Identity(company=company.code, notice=f"statement-{customer.id}-{on.isoformat()}", as_of=on),
        sender=letter_sender(company, sender),
        contact=Contact(name=sender.contact_name, phone=sender.phone, email=sender.reply_to or sender.email),
        recipient=window(customer.party, home=company.country, language=language),
        customer_name=customer.party.name,
        customer_number=customer.number,
        on=on,
        issued_on=company.day_at(at),
        language=language,
        currency=company.currency,
        lines={
            currency: tuple(line_of(item, on) for item in items if item.currency == currency)
            for currency in sorted({item.currency for item in items})
        },
        aging=aging_as_of(on=on, customer=customer.id),
    )


def line_of(item: OpenItem, on: date) -> LetterLine:
    """An open item as a line of a statement or letter."""
    is_credit = item.open_minor < 0
    position = f"/{item.position}" if item.position not in ("", "1") else ""
    return LetterLine(
        number=f"{item.number}{position}",
        issued_on=item.issued_on,
        due_on=item.due_on,
        amount=Money(item.raised_minor, item.currency),
        paid=Money(item.raised_minor - item.open_minor, item.currency),
        open=Money(item.open_minor, item.currency),
        kind=LineKind.CREDIT if is_credit else LineKind.DUE,
        days_overdue=0 if is_credit else max((on - item.due_on).days, 0),
    )


def window(party: Party, *, home: str, language: str) -> tuple[str, ...]:
    """The lines of the address window (DIN 5008); abroad it ends in the country in capitals."""
    place = f"{party.postcode} {party.city}".strip()
    abroad = place and party.country not in ("", home)
    country = country_name(party.country, language).upper() if abroad else ""
    return tuple(line for line in (party.name, party.contact_name, party.street, place, country) if line)
