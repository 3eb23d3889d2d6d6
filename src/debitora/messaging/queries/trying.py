"""A letter to a real customer about her real open items, as it would be made now: to try a text on. Nothing is kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from debitora.messaging.queries.letterhead import letter_sender
from debitora.messaging.queries.sender import sender_of
from debitora.messaging.queries.statements import line_of, window
from debitora.messaging.rules.letter import Contact, Identity, Letter, LetterLine
from debitora.messaging.rules.notice_texts import TextKey
from debitora.messaging.rules.words import salutation
from debitora.people.models import Company
from debitora.receivables.models import Customer
from debitora.receivables.queries import CustomerFilters, CustomerRow, customers_page, open_items_as_of
from debitora.receivables.rules.items import Scope
from debitora.values.money import Money

MOST_LINES: Final = 40
"""A letter that is only looked at shows so many items."""
_OFFERED: Final = 20
_DEADLINE_DAYS: Final = 10


class NothingOpen(Exception):
    """The customer owes nothing, so there is nothing to write to her about."""


def customers_to_try(*, company: Company, scope: Scope, on: date) -> tuple[CustomerRow, ...]:
    """A few customers who have something overdue, by number."""
    filters = CustomerFilters(overdue=True)
    found = customers_page(
        filters=filters, on=on, currency=company.currency, scope=scope, size=_OFFERED, sort="number"
    )
    return found.rows


def customer_meant(*, company: Company, scope: Scope, text: str, on: date) -> int | None:
    """The customer whose number was typed, else the first whose number or name it begins; None if there is none."""
    if not text.strip():
        return None
    filters = CustomerFilters(text=text)
    found = customers_page(filters=filters, on=on, currency=company.currency, scope=scope, size=_OFFERED).rows
    exact = (row.customer for row in found if row.number == text.strip())
    return next(exact, found[0].customer if found else None)


def letter_to(*, company: Company, customer: Customer, step: TextKey, language: str, on: date) -> Letter:
    """The letter of a step about all that is overdue on the day (before the due day: that is not), else all that is open.

    Of several currencies the company's own comes first. Raises NothingOpen.
    """
    lines = _lines(company, customer.id, on, early=step is TextKey.UPCOMING)
    sender = sender_of(company=company.id)
    level = max(list(TextKey).index(step), 1)
    return Letter(
        identity=Identity(company=company.code, notice="0", as_of=on),
        sender=letter_sender(company, sender),
        recipient=window(customer.party, home=company.country, language=language),
        customer_name=customer.party.name,
        issued_on=on,
        customer_number=customer.number,
        notice_number=f"M-{on.year}-0000",
        subject="",
        salutation=salutation(language),
        opening=(),
        closing=(),
        lines=lines,
        demanded=sum((line.open for line in lines), start=Money(0, lines[0].open.currency)),
        language=language,
        level=level,
        deadline_on=on + timedelta(days=_DEADLINE_DAYS),
        contact=Contact(name=sender.contact_name, phone=sender.phone, email=sender.reply_to or sender.email),
    )


def _lines(company: Company, customer: int, on: date, *, early: bool) -> tuple[LetterLine, ...]:
    debits = [item for item in open_items_as_of(customer=customer, on=on) if item.open_minor > 0]
    if not debits:
        raise NothingOpen(customer)
    currencies = sorted({item.currency for item in debits}, key=lambda one: (one != company.currency, one))
    alike = [item for item in debits if item.currency == currencies[0]]
    fit = [item for item in alike if (item.due_on < on) is not early]
    return tuple(line_of(item, on) for item in (fit or alike)[:MOST_LINES])
