"""A customer's master data changed, and the customer parked: nothing is sent until a person has looked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.kit.runtime import now
from debitora.people.gates import CompanyRequest, actor, page
from debitora.people.queries import salespeople
from debitora.receivables import actions, gates, queries
from debitora.receivables.actions import StaleCustomer
from debitora.receivables.forms import words
from debitora.receivables.forms.customers import CustomerForm, ParkForm, as_initial
from debitora.receivables.forms.words import said
from debitora.receivables.pages.layers import day_of, done, refused, rights, scope_of
from debitora.receivables.queries import CustomerSheet


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that somebody changed meanwhile: what stands there now."""

    label: str
    now: str


@page("customers.edit", methods=("GET", "POST"))
def edit_customer(request: CompanyRequest, customer: int) -> HttpResponse:
    """Change name, address, language, kind, salesperson. A stale form shows what changed and keeps what was typed."""
    gates.customer(scope=scope_of(request), customer=customer)
    sheet = _sheet(request, customer)
    people = _people(request, sheet)
    if request.method != "POST":
        return _form_page(request, sheet, CustomerForm(initial=as_initial(sheet), salespeople=people))
    form = CustomerForm(request.POST, salespeople=people)
    if not form.is_valid():
        return _form_page(request, sheet, form, status=422)
    try:
        actions.edit_customer(
            company=request.company.id,
            customer=customer,
            version=form.cleaned_data["version"],
            changes=form.changes(),
            by=actor(request),
            at=now(),
        )
    except StaleCustomer:
        return _stale(request, sheet, people)
    text = _("%(name)s is saved.") % {"name": form.cleaned_data["name"]}
    return done(request, text, then=reverse("receivables:customer", args=[customer]))


@page("customers.edit", methods=("POST",))
def park(request: CompanyRequest, customer: int) -> HttpResponse:
    """Stop everything that is sent to a customer."""
    found = gates.customer(scope=scope_of(request), customer=customer)
    then = reverse("receivables:customer", args=[customer])
    form = ParkForm(request.POST)
    if not form.is_valid():
        return refused(request, _("Please choose a reason for parking. Nothing was changed."), then=then)
    if found.parked_at is not None:
        return refused(request, _("%(name)s is parked already.") % {"name": found.party.name}, then=then)
    reason = form.cleaned_data["reason"]
    actions.park_customer(
        company=request.company.id, customer=customer, reason=reason, by=actor(request), at=now()
    )
    return done(request, _("%(name)s is parked.") % {"name": found.party.name}, then=then)


@page("customers.edit", methods=("POST",))
def unpark(request: CompanyRequest, customer: int) -> HttpResponse:
    """Let a parked customer be written to again."""
    found = gates.customer(scope=scope_of(request), customer=customer)
    then = reverse("receivables:customer", args=[customer])
    if found.parked_at is None:
        return refused(request, _("%(name)s is not parked.") % {"name": found.party.name}, then=then)
    actions.unpark_customer(company=request.company.id, customer=customer, by=actor(request), at=now())
    return done(request, _("%(name)s is no longer parked.") % {"name": found.party.name}, then=then)


def _sheet(request: CompanyRequest, customer: int) -> CustomerSheet:
    sheet = queries.customer_sheet(customer=customer, on=day_of(request))
    if sheet is None:
        raise Http404
    return sheet


def _people(request: CompanyRequest, sheet: CustomerSheet) -> dict[int, str]:
    """The salespeople to choose from; one who has left the company stays choosable where she still stands."""
    people = salespeople(company=request.company)
    if sheet.salesperson is not None and sheet.salesperson not in people:
        people[sheet.salesperson] = _("no longer in sales")
    return people


def _stale(request: CompanyRequest, sheet: CustomerSheet, people: dict[int, str]) -> HttpResponse:
    """What was typed stays, beside what stands there now; saving once more is then meant."""
    typed = request.POST.copy()
    typed["version"] = str(sheet.version)
    form = CustomerForm(typed, salespeople=people)
    differences = [
        Difference(str(words.FIELDS[name]), _word(name, value, people) or "–")
        for name, value in as_initial(sheet).items()
        if name != "version" and typed.get(name, "") != ("" if value is None else str(value))
    ]
    return _form_page(request, sheet, form, status=409, differences=differences)


def _word(name: str, value: Any, people: dict[int, str]) -> str:
    if name == "salesperson_id":
        return people.get(value, "")
    codes = {"kind": words.CUSTOMER_KINDS, "language": words.LANGUAGES}.get(name)
    return said(codes, value) if codes else str(value)


def _form_page(
    request: CompanyRequest,
    sheet: CustomerSheet,
    form: CustomerForm,
    *,
    status: int = 200,
    differences: list[Difference] | None = None,
) -> HttpResponse:
    context = {"sheet": sheet, "form": form, "stale": status == 409, "differences": differences or []}
    return render(request, "receivables/edit_customer.html", {**rights(request), **context}, status=status)
