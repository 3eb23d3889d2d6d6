"""What an item has borne in interest, as evidence to look at and to print."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from debitora.dunning.pages.answers import day_of, scope_of
from debitora.dunning.queries.interest import interest_card, tomorrow
from debitora.dunning.templatetags.default_words import ground_words
from debitora.kit.ways import elsewhere
from debitora.people.gates import page
from debitora.receivables import gates as ledger_gates
from debitora.receivables.rules.typed import typed_day


@page("items.view")
def item_interest(request: Any, item: int) -> HttpResponse:
    """Since when the item is in default and why, and what it has borne until a day, that day included."""
    found = ledger_gates.item(scope=scope_of(request), item=item)
    on, text = day_of(request), request.GET.get("on", "").strip()
    asked = typed_day(text, on=on) if text else on
    day = asked or on
    card = interest_card(company=request.company, item=found, until=tomorrow(day))
    context = {
        "item": found,
        "card": card,
        "on": day,
        "no_day": asked is None,
        "ground": ground_words(card.default.ground) if card.default else "",
        "item_url": elsewhere("receivables:item", found.id),
        "customer_url": elsewhere("receivables:customer", found.customer_id),
    }
    return render(request, "dunning/interest.html", context)
