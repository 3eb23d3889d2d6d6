"""What every page here asks of a request, and how it answers: as a page, in the side panel, or with a short word.

What stands in the side panel is also a page of its own: one template, that extends the layer it is shown in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache, partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRefresh

from debitora.kit.runtime import today
from debitora.kit.undo import offer_undo
from debitora.kit.ways import see
from debitora.people.gates import CompanyRequest
from debitora.people.queries import names_by_login
from debitora.people.rules import may
from debitora.receivables import gates
from debitora.receivables.rules.items import Scope


def day_of(request: CompanyRequest) -> date:
    """Today in the company's time zone."""
    return today(request.company.time_zone)


def scope_of(request: CompanyRequest) -> Scope:
    """Whose customers the signed-in person sees."""
    return gates.scope_of(person=request.person, role=request.role, on=day_of(request))


def rights(request: CompanyRequest) -> dict[str, bool]:
    """What of this room's writes the person may do, for templates."""
    return {
        "may_hold": may(request.role, "holds.place"),
        "may_write_off": may(request.role, "write_offs.propose"),
        "may_allocate": may(request.role, "items.allocate"),
        "may_edit": may(request.role, "customers.edit"),
    }


def names_of(request: CompanyRequest) -> Callable[[], dict[str, str]]:
    """What the people of the company are called, by login; asked for when a template first names one."""
    return cache(partial(names_by_login, company=request.company))


def in_panel(request: CompanyRequest) -> bool:
    """Whether htmx asks for something to fill the side panel."""
    return asks_by_htmx(request) and request.headers.get("HX-Target") == "panel"


def asks_by_htmx(request: CompanyRequest) -> bool:
    """Whether a script of our page asks, and not the browser itself."""
    return request.headers.get("HX-Request") == "true"


def layered(
    request: CompanyRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The template in the side panel if it is asked for there, else as a page. `context` names `title` and `address`."""
    layer = "panel" if in_panel(request) else "page"
    shared = {
        "layer": f"receivables/layer_{layer}.html",
        "panel": layer == "panel",
        "names": names_of(request),
    }
    return render(request, template, {**rights(request), **context, **shared}, status=status)


def done(
    request: CompanyRequest,
    text: str,
    *,
    then: str,
    undo: str = "",
    sent: Mapping[str, str | Sequence[int]] | None = None,
) -> HttpResponse:
    """The answer to a POST that did its work: say so, and show the list or sheet it was done from.

    `undo` is the address that takes it back, offered in a toast that stays; `sent` is what it is given.
    """
    if undo:
        offer_undo(request, text, address=undo, sent=sent)
    else:
        messages.success(request, text)
    return seen_again(request, then=then)


def refused(request: CompanyRequest, text: str, *, then: str) -> HttpResponse:
    """The answer to a POST that did nothing, with the reason and what to do."""
    messages.warning(request, text)
    return seen_again(request, then=then)


def seen_again(request: CompanyRequest, *, then: str) -> HttpResponse:
    """Below the panel the list stays where it was, read anew; a page of its own gives way to `then`."""
    if asks_by_htmx(request):
        return HttpResponseClientRefresh()
    return see(then)
