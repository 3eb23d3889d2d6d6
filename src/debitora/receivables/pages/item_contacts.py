"""Whom an item names as the customer's contact: named, named otherwise, and taken back."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.kit.runtime import now
from debitora.people.gates import CompanyRequest, actor, page
from debitora.receivables import actions, gates
from debitora.receivables.actions.item_contacts import ItemContactEnded
from debitora.receivables.forms.contacts import ItemContactForm
from debitora.receivables.pages.layers import done, layered, refused, scope_of
from debitora.receivables.queries.contacts import contacts_of, contacts_of_items
from debitora.receivables.rules.contacts import INVOICES


@page("customers.edit", methods=("GET", "POST"))
def item_contact(request: CompanyRequest, item: int) -> HttpResponse:
    """Say whom the item names; those whom other invoices of the customer name are offered."""
    found = gates.item(scope=scope_of(request), item=item)
    named = contacts_of_items(items=[item]).get(item)
    known = [one for one in contacts_of(customer=found.customer_id) if one.role == INVOICES]
    form = ItemContactForm(request.POST or None, known=known)
    if request.method == "POST" and form.is_valid():
        actions.name_contact(
            company=request.company.id,
            item=item,
            name=form.cleaned_data["name"],
            email=form.cleaned_data["email"],
            by=actor(request),
            at=now(),
        )
        text = _("%(number)s names %(email)s now.") % {
            "number": found.number,
            "email": form.cleaned_data["email"],
        }
        return done(request, text, then=_there(item))
    context = {
        "title": _("Contact of %(number)s") % {"number": found.number},
        "address": reverse("receivables:item_contact", args=[item]),
        "item": found,
        "named": named,
        "form": form,
    }
    return layered(request, "receivables/item_contact.html", context, status=422 if form.is_bound else 200)


@page("customers.edit", methods=("POST",))
def item_contact_ended(request: CompanyRequest, item: int) -> HttpResponse:
    """The item names nobody any more."""
    found = gates.item(scope=scope_of(request), item=item)
    named = contacts_of_items(items=[item]).get(item)
    try:
        if named is None:
            raise ItemContactEnded
        actions.unname_contact(
            company=request.company.id, item=item, contact=named.id, by=actor(request), at=now()
        )
    except ItemContactEnded:
        return refused(request, _("This item names nobody any more."), then=_there(item))
    text = _("%(number)s names nobody now: its notices go to the customer.") % {"number": found.number}
    return done(request, text, then=_there(item))


def _there(item: int) -> str:
    return reverse("receivables:item", args=[item])
