"""The customer sheet: its head, the panels of this room, and the addresses of those that other rooms fill."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from debitora.engine.aging import Bands
from debitora.kit.ways import elsewhere
from debitora.people.gates import CompanyRequest, page
from debitora.people.queries import salespeople
from debitora.people.rules import may
from debitora.receivables import gates, queries
from debitora.receivables.forms import words
from debitora.receivables.forms.words import said, sum_text
from debitora.receivables.pages import told
from debitora.receivables.pages.layers import day_of, layered, names_of, rights, scope_of
from debitora.receivables.queries import CustomerSheet, Sum
from debitora.receivables.queries.agreements import usual_terms
from debitora.receivables.queries.contacts import contacts_of
from debitora.receivables.queries.payments import payments_of_customer
from debitora.receivables.rules.items import ItemFilters, State

MOST_ITEMS = 100
MOST_PAYMENTS = 10


@dataclass(frozen=True, slots=True)
class Account:
    """What a customer owes in one currency: balance, overdue debits, bands, and the lists behind them."""

    currency: str
    balance: str
    overdue: str
    overdue_note: str
    bands: Bands
    items_url: str
    overdue_url: str


@page("customers.view")
def customer(request: CompanyRequest, customer: int) -> HttpResponse:
    """Who she is, what she owes, what holds are in force; panels fill themselves from their own addresses."""
    gates.customer(scope=scope_of(request), customer=customer)
    sheet, on = _sheet(request, customer), day_of(request)
    holds = told.holds(queries.holds_in_force(on=on, customer=customer), on=on)
    context = {
        "sheet": sheet,
        "accounts": _accounts(request, sheet),
        "contacts": [(one, said(words.CONTACTS, one.role)) for one in contacts_of(customer=customer)],
        "holds": holds,
        "names": names_of(request),
        "terms": usual_terms(customer=customer, on=on),
        "statement_url": elsewhere("messaging:statement", customer),
        "dossier_url": elsewhere("desk:dossier", customer),
        "panels": _panels(request, customer),
        "park_choices": list(words.PARK_REASONS.items()),
        "parent_visible": _is_visible(request, sheet.parent),
        **_words(request, sheet),
    }
    return render(request, "receivables/customer.html", {**rights(request), **context})


@page("customers.view")
def customer_items(request: CompanyRequest, customer: int) -> HttpResponse:
    """The customer's open items, or those that are settled, as a panel of the sheet."""
    gates.customer(scope=scope_of(request), customer=customer)
    settled = request.GET.get("show") == "settled"
    rows = queries.items_of_customer(
        customer=customer, on=day_of(request), settled=settled, size=MOST_ITEMS + 1
    )
    context = {
        "customer": customer,
        "rows": rows[:MOST_ITEMS],
        "more": len(rows) > MOST_ITEMS,
        "settled": settled,
        "single_currency": rows[0].currency if len({row.currency for row in rows}) == 1 else "",
        "items_url": f"{reverse('receivables:items')}?customer={customer}"
        + ("&state=settled" if settled else ""),
        "kinds": words.ITEM_KINDS,
    }
    return render(request, "receivables/_customer_items.html", context)


@page("customers.view")
def customer_payments(request: CompanyRequest, customer: int) -> HttpResponse:
    """The customer's newest payments and credits, as a panel of the sheet."""
    gates.customer(scope=scope_of(request), customer=customer)
    rows = payments_of_customer(customer=customer, most=MOST_PAYMENTS + 1)
    context = {
        "rows": [(row, said(words.ITEM_KINDS, row.kind)) for row in rows[:MOST_PAYMENTS]],
        "more": len(rows) > MOST_PAYMENTS,
    }
    return render(request, "receivables/_customer_payments.html", context)


@page("customers.view")
def customer_holds(request: CompanyRequest, customer: int) -> HttpResponse:
    """All holds of the customer, past and to come, in the side panel or as a page."""
    found = gates.customer(scope=scope_of(request), customer=customer)
    on = day_of(request)
    rows = queries.holds_ever(on=on, customer=customer)
    context = {
        "title": _("Holds of %(name)s") % {"name": found.party.name},
        "customer": found,
        "address": reverse("receivables:customer_holds", args=[customer]),
        "holds": told.holds(rows, on=on),
    }
    return layered(request, "receivables/customer_holds.html", context)


def _is_visible(request: CompanyRequest, customer: int | None) -> bool:
    """Whether the person may see her at all: a parent may be another salesperson's customer."""
    if customer is None:
        return False
    try:
        gates.customer(scope=scope_of(request), customer=customer)
    except Http404:
        return False
    return True


def _sheet(request: CompanyRequest, customer: int) -> CustomerSheet:
    sheet = queries.customer_sheet(customer=customer, on=day_of(request))
    if sheet is None:
        raise Http404
    return sheet


def _accounts(request: CompanyRequest, sheet: CustomerSheet) -> list[Account]:
    """One per currency in which something is open."""
    late = queries.items_sums(
        filters=ItemFilters(customer=sheet.customer, state=State.OVERDUE), on=day_of(request)
    )
    overdue = {found.currency: found for found in late}
    return [
        _account(sheet.customer, currency, bands, overdue.get(currency))
        for currency, bands in sheet.aging.items()
    ]


def _account(customer: int, currency: str, bands: Bands, late: Sum | None) -> Account:
    address = f"{reverse('receivables:items')}?{urlencode({'customer': customer, 'currency': currency})}"
    count = late.items if late else 0
    return Account(
        currency=currency,
        balance=sum_text(bands.total, currency),
        overdue=sum_text(late.open_minor if late else 0, currency),
        overdue_note=ngettext("%(count)d item", "%(count)d items", count) % {"count": count},
        bands=bands,
        items_url=address,
        overdue_url=f"{address}&state=overdue",
    )


def _panels(request: CompanyRequest, customer: int) -> list[str]:
    """Addresses of the panels that other rooms have about a customer, where there are such and the role may see them."""
    wanted = (
        ("receivables:customer_agreements", "customers.view"),
        ("receivables:customer_payments", "customers.view"),
        ("receivables:customer_notes", "customers.view"),
        ("disputes:customer_cases", "cases.view"),
        ("dunning:customer_claims", "items.view"),
        ("dunning:customer_notices", "notices.view"),
        ("dunning:customer_strategy", "customers.view"),
        ("messaging:customer_deliveries", "deliveries.view"),
        ("receivables:customer_documents", "customers.view"),
    )
    addresses = [elsewhere(name, customer) for name, permission in wanted if may(request.role, permission)]
    return [address for address in addresses if address]


def _words(request: CompanyRequest, sheet: CustomerSheet) -> dict[str, str]:
    people = salespeople(company=request.company)
    return {
        "kind": said(words.CUSTOMER_KINDS, sheet.kind),
        "language": said(words.LANGUAGES, sheet.language),
        "salesperson": people.get(sheet.salesperson, "") if sheet.salesperson is not None else "",
        "parked_reason": said(words.PARK_REASONS | words.PARKED_BY_ITSELF, sheet.parked_reason),
    }
