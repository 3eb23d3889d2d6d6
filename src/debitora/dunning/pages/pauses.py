"""Pauses of groups of customers: the list, a new one with its preview, lifting one and taking that back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from debitora.dunning import gates
from debitora.dunning.actions import PauseLifted, lift_pause, pause_again, place_pause
from debitora.dunning.forms.pauses import INSTEAD, PauseForm
from debitora.dunning.pages.answers import day_of, done, refused
from debitora.dunning.queries.pauses import Reach, reach
from debitora.dunning.queries.pauses import pauses as listed
from debitora.dunning.templatetags.strategy_words import rule_words
from debitora.kit.runtime import now
from debitora.people.gates import actor, page
from debitora.people.queries import names_by_login, salespeople
from debitora.people.rules import may
from debitora.values.locales import format_date


@page("runs.view")
def pauses(request: Any) -> HttpResponse:
    """Every pause with its end; whoever may start runs can look at what a new one would stop."""
    on = day_of(request)
    start = {"from_on": format_date(on, get_language() or "en")}
    form = PauseForm(initial=start, today=on, salespeople=salespeople(company=request.company))
    return _shown(request, form)


@page("runs.start", methods=("POST",))
def placed(request: Any) -> HttpResponse:
    """Show whom and what a pause would stop, and place it once that was seen."""
    on = day_of(request)
    form = PauseForm(request.POST, today=on, salespeople=salespeople(company=request.company))
    if not form.is_valid():
        return _shown(request, form, status=422)
    if request.POST.get("do") != "place":
        return _shown(request, form, found=reach(group=form.group(), on=on))
    known = form.cleaned_data
    place_pause(
        company=request.company.id,
        attributes=form.attributes(),
        instead=known["instead"],
        from_on=known["from_on"],
        until_on=known["until_on"],
        reason=known["reason"],
        by=actor(request),
        at=now(),
    )
    return done(request, _("The pause is kept. It ends by itself."), then=reverse("dunning:pauses"))


@page("runs.start", methods=("POST",))
def lifted(request: Any, pause: int) -> HttpResponse:
    """End a pause now."""
    found, there = gates.pause(pause=pause), reverse("dunning:pauses")
    try:
        lift_pause(company=request.company.id, pause=found.id, by=actor(request), at=now())
    except PauseLifted:
        return refused(request, _("Nothing had to be changed."), then=there)
    undo = reverse("dunning:pause_again", args=[found.id])
    return done(
        request, _("The pause is lifted. The next run looks at its customers."), then=there, undo=undo
    )


@page("runs.start", methods=("POST",))
def again(request: Any, pause: int) -> HttpResponse:
    """Take a lift back: the same pause anew."""
    found = gates.pause(pause=pause)
    pause_again(company=request.company.id, pause=found.id, by=actor(request), at=now())
    return done(request, _("The pause is kept. It ends by itself."), then=reverse("dunning:pauses"))


def _shown(request: Any, form: PauseForm, *, found: Reach | None = None, status: int = 200) -> HttpResponse:
    on, people = day_of(request), salespeople(company=request.company)
    context = {
        "rows": [
            (one, one.state(on=on), rule_words(one.group, people), INSTEAD[one.span.instead])
            for one in listed()
        ],
        "form": form,
        "found": found,
        "names": names_by_login(company=request.company),
        "may_place": may(request.role, "runs.start"),
    }
    return render(request, "dunning/pauses.html", context, status=status)
