"""Strategies as files: taken out in any version, looked at before they are taken in."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.dunning import gates
from debitora.dunning.actions import (
    StrategyChangedMeanwhile,
    StrategyNameTaken,
    StrategyUnlawful,
    add_strategy,
    change_strategy,
)
from debitora.dunning.forms.strategy_files import StrategyFileForm
from debitora.dunning.pages.answers import day_of, done, refused, whole
from debitora.dunning.queries.lawfulness import lawfulness
from debitora.dunning.queries.preview import SHOWN, preview
from debitora.dunning.queries.strategies import StrategyRow, policy_of, strategies, versions_of
from debitora.dunning.rules.policy import Policy
from debitora.dunning.rules.policy_file import as_document, read, write
from debitora.dunning.templatetags.law_words import findings_said
from debitora.dunning.templatetags.strategy_prose import prose
from debitora.dunning.templatetags.strategy_words import differences, fault_words, place_words
from debitora.kit.runtime import now
from debitora.kit.ways import elsewhere
from debitora.people.gates import actor, page


@page("settings.view")
def strategy_file(request: Any, strategy: int) -> HttpResponse:
    """A version of a strategy as YAML; the newest unless another is asked for."""
    row = gates.strategy(strategy=strategy)
    wanted = whole(request, "version") or row.version
    found = next((one for one in versions_of(strategy=row.id) if one.version == wanted), None)
    if found is None:
        raise Http404
    answer = HttpResponse(write(policy_of(found)), content_type="application/yaml; charset=utf-8")
    named = re.sub(r"[^a-z0-9]+", "-", row.name.lower()).strip("-") or "strategy"
    answer.headers["Content-Disposition"] = f'attachment; filename="{named}-{wanted}.yaml"'
    return answer


@page("settings.edit", methods=("GET", "POST"))
def from_file(request: Any) -> HttpResponse:
    """Take a strategy in from a file: first it is read and shown, and with a second press it is kept."""
    if request.method == "GET":
        return _shown(request, StrategyFileForm())
    form = StrategyFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, form, status=422)
    policy, faults = read(form.cleaned_data["text"])
    if policy is None:
        told = [(place_words(fault.path) if fault.path else "", fault_words(fault)) for fault in faults]
        return _shown(request, form, faults=told, status=422)
    if request.POST.get("do") == "keep" and not form.cleaned_data.get("file"):
        return _kept(request, form, policy)
    return _shown(request, form, policy=policy)


def _kept(request: Any, form: StrategyFileForm, policy: Policy) -> HttpResponse:
    row, by, at = _of_that_name(policy), actor(request), now()
    try:
        if row is None:
            kept = add_strategy(company=request.company.id, policy=policy, by=by, at=at)
        else:
            looked_at = form.cleaned_data.get("version") or 0
            kept = change_strategy(
                company=request.company.id, strategy=row.id, version=looked_at, policy=policy, by=by, at=at
            )
    except (StrategyChangedMeanwhile, StrategyNameTaken):
        return _shown(request, form, policy=policy, meanwhile=True, status=409)
    except StrategyUnlawful:
        return _shown(request, form, policy=policy, status=422)
    there = reverse("dunning:strategy", args=[kept.strategy_id])
    if row and kept.version == row.version:
        return refused(request, _("Nothing had to be changed."), then=there)
    return done(request, _("Version %(version)s is kept.") % {"version": kept.version}, then=there)


def _of_that_name(policy: Policy) -> StrategyRow | None:
    return next((row for row in strategies() if row.name == policy.name), None)


def _shown(
    request: Any,
    form: StrategyFileForm,
    *,
    policy: Policy | None = None,
    faults: list[tuple[str, str]] | None = None,
    meanwhile: bool = False,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "faults": faults or [], "meanwhile": meanwhile}
    if policy is not None:
        context |= _looked_at(request, policy)
        form = StrategyFileForm(
            initial={
                "text": form.cleaned_data["text"],
                "version": context["row"].version if context["row"] else None,
            }
        )
        context["form"] = form
    elif form.is_bound and form.is_valid():
        context["form"] = StrategyFileForm(initial={"text": form.cleaned_data["text"]})
    return render(request, "dunning/strategy_file.html", context, status=status)


def _looked_at(request: Any, policy: Policy) -> dict[str, Any]:
    """What the file would do: as prose, against the law, against what is kept, and on today's items."""
    row = _of_that_name(policy)
    found = lawfulness(policy=policy, on=day_of(request))
    context: dict[str, Any] = {
        "policy": policy,
        "row": row,
        "next": row.version + 1 if row else 1,
        "differences": differences(as_document(row.policy), as_document(policy)) if row else [],
        "read": {"prose": prose(policy), "findings": findings_said(found)},
        "unlawful": any(one.unlawful for one in found),
    }
    if not context["unlawful"]:
        seen = preview(company=request.company, row=row, policy=policy, on=day_of(request))
        rows = [(one, elsewhere("receivables:customer", one.customer)) for one in seen.rows]
        context |= {"preview": seen, "differing": rows, "shown": SHOWN}
    return context
