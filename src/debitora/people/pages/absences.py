"""Who is away and who answers meanwhile: for oneself, and for everybody whom a manager enters."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from debitora.kit.runtime import now, today
from debitora.kit.undo import offer_undo
from debitora.kit.ways import see
from debitora.people import gates
from debitora.people.actions import (
    AbsenceIsOver,
    AbsencesMeet,
    MayNotStandIn,
    StandsInACircle,
    end_absence,
    enter_absence,
    resume_absence,
)
from debitora.people.forms import AbsenceForm
from debitora.people.gates import CompanyRequest, actor, page
from debitora.people.models import Absence
from debitora.people.queries import absences as absences_since
from debitora.people.queries import members
from debitora.people.rules import may, sees_only_own_customers
from debitora.values.locales import format_date


@page("absences.enter", methods=("GET", "POST"))
def absences(request: CompanyRequest) -> HttpResponse:
    """Everybody who is away or will be, and the form for one more."""
    if request.method == "POST":
        return _entered(request)
    return _shown(request, _form(request, initial={"user": request.person.id, "from_on": _day(request)}))


@page("absences.enter", methods=("POST",))
def ended(request: CompanyRequest, absence: int) -> HttpResponse:
    """Let the person be back from today on."""
    found = gates.absence(request, absence)
    try:
        end_absence(company=request.company, absence=found.id, on=_day(request), by=actor(request), at=now())
    except AbsenceIsOver:
        return _told(request, _("That absence is over already."))
    text = _("%(name)s answers again.") % {"name": found.user}
    offer_undo(request, text, address=reverse("people:resume_absence", args=[found.id]))
    return see(reverse("people:absences"))


@page("absences.enter", methods=("POST",))
def resumed(request: CompanyRequest, absence: int) -> HttpResponse:
    """Take the end back."""
    found = gates.absence(request, absence)
    try:
        resume_absence(company=request.company, absence=found.id, by=actor(request), at=now())
    except (AbsencesMeet, MayNotStandIn, StandsInACircle):
        return _told(request, _("That does not go any more: look at what was entered since."))
    return _told(request, _("%(name)s is away, as was entered.") % {"name": found.user}, good=True)


def _entered(request: CompanyRequest) -> HttpResponse:
    form = _form(request, request.POST)
    if not form.is_valid():
        return _shown(request, form)
    given = form.cleaned_data
    try:
        absence = enter_absence(
            company=request.company,
            user=gates.member(request, given["user"])[0],
            stand_in=gates.member(request, given["stand_in"])[0],
            from_on=given["from_on"],
            until_on=given["until_on"],
            on=_day(request),
            by=actor(request),
            at=now(),
        )
    except (AbsencesMeet, MayNotStandIn, StandsInACircle) as problem:
        form.add_error(*_refusal(problem))
        return _shown(request, form)
    text = _("Until then %(other)s answers what %(name)s is asked.") if absence.until_on else _(
        "Until further notice %(other)s answers what %(name)s is asked."
    )  # fmt: skip
    words = text % {"other": absence.stand_in, "name": absence.user}
    offer_undo(request, words, address=reverse("people:end_absence", args=[absence.id]))
    return see(reverse("people:absences"))


def _refusal(problem: AbsencesMeet | MayNotStandIn | StandsInACircle) -> tuple[str, str]:
    """At which field, and what has to be done."""
    language = get_language() or "en"
    if isinstance(problem, AbsencesMeet):
        first = format_date(problem.met.from_on, language)
        text = _("An absence that begins on %(day)s is entered for that time already. End that one first.")
        return "from_on", text % {"day": first}
    if isinstance(problem, StandsInACircle):
        text = _(
            "On %(day)s nobody would be left who answers: whoever stands in is away then too. Choose somebody else."
        )
        return "stand_in", text % {"day": format_date(problem.on, language)}
    return "stand_in", _(
        "That person cannot answer for this one. Choose somebody who sees at least the same customers."
    )


def _shown(request: CompanyRequest, form: AbsenceForm) -> HttpResponse:
    on = _day(request)
    context: dict[str, Any] = {
        "form": form,
        "rows": [
            {"absence": one, "now": one.from_on <= on, "ends": _may_change(request, one)}
            for one in absences_since(since=on)
            if _may_see(request, one)
        ],
        "others": may(request.role, "people.edit"),
        "narrow": sees_only_own_customers(request.role),
    }
    return render(request, "people/absences.html", context, status=422 if form.errors else 200)


def _form(request: CompanyRequest, data: Any = None, **given: Any) -> AbsenceForm:
    """Salespeople are not told of one another, so they choose among those who see everything; managers among all."""
    there = [
        one for one in members(company=request.company) if one.is_active and may(one.role, "cases.answer")
    ]
    me, alone = request.person.id, not may(request.role, "people.edit")
    narrow = sees_only_own_customers(request.role)
    people = {one.user_id: one.name for one in there if one.user_id == me or not alone}
    others = {
        one.user_id: one.name
        for one in there
        if not (alone and one.user_id == me) and not (narrow and sees_only_own_customers(one.role))
    }
    return AbsenceForm(data, people=people, others=others, on=_day(request), **given)


def _may_see(request: CompanyRequest, absence: Absence) -> bool:
    """Salespeople are told of their own absences, and of those for whom they stand in."""
    concerned = (absence.user_id, absence.stand_in_id)
    return request.person.id in concerned or not sees_only_own_customers(request.role)


def _may_change(request: CompanyRequest, absence: Absence) -> bool:
    return absence.user_id == request.person.id or may(request.role, "people.edit")


def _told(request: CompanyRequest, text: str, *, good: bool = False) -> HttpResponse:
    (messages.success if good else messages.warning)(request, text)
    return see(reverse("people:absences"))


def _day(request: CompanyRequest) -> date:
    return today(request.company.time_zone)
