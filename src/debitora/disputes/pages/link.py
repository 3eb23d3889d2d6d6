"""The page behind the link of a mail: one case, answered without signing in, by the person whom the mail was sent to.

The link is taken off the address at once and remembered in the session, so that neither history nor logs further on tell it.
What it opens is looked at anew with every request.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, Final, ParamSpec
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from debitora.disputes import gates
from debitora.disputes.actions import (
    CaseIsClosed,
    NoAnswerOfYours,
    OutcomeRefused,
    answer_case,
    withdraw_answer,
)
from debitora.disputes.forms.cases import OutcomeForm
from debitora.disputes.forms.rule_words import reason_names
from debitora.disputes.forms.words import MARKS, OUTCOMES, STATES
from debitora.disputes.queries.routing import routing_of
from debitora.disputes.queries.telling import Linked
from debitora.disputes.rules.telling import LinkEnd
from debitora.kit.pg.company import serving
from debitora.kit.runtime import now, today
from debitora.kit.ways import see
from debitora.people.models import Company
from debitora.people.queries import company_by_code
from debitora.trail.rules import Actor

ENDS: Final = {
    LinkEnd.EXPIRED: gettext_lazy("This link has run out. Sign in to answer, or ask for another mail."),
    LinkEnd.REASSIGNED: gettext_lazy("The case was put to somebody else meanwhile. You need not answer it."),
    LinkEnd.CLOSED: gettext_lazy("The case is clarified. You need not answer it."),
    LinkEnd.PERSON: gettext_lazy("You can no longer answer here. Please talk to the accounting department."),
}
"""Why a link answers no more."""
MOST_LINKS: Final = 50
"""So many links a browser's session remembers; the oldest are forgotten first."""
_Rest = ParamSpec("_Rest")
_Page = Callable[Concatenate[HttpRequest, Company, _Rest], HttpResponse]


def _served(methods: tuple[str, ...]) -> Callable[[_Page[_Rest]], Callable[..., HttpResponse]]:
    """Serve the company that the address names to whoever comes with a link; nobody has signed in."""

    def guard(view: _Page[_Rest]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: _Rest.args, **kwargs: _Rest.kwargs) -> HttpResponse:
            company = company_by_code(code=getattr(request, "company_code", ""))
            method = "GET" if request.method == "HEAD" else request.method
            if company is None or method not in methods:
                raise Http404
            with serving(company.id), timezone.override(company.time_zone):
                return view(request, company, *args, **kwargs)

        return guarded

    return guard


@_served(("GET",))
def link(request: HttpRequest, company: Company, mark: str) -> HttpResponse:
    """Remember the link in the session and go on to its case. Opening it, which scanners of mails do, answers nothing."""
    found = gates.linked_by_mark(company=company, mark=mark, at=now())
    known = {**request.session.get("case_links", {}), _key(company, found.mail.case_id): found.mail.id}
    request.session["case_links"] = dict(list(known.items())[-MOST_LINKS:])
    outcome = request.GET.get("outcome", "")
    query = f"?{urlencode({'outcome': outcome})}" if outcome in OUTCOMES else ""
    return see(reverse("disputes:linked", args=[found.mail.case_id]) + query)


@_served(("GET", "POST"))
def linked(request: HttpRequest, company: Company, case: int) -> HttpResponse:
    """The case as the person sees it, and her answer to it."""
    found = _remembered(request, company, case)
    with override(found.person.language):
        if request.method != "POST" or found.sheet is None or found.end is not None:
            return _shown(request, company, found)
        return _answered(request, company, found)


@_served(("POST",))
def linked_withdrawal(request: HttpRequest, company: Company, case: int) -> HttpResponse:
    """Take the answer back."""
    found = _remembered(request, company, case)
    try:
        if found.end is None:
            withdraw_answer(**_doing(company, found), case=case)
    except (CaseIsClosed, NoAnswerOfYours):
        pass  # the page says how the case stands
    return see(reverse("disputes:linked", args=[case]))


def _answered(request: HttpRequest, company: Company, found: Linked) -> HttpResponse:
    form = _form(company, found, request.POST)
    if not form.is_valid():
        return _shown(request, company, found, form)
    case = found.mail.case_id
    try:
        answer_case(
            **_doing(company, found), case=case, proposal=form.proposal(), note=form.cleaned_data["note"]
        )
    except OutcomeRefused as refusal:
        form.refuse(refusal.why)
        return _shown(request, company, found, form)
    except CaseIsClosed:
        pass  # the page says so
    return see(reverse("disputes:linked", args=[case]))


def _shown(
    request: HttpRequest, company: Company, found: Linked, form: OutcomeForm | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "title": _("Case %(case)s") % {"case": found.mail.case_id},
        "company": company,
        "end": ENDS[found.end] if found.end else "",
        "sign_in": f"/c/{company.code}/clarification/{found.mail.case_id}/",
    }
    if found.sheet is not None:
        row, last = found.sheet.row, found.sheet.steps[0]
        context |= {
            "found": found.sheet,
            "row": row,
            "reason": reason_names(routing_of(company=company.id).routing)[row.reason],
            "state": (MARKS[row.state], STATES[row.state]),
            "answer": last if last.kind == "answered" and last.by == found.person.login else None,
            "outcome": OUTCOMES.get(row.outcome, ""),
            "form": form or _form(company, found, None, {"outcome": request.GET.get("outcome")}),
        }
    answer = render(request, "disputes/linked.html", context, status=_status(found, form))
    answer.headers["Content-Language"] = found.person.language
    return answer


def _status(found: Linked, form: OutcomeForm | None) -> int:
    if found.end not in (None, LinkEnd.CLOSED):
        return 410
    return 422 if form is not None else 200


def _form(company: Company, found: Linked, data: Any, initial: dict[str, Any] | None = None) -> OutcomeForm:
    if found.sheet is None:
        raise Http404
    on = today(company.time_zone)
    return OutcomeForm(data, on=on, disputed=found.sheet.disputed, initial=initial)


def _doing(company: Company, found: Linked) -> dict[str, Any]:
    by = Actor(found.person.id, "user", found.person.login)
    return {"company": company, "by": by, "on": today(company.time_zone), "at": now(), "way": "link"}


def _remembered(request: HttpRequest, company: Company, case: int) -> Linked:
    mail = request.session.get("case_links", {}).get(_key(company, case), 0)
    return gates.linked(company=company, mail=mail, at=now())


def _key(company: Company, case: int) -> str:
    return f"{company.id}/{case}"
