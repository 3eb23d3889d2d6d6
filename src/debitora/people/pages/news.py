"""Notifications: what ended, what waits and what failed, read from the trail; and how far a person has read."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from debitora.kit.runtime import now
from debitora.kit.ways import elsewhere, see, whole_number
from debitora.people.actions import mark_news_read
from debitora.people.gates import CompanyRequest, page
from debitora.people.queries import names_by_login, news_for, read_up_to
from debitora.people.rules import may
from debitora.trail.queries import News

WORDS = {
    "import.applied": ("file-check", _("A list was imported")),
    "run.proposed": ("send", _("A dunning run was proposed")),
    "run.approved": ("check", _("A dunning run was approved")),
    "write_off.proposed": ("receipt", _("A write-off was proposed")),
    "note.written": ("message", _("You were mentioned in a note")),
    "absence.entered": ("user-check", _("Somebody stands in for somebody: you are concerned")),
    "delivery.refused_perm": ("mail-off", _("A mail was refused")),
    "delivery.returned": ("mail-off", _("A mail came back")),
    "delivery.uncertain": ("help-circle", _("It is uncertain whether a mail left: somebody has to find out")),
    "delivery.stopped": ("hand-stop", _("A mail was stopped before it left")),
}
"""Verb -> icon and what it says."""
_PLACES = {
    "import": ("exchange:list_import", "imports.view"),
    "run": ("dunning:run", "runs.view"),
    "intent": ("messaging:delivery", "deliveries.view"),
    "note": ("receivables:note", "customers.view"),
    "write_off": ("receivables:write_off", "write_offs.view"),
    "absence": ("people:absences", "absences.enter"),
}
"""Kind of object -> its address and who may see it."""


@page("home.view")
def notifications(request: CompanyRequest) -> HttpResponse:
    """Everything of the last weeks, what is new to her marked."""
    found = news_for(user=request.person, role=request.role, at=now())
    seen, names = read_up_to(user=request.person), names_by_login(company=request.company)
    context = {
        "shown": [_shown(request, one, seen, names) for one in found],
        "unread": sum(one.id > seen for one in found),
        "up_to": found[0].id if found else 0,
    }
    return render(request, "people/notifications.html", context)


@page("home.view", methods=("POST",))
def read(request: CompanyRequest) -> HttpResponse:
    """Mark as read what the page showed, and nothing that came since."""
    found = news_for(user=request.person, role=request.role, at=now())
    asked = request.POST.get("up_to", "")
    up_to = whole_number(asked) or 0
    known = max((one.id for one in found if one.id <= up_to), default=0)
    if known:
        mark_news_read(company=request.company, user=request.person, up_to=known, at=now())
    return see(reverse("people:notifications"))


def _shown(request: CompanyRequest, one: News, seen: int, names: dict[str, str]) -> dict[str, Any]:
    icon, text = WORDS[one.verb]
    return {
        "icon": icon,
        "text": text,
        "at": one.recorded_at,
        "who": names.get(one.actor, ""),
        "url": _address(request, one),
        "new": one.id > seen,
    }


def _address(request: CompanyRequest, one: News) -> str:
    name, permission = _PLACES.get(one.kind, ("", "home.view"))
    return elsewhere(name, one.object_id) if name and may(request.role, permission) else ""
