"""Reference rates: every table with its sources and its end, a new rate with what it makes computable, and its withdrawal."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from debitora.dunning import gates
from debitora.dunning.actions import RateDoubted, RateWithdrawn, add_rate, add_rate_again, withdraw_rate
from debitora.dunning.forms.rates import RateForm
from debitora.dunning.pages.answers import day_of, done, refused
from debitora.dunning.queries.rates import added_rates, rate_cards, rate_tried
from debitora.kit.runtime import now
from debitora.people.gates import actor, page
from debitora.people.queries import names_by_login
from debitora.people.rules import may
from debitora.values.locales import format_date


@page("settings.view")
def rates(request: Any) -> HttpResponse:
    """All tables; who may change settings can add a rate."""
    start = {"checked_on": format_date(day_of(request), get_language() or "en")}
    return _shown(request, RateForm(initial=start, today=day_of(request)))


@page("settings.edit", methods=("POST",))
def rate_added(request: Any) -> HttpResponse:
    """Show what a rate would change and what speaks against it, and add it once that was seen."""
    form = RateForm(request.POST, today=day_of(request))
    if not form.is_valid():
        return _shown(request, form, status=422)
    if request.POST.get("do") != "add":
        return _looked_at(request, form)
    try:
        rate = add_rate(
            company=request.company.id,
            table=form.cleaned_data["table"],
            step=form.step(),
            sure=form.cleaned_data["sure"],
            on=day_of(request),
            by=actor(request),
            at=now(),
        )
    except RateDoubted:
        return _looked_at(request, form, status=422)
    undo = reverse("dunning:rate_undone", args=[rate.id])
    return done(request, _("The rate counts from now on."), then=reverse("dunning:rates"), undo=undo)


@page("settings.edit", methods=("POST",))
def rate_withdrawn(request: Any, rate: int) -> HttpResponse:
    """Let an added rate count no longer, with a reason."""
    found, there = gates.rate(rate=rate), reverse("dunning:rates")
    reason = request.POST.get("reason", "").replace("\0", "").strip()[:500]
    if not reason:
        return refused(request, _("Say why the rate is withdrawn."), then=there)
    return _withdrawn(request, found.id, reason)


@page("settings.edit", methods=("POST",))
def rate_undone(request: Any, rate: int) -> HttpResponse:
    """Take a rate back that was just added."""
    return _withdrawn(request, gates.rate(rate=rate).id, "")


@page("settings.edit", methods=("POST",))
def rate_again(request: Any, rate: int) -> HttpResponse:
    """Take a withdrawal back: the same rate anew."""
    found, there = gates.rate(rate=rate), reverse("dunning:rates")
    try:
        add_rate_again(
            company=request.company.id, rate=found.id, on=day_of(request), by=actor(request), at=now()
        )
    except RateDoubted:
        return refused(request, _("Nothing had to be changed."), then=there)
    return done(request, _("The rate counts from now on."), then=there)


def _withdrawn(request: Any, rate: int, reason: str) -> HttpResponse:
    there = reverse("dunning:rates")
    try:
        withdraw_rate(company=request.company.id, rate=rate, reason=reason, by=actor(request), at=now())
    except RateWithdrawn:
        return refused(request, _("Nothing had to be changed."), then=there)
    undo = reverse("dunning:rate_again", args=[rate])
    return done(request, _("The rate is withdrawn. It counts no longer."), then=there, undo=undo)


def _looked_at(request: Any, form: RateForm, status: int = 200) -> HttpResponse:
    tried = rate_tried(table=form.cleaned_data["table"], step=form.step(), on=day_of(request))
    form.refuse(tried.doubts)
    return _shown(request, form, tried=tried, status=422 if form.errors else status)


def _shown(request: Any, form: RateForm, *, tried: Any = None, status: int = 200) -> HttpResponse:
    context = {
        "cards": rate_cards(on=day_of(request)),
        "withdrawn": [one for one in added_rates() if one.withdrawn_at],
        "form": form,
        "tried": tried if not form.errors else None,
        "names": names_by_login(company=request.company),
        "may_add": may(request.role, "settings.edit"),
    }
    return render(request, "dunning/rates.html", context, status=status)
