"""The bank lines behind an item, as a panel for the item's own page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from debitora.cash.queries.bookings import lines_of_item
from debitora.people.gates import CompanyRequest, page
from debitora.people.queries import names_by_login
from debitora.receivables import gates as ledger
from debitora.receivables.rules.items import EVERYTHING


@page("statements.view")
def item(request: CompanyRequest, item: int) -> HttpResponse:
    """What bank lines did to the item; nothing where none did."""
    found = ledger.item(scope=EVERYTHING, item=item)
    context = {"lines": lines_of_item(item=found.id), "names": names_by_login(company=request.company)}
    return render(request, "cash/_of_item.html", context)
