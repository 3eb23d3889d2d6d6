"""What an item has borne in interest, as evidence to look at; and as a statement to print, of one item or of a customer."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.dunning.pages.answers import day_of, refused, scope_of
from debitora.dunning.queries.interest import interest_card, tomorrow
from debitora.dunning.queries.interest_statement import statement_of_customer, statement_of_item
from debitora.dunning.templatetags.default_words import ground_words
from debitora.kit.runtime import now
from debitora.kit.ways import elsewhere, handed_out
from debitora.messaging.rules.interest_statement import InterestStatement, file_name, interest_sheet
from debitora.messaging.rules.pdf import LetterNotPrintable, render_interest
from debitora.people.gates import page
from debitora.people.rules import may
from debitora.receivables import gates as ledger_gates
from debitora.values.typed import typed_day


@page("items.view")
def item_interest(request: Any, item: int) -> HttpResponse:
    """Since when the item is in default and why, and what it has borne until a day, that day included."""
    found = ledger_gates.item(scope=scope_of(request), item=item)
    asked = _asked(request)
    day = asked or day_of(request)
    card = interest_card(company=request.company, item=found, until=tomorrow(day))
    context = {
        "item": found,
        "card": card,
        "slices": list(zip(card.borne.slices, card.references, strict=True)) if card.borne else [],
        "on": day,
        "no_day": asked is None,
        "ground": ground_words(card.default.ground) if card.default else "",
        "item_url": elsewhere("receivables:item", found.id),
        "customer_url": elsewhere("receivables:customer", found.customer_id),
        "rates_url": reverse("dunning:rates"),
        "may_rates": may(request.role, "settings.view"),
    }
    return render(request, "dunning/interest.html", context)


@page("items.view")
def item_interest_pdf(request: Any, item: int) -> HttpResponse:
    """The evidence of one item as an interest statement."""
    found = ledger_gates.item(scope=scope_of(request), item=item)
    on = _asked(request) or day_of(request)
    made = statement_of_item(company=request.company, item=found, on=on, at=now())
    return _printed(request, made, then=reverse("dunning:item_interest", args=[found.id]))


@page("customers.view")
def customer_interest_pdf(request: Any, customer: int) -> HttpResponse:
    """What all open items of a customer have borne, as an interest statement."""
    found = ledger_gates.customer(scope=scope_of(request), customer=customer)
    there, on = elsewhere("receivables:customer", found.id), _asked(request) or day_of(request)
    made = statement_of_customer(company=request.company, customer=found, on=on, at=now())
    if made is None:
        return refused(request, _("Nothing of this customer was overdue on that day."), then=there)
    return _printed(request, made, then=there)


def _asked(request: Any) -> date | None:
    """The day that was typed, today if none was; None: this is not a day."""
    on, text = day_of(request), request.GET.get("on", "").strip()
    return typed_day(text, on=on) if text else on


def _printed(request: Any, made: InterestStatement, *, then: str) -> HttpResponse:
    try:
        pdf = render_interest(interest_sheet(made), created_at=now())
    except LetterNotPrintable:
        text = _("This statement cannot be printed: a name holds a character that our font does not have.")
        return refused(request, text, then=then)
    name = "".join(one if one.isascii() and one.isalnum() else "-" for one in file_name(made))[:80]
    return handed_out(pdf, "application/pdf", f"{name}.pdf")
