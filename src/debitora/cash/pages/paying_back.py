"""An outgoing line: the bank took a payment back, or a credit was paid back to its customer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.cash import gates
from debitora.cash.actions import EntryMovedOn, NoPaymentOfOurs, book_refund, book_return
from debitora.cash.models import BankEntry, Booking
from debitora.cash.pages.entry import booked, gone, title_of, words_of
from debitora.cash.pages.layers import layered, moved_on
from debitora.cash.queries.outgoing import credits_left, payments_before
from debitora.cash.queries.proposals import customers_by_id
from debitora.kit.narrowing import text_of
from debitora.kit.runtime import now, today
from debitora.kit.ways import whole_number
from debitora.people.gates import CompanyRequest, actor, page
from debitora.receivables import queries as items
from debitora.receivables.actions import LessIsLeft
from debitora.receivables.queries import CustomerFilters
from debitora.values.money import Money

MOST = 10


@page("payments.book", methods=("GET",))
def paying_back(request: CompanyRequest, bank_entry: int) -> HttpResponse:
    """Payments and credits of just the line's amount, or all of a customer's."""
    found = gates.bank_entry(bank_entry=bank_entry)
    if found.state.open_minor >= 0:
        return moved_on(request, _("Nothing of this line is open any more."), entry=found.id)
    text, on = text_of(request.GET, "text"), today(request.company.time_zone)
    wanted = whole_number(request.GET.get("customer", "")) or 0
    customer = customers_by_id([wanted]).get(wanted)
    narrowed = None if customer is None else customer.id
    currency = request.company.currency
    people = items.customers_page(filters=CustomerFilters(text=text), on=on, currency=currency, size=MOST)
    context = {
        "title": _("Find what it takes back"),
        "address": reverse("cash:paying_back", args=[found.id]),
        "entry": found,
        "line": title_of(found),
        "words": words_of(found),
        "open": Money(found.state.open_minor, found.account.currency),
        "text": text,
        "customer": customer,
        "found_customers": people.rows if text else (),
        "payments": payments_before(line=found, customer=narrowed, most=MOST),
        "credits": credits_left(line=found, customer=narrowed, most=MOST),
    }
    return layered(request, "cash/paying_back.html", context)


@page("payments.book", methods=("POST",))
def returned(request: CompanyRequest, bank_entry: int) -> HttpResponse:
    """The bank took this payment back: its items are open again."""
    return _booked(
        request, bank_entry, "payment", _return, _("The payment is returned. Its items are open again.")
    )


@page("payments.book", methods=("POST",))
def refunded(request: CompanyRequest, bank_entry: int) -> HttpResponse:
    """The line paid this credit back."""
    return _booked(request, bank_entry, "credit", _refund, _("The credit is paid back."))


def _booked(
    request: CompanyRequest,
    bank_entry: int,
    field: str,
    act: Callable[..., Sequence[Booking]],
    text: str,
) -> HttpResponse:
    found = gates.bank_entry(bank_entry=bank_entry)
    item = whole_number(request.POST.get(field, "")) or 0
    try:
        made = act(found, item, company=request.company.id, by=actor(request), at=now())
    except (EntryMovedOn, NoPaymentOfOurs, LessIsLeft):
        return gone(request, found)
    return booked(request, made, text)


def _return(found: BankEntry, item: int, **told: Any) -> list[Booking]:
    return book_return(entry=found.id, payment_item=item, **told)


def _refund(found: BankEntry, item: int, **told: Any) -> list[Booking]:
    return [book_refund(entry=found.id, credit_item=item, **told)]
