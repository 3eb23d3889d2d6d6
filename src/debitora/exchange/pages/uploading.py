"""Bring in a list: a file, what it is, where it comes from, and of which day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from debitora.exchange import queries
from debitora.exchange.actions import preview_list, take_list
from debitora.exchange.forms import UploadForm, max_upload
from debitora.exchange.models import ListImport
from debitora.kit.runtime import now
from debitora.kit.runtime import today as day_now
from debitora.people.gates import actor, page


@page("imports.run", methods=("GET", "POST"))
def upload(request: Any) -> HttpResponse:
    """Take a file. A source that is known is previewed at once; a new one is asked how it is to be read."""
    today = day_now(request.company.time_zone)
    form = _form(request, today)
    if request.method == "POST" and form.is_valid():
        taken = _taken(request, form)
        if taken.state == "refused" or not taken.result.get("remembered"):
            return redirect(
                "exchange:columns" if taken.state != "refused" else "exchange:list_import", taken.id
            )
        preview_list(company=request.company, list_import=taken.id, at=now())
        return redirect("exchange:list_import", taken.id)
    context = {
        "form": form,
        "steps": steps(),
        "most": max_upload() // (1024 * 1024),
    }
    return render(request, "exchange/upload.html", context, status=422 if form.errors else 200)


def steps() -> list[str]:
    """The steps of an import, as the wizard's head names them."""
    return [_("File"), _("Columns"), _("Preview"), _("Done")]


def _form(request: Any, today: date) -> UploadForm:
    sources = queries.sources_named()
    initial = {
        "source": queries.last_source() or _("ERP"),
        "as_of": today,
        "kind": request.GET.get("kind") if request.GET.get("kind") == "customers" else "items",
    }
    if request.method == "POST":
        return UploadForm(request.POST, request.FILES, today=today, sources=sources)
    return UploadForm(today=today, sources=sources, initial=initial)


def _taken(request: Any, form: UploadForm) -> ListImport:
    chosen = form.cleaned_data
    return take_list(
        company=request.company,
        kind=chosen["kind"],
        source=chosen["source"],
        data=chosen["file"].read(),
        name=chosen["file"].name,
        as_of=chosen["as_of"],
        by=actor(request),
        at=now(),
    )
