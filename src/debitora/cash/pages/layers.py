"""How pages about lines show themselves: as a page, in the side panel, and after a decision in the list."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django_htmx.http import HttpResponseClientRefresh, reswap, retarget, trigger_client_event

from debitora.cash.pages.answers import done, names_of, refused
from debitora.cash.queries.bookings import partly_paid
from debitora.kit.undo import offer_undo
from debitora.kit.ways import see
from debitora.people.gates import CompanyRequest
from debitora.people.rules import may


def in_panel(request: CompanyRequest) -> bool:
    """Whether htmx asks for something to fill the side panel."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target") == "panel"


def from_list(request: CompanyRequest) -> bool:
    """Whether the list of lines to explain stands behind: a decision takes the line out of it and opens the next."""
    behind = urlsplit(request.headers.get("HX-Current-URL", "")).path
    return request.headers.get("HX-Request") == "true" and behind.endswith(reverse("cash:review"))


def layered(
    request: CompanyRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The template in the side panel if it is asked for there, else as a page. `context` names `title` and `address`."""
    panel = in_panel(request)
    shared = {
        "layer": f"cash/layer_{'panel' if panel else 'page'}.html",
        "panel": panel,
        "names": names_of(request),
        "may_book": may(request.role, "payments.book"),
        "may_hold": may(request.role, "holds.place"),
    }
    return render(request, template, {**context, **shared}, status=status)


def decided(
    request: CompanyRequest, text: str, *, entry: int, still_open: bool, bookings: Sequence[int] = ()
) -> HttpResponse:
    """The answer to a decision: say so and offer the way back. In the list the next line opens, elsewhere the line shows it.

    In the list, where a part of an item stays open, that is offered to be held.
    """
    undo, sent = reverse("cash:undo"), {"booking": list(bookings)}
    if not from_list(request):
        if bookings:
            offer_undo(request, text, address=undo, sent=sent)
            return _line(request, entry)
        return done(request, text, then=reverse("cash:entry", args=[entry]))
    toast = {
        "held": partly_paid(bookings=bookings) if may(request.role, "holds.place") else None,
        "text": text,
        "address": undo,
        "sent": json.dumps({"undoing": "yes", **sent}),
        "undoable": bool(bookings),
    }
    answer = HttpResponse(render_to_string("cash/_decided.html", toast, request))
    return reswap(trigger_client_event(answer, "decided", {"entry": entry, "open": still_open}), "none")


def moved_on(request: CompanyRequest, text: str, *, entry: int) -> HttpResponse:
    """The answer to a decision that was not taken, with the reason; the line is shown as it is now."""
    if not from_list(request):
        answer = refused(request, text, then=reverse("cash:entry", args=[entry]))
        return HttpResponseClientRefresh() if request.headers.get("HX-Request") == "true" else answer
    answer = reswap(HttpResponse(), "none")
    trigger_client_event(answer, "toast", {"text": text, "kind": "bad"})
    return trigger_client_event(answer, "decided", {"entry": entry, "open": True})


def reopened(request: CompanyRequest, shown: HttpResponse, *, entry: int) -> HttpResponse:
    """The answer to an undo from the list: the line is there again, open beside it."""
    return trigger_client_event(reswap(retarget(shown, "#panel"), "innerHTML"), "reopened", {"entry": entry})


def _line(request: CompanyRequest, entry: int) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRefresh()
    return see(reverse("cash:entry", args=[entry]))
