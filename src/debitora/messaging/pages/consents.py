"""The page on which a customer agrees to invoices by e-mail, by the link of a message and without signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from debitora.kit.pg.company import serving
from debitora.kit.runtime import now
from debitora.messaging.actions.consents import answer_consent
from debitora.messaging.gates import consent_asked


@csrf_exempt  # the signed mark is what permits it; nothing else is known of the reader
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, mark: str) -> HttpResponse:
    """One button; looking at the page keeps nothing, for mail programs and scanners look at links."""
    code = str(getattr(request, "company_code", ""))
    company, asked = consent_asked(company_code=code, mark=mark)
    with serving(company.id), translation.override(asked.language):
        if request.method == "POST":
            given = request.POST.get("answer") != "withdraw"
            answer_consent(company=company.id, receiver=asked.receiver, given=given, at=now())
            company, asked = consent_asked(company_code=code, mark=mark)
        context = {"company": company, "asked": asked, "mark": mark}
        answer = render(request, "messaging/consent.html", context)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
