"""How runs come: chosen on one page, with what that means today and what was chosen before."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.dunning.actions import choose_rhythm
from debitora.dunning.forms.rhythm import RhythmForm
from debitora.dunning.pages.answers import day_of, done
from debitora.dunning.queries.rhythm import (
    day_has_run,
    follow_ups_of,
    looked_at,
    rhythm_of_company,
    rhythms_chosen,
)
from debitora.kit.runtime import now
from debitora.people.gates import actor, page
from debitora.people.queries import names_by_login
from debitora.people.rules import may


@page("settings.view")
def rhythm(request: Any) -> HttpResponse:
    """How runs come, and what they did today."""
    chosen = rhythm_of_company()
    form = RhythmForm(initial={"mode": chosen.mode.value, "begins": chosen.begins, "ends": chosen.ends})
    return _shown(request, form)


@page("settings.edit", methods=("POST",))
def rhythm_chosen(request: Any) -> HttpResponse:
    """From now on runs come as the form says."""
    form = RhythmForm(request.POST)
    if not form.is_valid():
        return _shown(request, form, status=422)
    changed = choose_rhythm(company=request.company, wanted=form.rhythm(), by=actor(request), at=now())
    text = _("Runs come so from now on.") if changed else _("Nothing has changed.")
    return done(request, text, then=reverse("dunning:rhythm"))


def _shown(request: Any, form: RhythmForm, *, status: int = 200) -> HttpResponse:
    on, chosen = day_of(request), rhythm_of_company()
    context = {
        "form": form,
        "rhythm": chosen,
        "on": on,
        "has_run": day_has_run(on=on),
        "follow_ups": follow_ups_of(on=on),
        "looked_at": looked_at(),
        "earlier": rhythms_chosen(),
        "may_choose": may(request.role, "settings.edit"),
        "names": names_by_login(company=request.company),
    }
    return render(request, "dunning/rhythm.html", context, status=status)
