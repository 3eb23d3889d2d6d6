"""What a person wants to be mailed herself; and the way to end such mails without signing in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from debitora.kit.pg.company import serving
from debitora.kit.runtime import now, today
from debitora.kit.ways import see
from debitora.messaging.actions.own_mails import choose_mails, stop_mails
from debitora.messaging.forms.own_mails import OwnMailsForm
from debitora.messaging.gates import MailsToStop, mails_to_stop
from debitora.messaging.queries.own_mails import choice_of, last_mails
from debitora.messaging.rules.own_mails import PARTS
from debitora.people.gates import CompanyRequest, page
from debitora.people.rules import sees_only_own_customers


@page("home.view")
def own_mails(request: CompanyRequest) -> HttpResponse:
    """What comes, when, and what came last."""
    chosen = choice_of(user=request.person.id)
    initial = {
        "rhythm": chosen.rhythm.value,
        "weekday": chosen.weekday,
        "hour": chosen.hour,
        "parts": chosen.parts or PARTS,
        "alerts": chosen.alerts,
    }
    return _shown(request, _form(request, initial=initial))


@page("home.view", methods=("POST",))
def own_mails_chosen(request: CompanyRequest) -> HttpResponse:
    """From now on what the form says comes."""
    form = _form(request, data=request.POST)
    if not form.is_valid():
        return _shown(request, form, status=422)
    on = today(request.company.time_zone)
    choose_mails(
        company=request.company,
        user=request.person.id,
        role=request.role,
        choice=form.choice(on=on),
        on=on,
        at=now(),
    )
    messages.success(request, _("This is what comes from now on."))
    return see(reverse("messaging:own_mails"))


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the signed mark is what permits it
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, mark: str) -> HttpResponse:
    """End a person's mails of a kind: a page with one button, or at once where a mail program posts. No signing in."""
    asked = mails_to_stop(company_code=str(getattr(request, "company_code", "")), mark=mark)
    if asked is None:
        raise Http404
    with serving(asked.company), translation.override(asked.language):
        if request.method == "POST":
            stop_mails(user=asked.user, kind=asked.kind, at=now())
        return render(request, "messaging/stop_mails.html", _context(asked, stopped=request.method == "POST"))


def _context(asked: MailsToStop, *, stopped: bool) -> dict[str, Any]:
    return {"asked": asked, "stopped": stopped, "choose_url": reverse("messaging:own_mails")}


def _form(request: CompanyRequest, **given: Any) -> OwnMailsForm:
    return OwnMailsForm(role=request.role, alone=sees_only_own_customers(request.role), **given)


def _shown(request: CompanyRequest, form: OwnMailsForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "address": request.person.email,
        "last": last_mails(user=request.person.id),
    }
    return render(request, "messaging/own_mails.html", context, status=status)
