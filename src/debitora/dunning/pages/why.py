"""The why-card of an item."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from debitora.dunning.pages.answers import day_of, scope_of
from debitora.dunning.queries.assignments import given_to, segments
from debitora.dunning.queries.why import why_item
from debitora.dunning.templatetags.strategy_words import given_words
from debitora.dunning.templatetags.why_words import change_words, changes_said, facts_of, rule_words
from debitora.kit.ways import elsewhere
from debitora.people.gates import page
from debitora.people.queries import salespeople
from debitora.people.rules import may
from debitora.receivables import gates as ledger_gates


@page("items.view")
def why(request: Any, item: int) -> HttpResponse:
    """What the last run decided about the item, how the rule reads today, and what would change the answer."""
    found = ledger_gates.item(scope=scope_of(request), item=item)
    card = why_item(company=request.company, item=found.id, on=day_of(request))
    answer = card.why
    decided = card.decided
    context = {
        "card": card,
        "item": found,
        "decided": decided,
        "differs": decided is not None and (answer.reason is None or answer.reason.code != decided.reason),
        "reason": answer.reason.code if answer.reason else "",
        "meaning": answer.reason.meaning if answer.reason else "",
        "rule": rule_words(answer, currency=found.currency),
        "facts": facts_of(answer),
        "given": given_words(
            given_to(customer=found.customer_id),
            found.customer.kind,
            segments(),
            salespeople(company=request.company),
        ),
        "changes": changes_said(answer, currency=found.currency),
        "together": [change_words(change, found.currency) for change in answer.together],
        "interest_url": reverse("dunning:item_interest", args=[found.id]),
        "item_url": elsewhere("receivables:item", found.id),
        "customer_url": elsewhere("receivables:customer", found.customer_id),
        "run_url": reverse("dunning:run", args=[decided.run])
        if decided and may(request.role, "runs.view")
        else "",
    }
    in_panel = bool(request.htmx) and request.htmx.target == "panel"
    return render(request, f"dunning/why{'_panel' if in_panel else ''}.html", context)
