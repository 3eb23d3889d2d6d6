"""How pages here answer a POST."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse

from debitora.kit.ways import see
from debitora.people.gates import CompanyRequest
from debitora.people.queries import names_by_login

PROGRAMS = ("matching", "cash.look", "demo")
"""What the system is called in records when it takes files and books lines by itself."""


def names_of(request: CompanyRequest) -> dict[str, str]:
    """What those who act are called, by the login or the job that records keep of them."""
    return {**dict.fromkeys(PROGRAMS, "Debitora"), **names_by_login(company=request.company)}


def done(request: CompanyRequest, text: str, *, then: str) -> HttpResponse:
    """It was done: say so, and show what is there now."""
    messages.success(request, text)
    return see(then)


def refused(request: CompanyRequest, text: str, *, then: str) -> HttpResponse:
    """Nothing was done: say why, and show what is there now."""
    messages.warning(request, text, extra_tags="stays")
    return see(then)
