"""How one signs in, and where: second factors, browsers that are signed in, and files that ask for a confirmation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from debitora.people import queries
from debitora.people.actions import end_other_sessions, end_session
from debitora.people.gates import lacks_second_factor, local, posted
from debitora.people.models import User


@login_required
@require_GET
def security(request: Any) -> HttpResponse:
    """How one signs in: password, second factors, and the browsers in which one is signed in."""
    context = {
        "factors": queries.factors_of(user=request.person),
        "sessions": queries.sessions_of(user=request.person, current=request.session.session_key),
        "wanted": lacks_second_factor(request),
    }
    with timezone.override(_time_zone(request.person)):
        return render(request, "people/security.html", context)


def _time_zone(person: User) -> str | None:
    """Where the clock of this person hangs, for pages of no company: with the first of her companies; None without one."""
    companies = queries.companies_of(user=person)
    return companies[0].time_zone if companies else None


@login_required
@posted
def session_end(request: Any, session: int) -> HttpResponse:
    """Sign one of one's own browsers out."""
    if not end_session(user=request.person, session=session):
        raise Http404
    messages.success(request, _("That browser is signed out."))
    return redirect("mfa_index")


@login_required
@posted
def sessions_end(request: Any) -> HttpResponse:
    """Sign out everywhere but here."""
    ended = end_other_sessions(user=request.person, current=request.session.session_key)
    told = ngettext(
        "%(count)s other browser is signed out.", "%(count)s other browsers are signed out.", ended
    )
    messages.success(request, told % {"count": ended})
    return redirect("mfa_index")


@login_required
@require_GET
def file(request: HttpRequest) -> HttpResponse:
    """Hand a file out after a confirmation, with a way back: a download alone would leave the form standing."""
    wanted, back = (local(request, request.GET.get(name, "/")) for name in ("file", "back"))
    answer = render(request, "people/file.html", {"file": wanted, "back": back})
    answer.headers["Refresh"] = f"0; url={wanted}"
    return answer
