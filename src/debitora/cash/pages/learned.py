"""What was learned from bookings, and how to forget it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.cash import gates
from debitora.cash.actions import (
    AsideUnknown,
    PayerUnknown,
    forget_aside,
    forget_habits,
    forget_payer,
    forget_tallies,
)
from debitora.cash.pages.answers import done, refused
from debitora.cash.queries.abbreviations import number_shapes
from debitora.cash.queries.asides import asides_shown
from debitora.cash.queries.learned import habit_rows, payer_rows, tally_rows
from debitora.kit.narrowing import text_of
from debitora.kit.runtime import now
from debitora.people.gates import CompanyRequest, actor, page
from debitora.people.rules import may
from debitora.receivables import gates as ledger
from debitora.receivables.rules.items import EVERYTHING

MOST = 20
"""So many of each kind stand together; the list of the kind has all."""


@page("statements.view")
def learned(request: CompanyRequest) -> HttpResponse:
    """Accounts that pay for customers, how customers pay, whose lines are set aside, and how often proposals were right."""
    text = text_of(request.GET, "text")
    payers = payer_rows(text=text, most=MOST)
    context = {
        "payers": payers,
        "habits": habit_rows(text=text, most=MOST),
        "shapes": [] if text else number_shapes(),
        "asides": asides_shown(text=text, most=MOST),
        "tallies": tally_rows(),
        "text": text,
        "may_forget": may(request.role, "settings.edit"),
    }
    return render(request, "cash/learned.html", context)


@page("settings.edit", methods=("POST",))
def payer(request: CompanyRequest, payer: int) -> HttpResponse:
    """Forget that an account pays for a customer."""
    found = gates.payer(payer=payer)
    try:
        forget_payer(company=request.company.id, payer=found.id, by=actor(request), at=now())
    except PayerUnknown:
        return refused(request, _("The account was forgotten before."), then=reverse("cash:learned"))
    return done(request, _("The account is forgotten."), then=reverse("cash:learned"))


@page("settings.edit", methods=("POST",))
def aside(request: CompanyRequest, aside: int) -> HttpResponse:
    """Forget for what a counterpart's lines were set aside."""
    found = gates.aside(aside=aside)
    try:
        forget_aside(company=request.company.id, aside=found.id, by=actor(request), at=now())
    except AsideUnknown:
        return refused(request, _("It was forgotten before."), then=reverse("cash:learned"))
    return done(request, _("Why these lines were set aside is forgotten."), then=reverse("cash:learned"))


@page("settings.edit", methods=("POST",))
def habits(request: CompanyRequest, customer: int) -> HttpResponse:
    """Forget how a customer pays."""
    found = ledger.customer(scope=EVERYTHING, customer=customer)
    forget_habits(company=request.company.id, customer=found.id, by=actor(request), at=now())
    text = _("How %(name)s pays is forgotten.") % {"name": found.party.name}
    return done(request, text, then=reverse("cash:learned"))


@page("settings.edit", methods=("POST",))
def tallies(request: CompanyRequest) -> HttpResponse:
    """Forget how often proposals were right."""
    forget_tallies(company=request.company.id, by=actor(request), at=now())
    text = _("How often proposals were right is forgotten. The confidence begins anew.")
    return done(request, text, then=reverse("cash:learned"))
