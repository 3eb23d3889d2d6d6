"""How pages here answer a POST."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse

from debitora.kit.ways import see
from debitora.people.gates import CompanyRequest


def done(request: CompanyRequest, text: str, *, then: str) -> HttpResponse:
    """It was done: say so, and show what is there now."""
    messages.success(request, text)
    return see(then)


def refused(request: CompanyRequest, text: str, *, then: str) -> HttpResponse:
    """Nothing was done: say why, and show what is there now."""
    messages.warning(request, text, extra_tags="stays")
    return see(then)
