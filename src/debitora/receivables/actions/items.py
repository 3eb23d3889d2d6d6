"""Opening a single item outside of lists: a payment on account, a credit or an invoice entered by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from debitora.receivables.actions.locks import lock_customer
from debitora.receivables.models import Entry, Item, ItemState, Terms
from debitora.receivables.models.items import DEBITS, KINDS
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject
from debitora.values.money import Money
from debitora.values.numbers import number_key


class ItemKindUnknown(Exception):
    """The kind is none of invoice, charge, credit and payment."""


class AmountHasTheWrongSign(Exception):
    """A debit is above zero, a credit below."""


class ItemAlreadyKnown(Exception):
    """The source has opened an item of this customer, number, position, currency and kind before."""


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item to open. `amount` is above zero for invoices and charges, below for credits and payments."""

    kind: str
    number: str
    amount: Money
    due_on: date
    issued_on: date | None = None
    position: str = ""
    order_reference: str = ""
    product_group: str = ""


def open_item(
    *, company: int, source: int, customer: int, item: NewItem, on: date, by: Actor, at: datetime
) -> Item:
    """This will open an item that counts from the day `on`.

    Raises CustomerUnknown, ItemKindUnknown, AmountHasTheWrongSign and ItemAlreadyKnown.
    """
    if item.kind not in KINDS:
        raise ItemKindUnknown(item.kind)
    if item.amount.minor == 0 or (item.kind in DEBITS) != (item.amount.minor > 0):
        raise AmountHasTheWrongSign(f"{item.kind} of {item.amount.minor}")
    try:
        with transaction.atomic():
            lock_customer(company=company, customer=customer)
            opened = _open(company, source, customer, item, on, at)
            record(
                company=company,
                by=by,
                at=at,
                verb="item.opened",
                subjects=[Subject("item", opened.id, customer=customer)],
                facts={"kind": item.kind, "minor": item.amount.minor, "currency": item.amount.currency},
            )
    except IntegrityError as refused:
        if "item_identity_once" in str(refused):
            raise ItemAlreadyKnown(item.number) from refused
        raise
    return opened


def _open(company: int, source: int, customer: int, item: NewItem, on: date, at: datetime) -> Item:
    moments = {"company_id": company, "effective_on": on, "recorded_at": at}
    opened = Item.objects.create(
        **moments,
        source_id=source,
        customer_id=customer,
        kind=item.kind,
        number=item.number,
        number_key=number_key(item.number),
        position=item.position,
        currency=item.amount.currency,
        amount_minor=item.amount.minor,
        issued_on=item.issued_on,
        order_reference=item.order_reference,
        product_group=item.product_group,
    )
    Entry.objects.create(**moments, item=opened, kind="opened", amount_minor=item.amount.minor)
    Terms.objects.create(**moments, item=opened, due_on=item.due_on)
    ItemState.objects.create(
        company_id=company,
        item=opened,
        customer_id=customer,
        source_id=source,
        currency=item.amount.currency,
        raised_minor=item.amount.minor,
        open_minor=item.amount.minor,
        issued_on=item.issued_on,
        due_on=item.due_on,
        product_group=item.product_group,
    )
    return opened
