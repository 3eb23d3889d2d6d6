"""The statement of account of a customer: look at it, hand it out as a PDF, mail it."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from debitora.kit.runtime import new_token, now, today
from debitora.kit.ways import elsewhere, handed_out, see
from debitora.messaging.actions.statements import (
    LETTERHEAD,
    DayToCome,
    LetterheadIncomplete,
    StatementStopped,
    mail_statement,
)
from debitora.messaging.forms.statements import past_day
from debitora.messaging.forms.words import REASONS, said
from debitora.messaging.pages.answers import done, refused
from debitora.messaging.queries import missing_before_sending
from debitora.messaging.queries.statements import statement_of
from debitora.messaging.rules.mail import AddressRefused, HeaderRefused
from debitora.messaging.rules.pdf import LetterNotPrintable, render_statement
from debitora.messaging.rules.statement import Statement, file_name, statement_sheet
from debitora.people.gates import CompanyRequest, actor, page
from debitora.people.rules import may
from debitora.receivables.gates import customer as customer_gate
from debitora.receivables.gates import scope_of
from debitora.receivables.models import Customer
from debitora.receivables.queries import known_from
from debitora.values.locales import format_date

_DIGITS = 15
"""Of a confirmation's token: what the database takes for a whole number."""


@page("customers.view")
def statement(request: CompanyRequest, customer: int) -> HttpResponse:
    """What was open on a day, with the ways to hand it out."""
    found, on = _customer(request, customer), today(request.company.time_zone)
    asked = past_day(request.GET.get("on", ""), on=on)
    day = asked if asked is not None and asked <= on else on
    made, since = _made(request, found, day), known_from()
    context = {
        "customer": found,
        "on": day,
        "day": format_date(day, get_language() or "en"),
        "no_day": asked is None,
        "to_come": asked is not None and asked > on,
        "unknown_before": since if since is None or day < since else None,
        "known": since is not None and day >= since,
        "accounts": _accounts(made),
        "pdf_url": f"{reverse('messaging:statement_pdf', args=[customer])}?on={day.isoformat()}",
        "customer_url": elsewhere("receivables:customer", customer),
        "may_send": may(request.role, "statements.send"),
        "incomplete": bool(LETTERHEAD.intersection(missing_before_sending(company=request.company.id))),
        "sender_url": elsewhere("messaging:sender"),
        "confirmation": new_token()[:_DIGITS],
    }
    return render(request, "messaging/statement.html", context)


@page("customers.view")
def statement_pdf(request: CompanyRequest, customer: int) -> HttpResponse:
    """The statement of a day as a PDF, made as it is asked for."""
    found, day = _customer(request, customer), _day(request.GET.get("on", ""), request)
    if day is None:
        return see(reverse("messaging:statement", args=[customer]))
    made = _made(request, found, day)
    try:
        pdf = render_statement(statement_sheet(made), created_at=now())
    except LetterNotPrintable:
        text = _("This statement cannot be printed: a name holds a character that our font does not have.")
        return refused(request, text, then=reverse("messaging:statement", args=[customer]))
    return handed_out(pdf, "application/pdf", f"{_safe(file_name(made))}.pdf")


@page("statements.send", methods=("POST",))
def mailed(request: CompanyRequest, customer: int) -> HttpResponse:
    """Queue the statement as a mail, once per confirmation."""
    found, day = _customer(request, customer), _day(request.POST.get("on", ""), request)
    there = reverse("messaging:statement", args=[customer])
    confirmation = _number(request.POST.get("confirmation", ""))
    if day is None or confirmation is None:
        return refused(
            request, _("Nothing was sent. Look at the statement and confirm it again."), then=there
        )
    try:
        intent = mail_statement(
            company=request.company, customer=found.id, on=day, confirmation=confirmation,
            by=actor(request), at=now(),
        )  # fmt: skip
    except (
        DayToCome,
        LetterheadIncomplete,
        StatementStopped,
        AddressRefused,
        HeaderRefused,
        LetterNotPrintable,
    ) as no:
        return refused(request, _refusal(no), then=f"{there}?on={day.isoformat()}")
    if intent is None:
        return refused(
            request, _("This statement is on its way already. Nothing was sent twice."), then=there
        )
    text = _("The statement goes to %(address)s.") % {"address": intent.recipient}
    return done(request, text, then=reverse("messaging:delivery", args=[intent.id]))


def _customer(request: CompanyRequest, customer: int) -> Customer:
    scope = scope_of(person=request.person, role=request.role, on=today(request.company.time_zone))
    return customer_gate(scope=scope, customer=customer)


def _made(request: CompanyRequest, customer: Customer, on: date) -> Statement:
    return statement_of(company=request.company, customer=customer, on=on, at=now())


def _accounts(made: Statement) -> list[dict[str, object]]:
    return [
        {
            "currency": currency,
            "items": len(lines),
            "balance": made.balance(currency),
            "due": made.due(currency),
            "bands": made.aging[currency],
        }
        for currency, lines in sorted(made.lines.items())
    ]


def _day(text: str, request: CompanyRequest) -> date | None:
    """A day that has come; None for none and for one to come."""
    on = today(request.company.time_zone)
    day = past_day(text, on=on)
    return day if day is not None and day <= on else None


def _number(token: str) -> int | None:
    try:
        return int(token, 16) if len(token) == _DIGITS else None
    except ValueError:
        return None


def _safe(name: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)[:80]


def _refusal(problem: Exception) -> str:
    if isinstance(problem, StatementStopped):
        return _("Nothing was sent: %(reason)s.") % {"reason": said(REASONS, problem.reason)}
    if isinstance(problem, LetterheadIncomplete):
        return _("Nothing was sent: the letterhead is not complete.")
    if isinstance(problem, AddressRefused):
        return _("Nothing was sent: the customer has no e-mail address that works.")
    if isinstance(problem, DayToCome):
        return _("Nothing was sent: nobody knows yet what will be open on that day.")
    return _("This statement cannot be printed: a name holds a character that our font does not have.")
