"""The interest statement of an item or of a customer: the evidence of `queries.interest` as a letter in the debtor's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from debitora.dunning.queries.interest import InterestCard, interest_card, interest_cards
from debitora.messaging.queries.letterhead import letter_sender
from debitora.messaging.queries.sender import sender_of
from debitora.messaging.queries.statements import window
from debitora.messaging.rules.interest_statement import BorneItem, BorneSlice, InterestStatement
from debitora.messaging.rules.letter import Contact, Identity
from debitora.messaging.rules.words import written_language
from debitora.people.models import Company
from debitora.receivables.models import Customer, Item
from debitora.values.money import Money

MOST: Final = 200
"""So many items stand on one statement, the oldest first; it says how many are left out."""
_DAY: Final = timedelta(days=1)


def statement_of_item(*, company: Company, item: Item, on: date, at: datetime) -> InterestStatement:
    """What one item has borne until the day, that day included. `at` is the moment it is written."""
    card = interest_card(company=company, item=item, until=on + _DAY)
    return _statement(company, item.customer, [borne_item(item, card)], on, at, name=f"item-{item.id}")


def statement_of_customer(
    *, company: Company, customer: Customer, on: date, at: datetime
) -> InterestStatement | None:
    """What the customer's open items have borne that were due before the day; None if there are none."""
    found = Item.objects.filter(
        customer_id=customer.id, state__open_minor__gt=0, state__due_on__lt=on, amount_minor__gt=0
    )
    items = list(found.select_related("customer", "state").order_by("state__due_on", "id")[:MOST])
    if not items:
        return None
    cards = interest_cards(company=company, customer=customer.id, items=items, until=on + _DAY)
    told = [borne_item(item, card) for item, card in zip(items, cards, strict=True)]
    more = found.count() - MOST if len(items) == MOST else 0
    return _statement(company, customer, told, on, at, name=f"customer-{customer.id}", more=more)


def borne_item(item: Item, card: InterestCard) -> BorneItem:
    """An item with its evidence as the statement shows it."""
    position = f"/{item.position}" if item.position not in ("", "1") else ""
    begun = card.default if card.default and card.default.from_on < card.until else None
    return BorneItem(
        number=f"{item.number}{position}",
        issued_on=item.issued_on,
        due_on=item.state.due_on,
        amount=Money(card.principal_minor, item.currency),
        default_on=begun.from_on if begun else None,
        ground=begun.ground.value if begun else "",
        law_of_default=begun.law if begun else "",
        law=card.law,
        day_count=card.day_count.value,
        payments=tuple((one.on, Money(one.minor, item.currency)) for one in card.payments),
        slices=_slices(card, item.currency),
        total=Money(card.borne.total_minor, item.currency) if card.borne else None,
        horizon=card.horizon,
        sure=card.sure,
    )


def _slices(card: InterestCard, currency: str) -> tuple[BorneSlice, ...]:
    if card.borne is None:
        return ()
    return tuple(
        BorneSlice(
            first_on=one.from_on,
            last_on=one.to_on - _DAY,
            balance=Money(one.balance_minor, currency),
            bp=one.bp,
            interest=Money(one.minor, currency),
            source=one.source,
            reference_bp=reference,
        )
        for one, reference in zip(card.borne.slices, card.references, strict=True)
    )


def _statement(
    company: Company,
    customer: Customer,
    items: Sequence[BorneItem],
    on: date,
    at: datetime,
    *,
    name: str,
    more: int = 0,
) -> InterestStatement:
    language = written_language(customer.language or company.language)
    sender = sender_of(company=company.id)
    return InterestStatement(
        identity=Identity(company=company.code, notice=f"interest-{name}-{on.isoformat()}", as_of=on),
        sender=letter_sender(company, sender),
        contact=Contact(name=sender.contact_name, phone=sender.phone, email=sender.reply_to or sender.email),
        recipient=window(customer.party, home=company.country, language=language),
        customer_name=customer.party.name,
        customer_number=customer.number,
        until=on,
        issued_on=company.day_at(at),
        language=language,
        items=tuple(items),
        more=more,
    )
