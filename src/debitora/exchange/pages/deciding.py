"""The page of one import, by its state; and what a person decides about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from debitora.exchange import gates, queries
from debitora.exchange.actions import (
    ImportHeld,
    ImportMoved,
    confirm_list,
    discard_import,
    preview_list,
    resume_import,
)
from debitora.exchange.forms import CodesForm, ConfirmForm
from debitora.exchange.models import ListImport
from debitora.exchange.pages.following import progress_facts, result
from debitora.exchange.pages.reading import moved_on
from debitora.exchange.pages.shown import changes_shown, faults_shown, totals_shown
from debitora.exchange.pages.uploading import steps
from debitora.exchange.rules.movements import MOVEMENTS
from debitora.kit.queue import defer
from debitora.kit.runtime import now
from debitora.kit.undo import is_undoing, offer_undo
from debitora.people.gates import actor, page
from debitora.people.queries import names_by_login
from debitora.people.rules import may


@page("imports.view")
def list_import(request: Any, list_import: int) -> HttpResponse:
    """One import: its columns while nobody has looked, then its preview, its progress, and its result, which stays."""
    taken = gates.list_import(list_import=list_import)
    if taken.state == "uploaded" and may(request.role, "imports.run"):
        return redirect("exchange:columns", taken.id)
    if taken.state == "applying":
        return render(request, "exchange/progress.html", progress_facts(taken))
    if taken.state in ("applied", "undone"):
        return result(request, taken)
    return _preview(request, taken)


@page("imports.run", methods=("POST",))
def codes(request: Any, list_import: int) -> HttpResponse:
    """Take the chosen company codes as those that belong here, and preview anew."""
    taken = gates.list_import(list_import=list_import)
    form = CodesForm(request.POST, codes=taken.result.get("codes", {}))
    if not form.is_valid():
        return _preview(request, taken, codes_form=form, status=422)
    try:
        preview_list(company=request.company, list_import=taken.id, chosen_codes=form.chosen, at=now())
    except ImportMoved as moved:
        messages.info(request, moved_on(str(moved)))
    return redirect("exchange:list_import", taken.id)


@page("imports.run", methods=("POST",))
def confirmation(request: Any, list_import: int) -> HttpResponse:
    """Give a list free, and let it be applied in the background. A second press finds it given free."""
    taken = gates.list_import(list_import=list_import)
    form = ConfirmForm(request.POST)
    form.fields["confirmed"].required = bool(taken.guards)
    if asks_for_codes(taken) or not form.is_valid():
        return _preview(request, taken, confirm_form=form, status=422)
    try:
        confirm_list(
            company=request.company,
            list_import=taken.id,
            confirmed=form.cleaned_data["confirmed"],
            by=actor(request),
            at=now(),
        )
    except ImportMoved as moved:
        messages.info(request, moved_on(str(moved)))
    except ImportHeld:
        messages.warning(request, _("Something speaks against this list by now. Please look at it again."))
    else:
        defer("exchange.apply", company=request.company.id, list_import=taken.id)
    return redirect("exchange:list_import", taken.id)


@page("imports.run", methods=("POST",))
def discard(request: Any, list_import: int) -> HttpResponse:
    """Lay a list aside that was not applied."""
    taken = gates.list_import(list_import=list_import)
    try:
        discard_import(company=request.company, list_import=taken.id, by=actor(request), at=now())
    except ImportMoved as moved:
        messages.info(request, moved_on(str(moved)))
        return redirect("exchange:list_import", taken.id)
    undo = reverse("exchange:resume", args=[taken.id])
    offer_undo(request, _("The list was discarded. Nothing was imported."), address=undo)
    return redirect("exchange:imports")


@page("imports.run", methods=("POST",))
def resume(request: Any, list_import: int) -> HttpResponse:
    """Take up a list that was laid aside: the way back from a toast."""
    taken = gates.list_import(list_import=list_import)
    try:
        resume_import(company=request.company, list_import=taken.id, by=actor(request), at=now())
        messages.success(request, _("The list is back. Look at its columns, then import it."))
    except ImportMoved as moved:
        messages.info(request, moved_on(str(moved)))
    there = reverse("exchange:list_import", args=[taken.id])
    return HttpResponseClientRedirect(there) if is_undoing(request) else redirect(there)


def asks_for_codes(taken: ListImport) -> bool:
    """Whether nobody has said yet which company codes belong here."""
    return any(raised["guard"] == "company_codes" for raised in taken.guards)


def _preview(
    request: Any,
    taken: ListImport,
    *,
    codes_form: CodesForm | None = None,
    confirm_form: ConfirmForm | None = None,
    status: int = 200,
) -> HttpResponse:
    result = taken.result
    codes = result.get("codes", {})
    faults = faults_shown(taken)
    context = {
        "taken": taken,
        "steps": steps(),
        "at": 1 if faults["of_file"] else 3,
        "read": result.get("read", 0),
        "is_movements": result.get("shape") == MOVEMENTS,
        "differing": result.get("differing", 0),
        "changes": changes_shown(taken),
        "totals": totals_shown(result.get("listed", {})),
        "unchanged": result.get("counts", {}).get("unchanged", 0),
        "guards": [raised for raised in taken.guards if raised["guard"] != "company_codes"],
        "asks_for_codes": asks_for_codes(taken),
        "codes_form": codes_form or CodesForm(codes=codes, initial={"codes": list(codes)}),
        "confirm_form": confirm_form or ConfirmForm(),
        "same_as": _same_as(result.get("same_as")),
        "answer": result.get("answer", {}),
        "strangers": result.get("strangers", []),
        "problem": result.get("problem", ""),
        "may_run": may(request.role, "imports.run"),
        "names": names_by_login(company=request.company),
        **faults,
    }
    return render(request, "exchange/preview.html", context, status=status)


def _same_as(other: int | None) -> ListImport | None:
    return queries.import_of(list_import=other) if other else None
