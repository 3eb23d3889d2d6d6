"""The reasons for which cases are opened: rename one, retire it, add one of our own."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from debitora.disputes.forms.routing import ReasonForm
from debitora.disputes.forms.rule_words import reason_name
from debitora.disputes.forms.words import REASONS
from debitora.disputes.pages.routing import saved
from debitora.disputes.queries.routing import Kept, routing_of
from debitora.disputes.rules.routing import MOST_REASONS, Reason
from debitora.people.gates import CompanyRequest, page


@page("settings.edit", methods=("GET", "POST"))
def new_reason(request: CompanyRequest) -> HttpResponse:
    """A reason of our own, behind those that exist."""
    kept = routing_of(company=request.company.id)
    return _edited(request, kept, Reason(_free_code(kept)), new=True)


@page("settings.edit", methods=("GET", "POST"))
def reason(request: CompanyRequest, reason: str) -> HttpResponse:
    """Rename a reason or retire it; none is ever removed, for cases have it."""
    kept = routing_of(company=request.company.id)
    found = next((one for one in kept.routing.reasons if one.code == reason), None)
    if found is None:
        raise Http404
    return _edited(request, kept, found, new=False)


def _edited(request: CompanyRequest, kept: Kept, found: Reason, *, new: bool) -> HttpResponse:
    initial = {
        "version": kept.number,
        "retired": found.retired,
        **{f"name_{code}": name for code, name in found.names.items()},
    }
    data = request.POST if request.method == "POST" else None
    form = ReasonForm(data, shipped=found.code in REASONS, initial=initial)
    if data is None or not form.is_valid():
        return _shown(request, form, found, new=new, status=422 if data is not None else 200)
    typed = form.reason(found.code)
    others = kept.routing.reasons
    reasons = (*others, typed) if new else tuple(typed if one == found else one for one in others)
    text = _("The reason is kept. New cases have it in this way.")
    return saved(request, kept, replace(kept.routing, reasons=reasons), text)


def _shown(
    request: CompanyRequest, form: ReasonForm, found: Reason, *, new: bool, status: int
) -> HttpResponse:
    shipped = str(REASONS.get(found.code, ""))
    name = "" if new else reason_name(found, request.LANGUAGE_CODE)
    context = {"title": name or _("New reason"), "form": form, "shipped": shipped}
    return render(request, "disputes/reason.html", context, status=status)


def _free_code(kept: Kept) -> str:
    known = {one.code for one in kept.routing.reasons}
    return next(
        code for code in (f"own-{number}" for number in range(1, MOST_REASONS + 2)) if code not in known
    )
