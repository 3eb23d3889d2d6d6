"""What every page here asks of a request, and how it answers: as a page, in the side panel, or with a short word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRefresh

from debitora.disputes.actions.steps import Doing
from debitora.disputes.forms.rule_words import reason_names
from debitora.disputes.queries.routing import routing_of
from debitora.kit.runtime import now, today
from debitora.kit.undo import offer_undo
from debitora.kit.ways import see
from debitora.people.gates import CompanyRequest, actor
from debitora.people.queries import names_by_login
from debitora.people.rules import may
from debitora.receivables import gates as ledger_gates
from debitora.receivables.rules.items import Scope


def day_of(request: CompanyRequest) -> date:
    """Today in the company's time zone."""
    return today(request.company.time_zone)


def scope_of(request: CompanyRequest) -> Scope:
    """Whose customers the signed-in person sees."""
    return ledger_gates.scope_of(person=request.person, role=request.role, on=day_of(request))


def words_of_reasons(request: CompanyRequest) -> dict[str, str]:
    """Reason -> what the company calls it, retired ones too."""
    return reason_names(routing_of(company=request.company.id).routing)


def doing(request: CompanyRequest) -> dict[str, Any]:
    """What every action here is told: company, who, on which day, at which moment."""
    known = Doing(request.company, actor(request), day_of(request), now())
    return {"company": known.company, "by": known.by, "on": known.on, "at": known.at}


def layered(
    request: CompanyRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The template in the side panel if it is asked for there, else as a page. `context` names `title` and `address`."""
    panel = _asks_by_htmx(request) and request.headers.get("HX-Target") == "panel"
    shared = {
        "layer": f"disputes/layer_{'panel' if panel else 'page'}.html",
        "panel": panel,
        "names": cache(partial(names_by_login, company=request.company)),
        "may_clarify": may(request.role, "cases.clarify"),
        "may_answer": may(request.role, "cases.answer"),
    }
    return render(request, template, {**shared, **context}, status=status)


def done(
    request: CompanyRequest,
    text: str,
    *,
    then: str,
    undo: str = "",
    sent: Mapping[str, str | Sequence[int]] | None = None,
) -> HttpResponse:
    """The answer to a POST that did its work; `undo` takes it back, offered in a toast that stays."""
    if undo:
        offer_undo(request, text, address=undo, sent=sent)
    else:
        messages.success(request, text)
    return HttpResponseClientRefresh() if _asks_by_htmx(request) else see(then)


def refused(request: CompanyRequest, text: str, *, then: str) -> HttpResponse:
    """The answer to a POST that did nothing, with the reason and what to do."""
    messages.warning(request, text)
    return HttpResponseClientRefresh() if _asks_by_htmx(request) else see(then)


def _asks_by_htmx(request: CompanyRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
