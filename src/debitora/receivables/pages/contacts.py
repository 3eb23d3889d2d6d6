"""Contacts of a customer: the list by role, keeping one, ending one and taking that back."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.kit.runtime import now
from debitora.people.gates import CompanyRequest, actor, page
from debitora.receivables import actions, gates
from debitora.receivables.actions.contacts import ContactEnded
from debitora.receivables.forms.contacts import ContactForm
from debitora.receivables.forms.words import CONTACT_ROLES, CONTACTS, said
from debitora.receivables.pages.layers import done, layered, refused, scope_of
from debitora.receivables.queries.contacts import contacts_of


@page("customers.view")
def contacts(request: CompanyRequest, customer: int) -> HttpResponse:
    """Everybody to write to at the customer."""
    return _sheet(request, customer, ContactForm())


@page("customers.edit", methods=("POST",))
def contact_kept(request: CompanyRequest, customer: int) -> HttpResponse:
    """Keep a person in a role."""
    gates.customer(scope=scope_of(request), customer=customer)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _sheet(request, customer, form, status=422)
    known = form.cleaned_data
    actions.keep_contact(
        company=request.company.id,
        customer=customer,
        role=known["role"],
        name=known["name"],
        email=known["email"],
        phone=known["phone"],
        by=actor(request),
        at=now(),
    )
    text = _("%(name)s is kept as: %(role)s.") % {
        "name": known["name"],
        "role": said(CONTACT_ROLES, known["role"]),
    }
    return done(request, text, then=_there(customer))


@page("customers.edit", methods=("POST",))
def contact_ended(request: CompanyRequest, contact: int) -> HttpResponse:
    """Write no more to a contact."""
    found = gates.contact(scope=scope_of(request), contact=contact)
    there = _there(found.customer_id)
    try:
        actions.end_contact(company=request.company.id, contact=found.id, by=actor(request), at=now())
    except ContactEnded:
        return refused(request, _("This contact was replaced or removed already."), then=there)
    undo = reverse("receivables:contact_again", args=[found.id])
    return done(request, _("%(name)s is removed.") % {"name": found.name}, then=there, undo=undo)


@page("customers.edit", methods=("POST",))
def contact_again(request: CompanyRequest, contact: int) -> HttpResponse:
    """Put a contact back."""
    found = gates.contact(scope=scope_of(request), contact=contact)
    actions.keep_again(company=request.company.id, contact=found.id, by=actor(request), at=now())
    text = _("%(name)s is kept as: %(role)s.") % {"name": found.name, "role": said(CONTACTS, found.role)}
    return done(request, text, then=_there(found.customer_id))


def _there(customer: int) -> str:
    return reverse("receivables:contacts", args=[customer])


def _sheet(request: CompanyRequest, customer: int, form: ContactForm, *, status: int = 200) -> HttpResponse:
    found = gates.customer(scope=scope_of(request), customer=customer)
    context = {
        "title": _("Contacts of %(name)s") % {"name": found.party.name},
        "address": _there(customer),
        "customer": found,
        "contacts": [(one, said(CONTACTS, one.role)) for one in contacts_of(customer=customer)],
        "form": form,
    }
    return layered(request, "receivables/contacts.html", context, status=status)
