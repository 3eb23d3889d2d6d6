"""One box for everything: customers by number or name, items by number, amounts as they are typed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from debitora.kit.runtime import today
from debitora.people.gates import CompanyRequest, page
from debitora.receivables import gates, queries
from debitora.receivables.queries import CustomerFilters, CustomerRow, FoundItems

SIZE = 10
_NOTHING = FoundItems((), ())


@page("items.view")
def search(request: CompanyRequest) -> HttpResponse:
    """What the text may mean, grouped. A single answer opens at once; otherwise the first has the focus for Enter."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    on, currency = today(request.company.time_zone), request.company.currency
    scope = gates.scope_of(person=request.person, role=request.role, on=on)
    customers: tuple[CustomerRow, ...] = ()
    items = _NOTHING
    if text:
        wanted = CustomerFilters(text=text)
        shown = queries.customers_page(filters=wanted, on=on, currency=currency, scope=scope, size=SIZE)
        customers, items = shown.rows, queries.items_found(text=text, on=on, scope=scope, size=SIZE)
    if only := _only(customers, items):
        return redirect(only)
    context = {"text": text, "customers": customers, "items": items, "size": SIZE, "currency": currency}
    return render(request, "desk/search.html", context)


def _only(customers: tuple[CustomerRow, ...], items: FoundItems) -> str:
    """The address of the only answer, or "" if there is none or more than one."""
    addresses = [reverse("receivables:customer", args=[row.customer]) for row in customers]
    found = {row.item for row in (*items.numbers, *items.amounts)}
    addresses += [reverse("receivables:item", args=[item]) for item in found]
    return addresses[0] if len(addresses) == 1 else ""
