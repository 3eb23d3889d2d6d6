"""What every page here asks of a request, and how it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django_htmx.http import HttpResponseClientRefresh

from debitora.kit.runtime import today
from debitora.kit.undo import is_undoing, offer_undo
from debitora.kit.ways import see, whole_number
from debitora.receivables import gates as ledger_gates
from debitora.receivables.rules.items import Scope


def day_of(request: Any) -> date:
    """Today in the company's time zone."""
    return today(request.company.time_zone)


def scope_of(request: Any) -> Scope:
    """Whose customers the signed-in person sees."""
    return ledger_gates.scope_of(person=request.person, role=request.role, on=day_of(request))


def done(
    request: Any,
    text: str,
    *,
    then: str,
    undo: str = "",
    sent: Mapping[str, str | Sequence[int]] | None = None,
) -> HttpResponse:
    """The answer to a POST that did its work; `undo` is the address that takes it back, offered in a toast that stays.

    `sent` is what it is given.
    """
    if undo:
        offer_undo(request, text, address=undo, sent=sent)
    else:
        messages.success(request, text)
    return _seen_again(request, then)


def refused(request: Any, text: str, *, then: str) -> HttpResponse:
    """The answer to a POST that did nothing, with the reason and what to do."""
    messages.warning(request, text)
    return _seen_again(request, then)


def _seen_again(request: Any, then: str) -> HttpResponse:
    """Where a script of our page asks, the page stays where it was and is read anew."""
    by_script = is_undoing(request) or request.headers.get("HX-Request") == "true"
    return HttpResponseClientRefresh() if by_script else see(then)


def text_of(request: Any, name: str, longest: int = 100) -> str:
    """What was typed into a filter, without what no text holds."""
    return str(request.GET.get(name, "")).replace("\0", "").strip()[:longest]


def whole(request: Any, name: str) -> int | None:
    """A parameter as a whole number of at most 18 digits, or None."""
    return whole_number(str(request.GET.get(name, "")))


def chosen(request: Any) -> list[int]:
    """The ids that were ticked in a list."""
    values = request.POST.getlist("chosen")
    return [found for value in values if (found := whole_number(value)) is not None]
