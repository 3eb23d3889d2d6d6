"""What was agreed with a customer: the panel of her sheet, the few lines beside a case, entering, ending, taking that back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.kit.narrowing import ids
from debitora.kit.runtime import now
from debitora.people.gates import CompanyRequest, actor, page
from debitora.people.queries import names_by_login
from debitora.people.rules import may
from debitora.receivables import gates
from debitora.receivables.actions.agreements import (
    AgreementMoved,
    end_agreement,
    enter_agreement,
    resume_agreement,
)
from debitora.receivables.forms.agreements import AGREEMENT_KINDS, AgreementForm
from debitora.receivables.models import Customer
from debitora.receivables.pages.layers import day_of, done, layered, refused, scope_of
from debitora.receivables.queries.agreements import agreements_of_customer
from debitora.receivables.rules.agreements import AgreementKind

MOST = 200


@page("customers.view")
def customer_agreements(request: CompanyRequest, customer: int) -> HttpResponse:
    """Agreements in force, as a panel of the sheet, with the form for another one."""
    found = gates.customer(scope=scope_of(request), customer=customer)
    context = _context(request, found, _form(request), all_of_them=False)
    return render(request, "receivables/_customer_agreements.html", context)


@page("customers.view")
def agreements_beside(request: CompanyRequest, customer: int) -> HttpResponse:
    """Agreements in force in a few lines, for pages about something else; nothing where there are none."""
    found = gates.customer(scope=scope_of(request), customer=customer)
    context = _context(request, found, _form(request), all_of_them=False)
    return render(request, "receivables/_agreements_beside.html", context)


@page("customers.view")
def agreements(request: CompanyRequest, customer: int) -> HttpResponse:
    """Everything that was ever agreed with a customer, the newest in front."""
    return _page(request, gates.customer(scope=scope_of(request), customer=customer), _form(request))


@page("notes.write", methods=("POST",))
def agreement_entered(request: CompanyRequest, customer: int) -> HttpResponse:
    """Keep an agreement. What cannot be kept is said beside what was typed."""
    found = gates.customer(scope=scope_of(request), customer=customer)
    form = AgreementForm(request.POST, on=day_of(request))
    if not form.is_valid():
        return _page(request, found, form, status=422)
    known = form.cleaned_data
    agreement = enter_agreement(
        company=request.company.id,
        customer=found.id,
        kind=AgreementKind(known["kind"]),
        text=known["text"],
        with_whom=known["with_whom"],
        from_on=known["from_on"],
        until_on=known["until_on"],
        by=actor(request),
        at=now(),
    )
    undo = reverse("receivables:agreement_ended", args=[agreement.id])
    return done(request, _("The agreement is kept."), then=_there(found.id), undo=undo)


@page("notes.write", methods=("POST",))
def agreement_ended(request: CompanyRequest, agreement: int) -> HttpResponse:
    """Let an agreement count no more."""
    found = gates.agreement(scope=scope_of(request), agreement=agreement)
    try:
        end_agreement(company=request.company.id, agreement=found.id, by=actor(request), at=now())
    except AgreementMoved:
        return refused(request, _("That agreement has ended already."), then=_there(found.customer_id))
    undo = reverse("receivables:agreement_again")
    return done(
        request,
        _("The agreement has ended."),
        then=_there(found.customer_id),
        undo=undo,
        sent={"agreement": [found.id]},
    )


@page("notes.write", methods=("POST",))
def agreement_again(request: CompanyRequest) -> HttpResponse:
    """Let an agreement that was just ended go on: the way back from a toast."""
    for agreement in ids(request.POST.getlist("agreement")[:1]):
        found = gates.agreement(scope=scope_of(request), agreement=agreement)
        try:
            resume_agreement(company=request.company.id, agreement=found.id, by=actor(request), at=now())
        except AgreementMoved:
            break
        return done(request, _("The agreement goes on."), then=_there(found.customer_id))
    return refused(
        request, _("It goes on already. Nothing was changed."), then=reverse("receivables:customers")
    )


def _form(request: CompanyRequest) -> AgreementForm:
    on = day_of(request)
    return AgreementForm(on=on, initial={"from_on": on})


def _context(
    request: CompanyRequest, customer: Customer, form: AgreementForm, *, all_of_them: bool
) -> dict[str, Any]:
    on, names = day_of(request), names_by_login(company=request.company)
    found = agreements_of_customer(customer=customer.id, most=MOST)
    shown = [row for row in found if all_of_them or row.counts(on=on)]
    return {
        "customer": customer,
        "rows": [
            {
                "row": row,
                "kind": AGREEMENT_KINDS[AgreementKind(row.kind)],
                "who": names.get(row.entered_by_label, row.entered_by_label),
                "counts": row.counts(on=on),
                "ends": not row.is_ended and may(request.role, "notes.write"),
            }
            for row in shown
        ],
        "others": len(found) - len(shown),
        "form": form,
        "may_write": may(request.role, "notes.write"),
    }


def _page(
    request: CompanyRequest, customer: Customer, form: AgreementForm, *, status: int = 200
) -> HttpResponse:
    context = {
        **_context(request, customer, form, all_of_them=True),
        "title": _("Agreements"),
        "address": reverse("receivables:agreements", args=[customer.id]),
    }
    return layered(request, "receivables/agreements.html", context, status=status)


def _there(customer: int) -> str:
    return reverse("receivables:customer", args=[customer])
