"""Notices that nobody can be sent: mail addresses are typed for many at once, and what waited goes on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from debitora.dunning.actions import ask_for_release
from debitora.dunning.pages.answers import refused
from debitora.dunning.queries.lists import dead_addresses
from debitora.dunning.queries.notices import Waiting, waiting_for_recipient
from debitora.kit.runtime import now
from debitora.kit.ways import elsewhere, see
from debitora.people.gates import actor, page
from debitora.people.rules import may
from debitora.receivables.actions import complete_recipients
from debitora.values.emails import is_address

MOST = 200
"""Customers on one page: what is saved makes room for the next ones."""


@page("runs.view")
def recipients(request: Any) -> HttpResponse:
    """Everyone without a recipient, largest sum first."""
    return _table(request, waiting_for_recipient(), typed={}, faults={})


@page("customers.edit", methods=("POST",))
def completed(request: Any) -> HttpResponse:
    """Keep the addresses that were typed; what cannot be used stays in its field with the reason."""
    waiting = waiting_for_recipient()
    typed = {
        one.customer: str(request.POST.get(f"email-{one.customer}", "")).strip()[:254] for one in waiting
    }
    filled = {customer: text for customer, text in typed.items() if text}
    dead = set(dead_addresses())
    faults = {customer: fault for customer, text in filled.items() if (fault := _fault(text, dead))}
    good = {customer: text for customer, text in filled.items() if customer not in faults}
    if good:
        _complete(request, waiting, good)
    if faults:
        return _table(request, waiting_for_recipient(), typed=typed, faults=faults)
    if not good:
        return refused(request, _("Nothing was typed."), then=reverse("dunning:recipients"))
    return see(reverse("dunning:recipients"))


def _fault(text: str, dead: set[str]) -> str:
    if not is_address(text):
        return _("This is not one e-mail address.")
    return _("This mailbox does not exist: a server has refused it.") if text in dead else ""


def _complete(request: Any, waiting: list[Waiting], good: dict[int, str]) -> None:
    company = request.company.id
    complete_recipients(company=company, emails=good, by=actor(request), at=now())
    for run in sorted({one.run for one in waiting if one.customer in good}):
        ask_for_release(company=company, run=run)
    text = ngettext(
        "%(n)s customer is completed; what waited is being made.",
        "%(n)s customers are completed; what waited is being made.",
        len(good),
    )
    messages.success(request, text % {"n": len(good)})


def _table(
    request: Any,
    waiting: list[Waiting],
    *,
    typed: dict[int, str],
    faults: dict[int, str],
) -> HttpResponse:
    """One row per customer: her notices are completed together."""
    rows: dict[int, dict[str, Any]] = {}
    for one in waiting:
        row = rows.setdefault(
            one.customer,
            {
                "first": one,
                "notices": [],
                "typed": typed.get(one.customer, ""),
                "fault": faults.get(one.customer, ""),
                "customer_url": elsewhere("receivables:customer", one.customer),
            },
        )
        row["notices"].append(one)
    shown = list(rows.values())[:MOST]
    context = {
        "rows": shown,
        "customers": len(rows),
        "faults": len(faults),
        "may_edit": may(request.role, "customers.edit"),
    }
    return render(request, "dunning/recipients.html", context, status=422 if faults else 200)
