"""No more messages to many: the page of a message's link, without signing in; and what a customer told us, written down."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from debitora.kit.pg.company import serving
from debitora.kit.runtime import now, today
from debitora.kit.ways import elsewhere
from debitora.messaging.actions.optouts import NoAddressToEnd, end_by_hand, end_by_link
from debitora.messaging.gates import messages_to_end
from debitora.messaging.pages.answers import done, refused
from debitora.people.gates import CompanyRequest, actor, page
from debitora.receivables.gates import customer as customer_gate
from debitora.receivables.gates import scope_of


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the signed mark is what permits it
@require_http_methods(["GET", "HEAD", "POST"])
def end_messages(request: HttpRequest, mark: str) -> HttpResponse:
    """A page with one button, or at once where a mail program posts; looking at it keeps nothing, for scanners look at links."""
    code = str(getattr(request, "company_code", ""))
    company, asked = messages_to_end(company_code=code, mark=mark)
    with serving(company.id), translation.override(asked.language):
        if request.method == "POST":
            ended = request.POST.get("answer") != "again"
            end_by_link(company=company.id, receiver=asked.receiver, ended=ended, at=now())
            company, asked = messages_to_end(company_code=code, mark=mark)
        answer = render(request, "messaging/end_messages.html", {"company": company, "asked": asked})
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@page("segments.write", methods=("POST",))
def messages_ended(request: CompanyRequest, customer: int) -> HttpResponse:
    """The customer told us that she wants no such messages, or wants them again."""
    scope = scope_of(person=request.person, role=request.role, on=today(request.company.time_zone))
    found = customer_gate(scope=scope, customer=customer)
    then, ended = elsewhere("receivables:customer", found.id), request.POST.get("answer") != "again"
    try:
        end_by_hand(company=request.company.id, customer=found.id, ended=ended, by=actor(request), at=now())
    except NoAddressToEnd:
        return refused(request, _("She has no e-mail address, so no such message reaches her."), then=then)
    said = (
        _("No more messages to many go to this address.")
        if ended
        else _("Messages to many go to this address again.")
    )
    return done(request, said, then=then)
