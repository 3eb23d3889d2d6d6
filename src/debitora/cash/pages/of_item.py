"""The bank lines behind an item, as a panel for the item's own page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from debitora.cash.pages.answers import names_of
from debitora.cash.queries.bookings import lines_of_item
from debitora.people.gates import CompanyRequest, page
from debitora.receivables import gates as ledger
from debitora.receivables.rules.items import EVERYTHING


@page("statements.view")
def item(request: CompanyRequest, item: int) -> HttpResponse:
    """What bank lines did to the item; nothing where none did."""
    found = ledger.item(scope=EVERYTHING, item=item)
    context = {"lines": lines_of_item(item=found.id), "names": names_of(request)}
    return render(request, "cash/_of_item.html", context)
