"""A credit put against a debit by hand, with a look at what it would leave; and the allocation taken back."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.kit.runtime import now
from debitora.people.gates import CompanyRequest, actor, page
from debitora.receivables import actions, gates, queries
from debitora.receivables.actions.allocations import (
    AllocationAlreadyReleased,
    AllocationUnknown,
    MoreThanIsOpen,
)
from debitora.receivables.forms import words
from debitora.receivables.forms.allocations import AllocationForm, ReleaseForm
from debitora.receivables.forms.words import sum_text
from debitora.receivables.pages.layers import day_of, done, layered, refused, scope_of
from debitora.receivables.queries import ItemRow
from debitora.receivables.rules.items import ItemFilters
from debitora.values.money import Money

MOST_OFFERED = 200


@dataclass(frozen=True, slots=True)
class Preview:
    """What an allocation would leave open on either side."""

    credit: ItemRow
    debit: ItemRow
    amount: Money

    @property
    def credit_left(self) -> Money:
        """What of the credit stays open; below zero."""
        return self.credit.open + self.amount

    @property
    def debit_left(self) -> Money:
        """What of the debit stays open."""
        return self.debit.open - self.amount

    @property
    def seen(self) -> str:
        """What a confirmation must repeat: it confirms only what it has seen, and only once."""
        pair = (self.credit, self.debit)
        return (
            ".".join(str(part) for row in pair for part in (row.item, row.open_minor))
            + f".{self.amount.minor}"
        )


@page("items.allocate", methods=("GET", "POST"))
def allocate(request: CompanyRequest, item: int) -> HttpResponse:
    """Choose the other side and an amount, look at what it leaves, confirm."""
    gates.item(scope=scope_of(request), item=item)
    row = queries.item_row(item=item, on=day_of(request), scope=scope_of(request))
    if row is None:
        raise Http404
    others = _others(request, row)
    form = _form(request, row, others)
    preview = _preview(form, row, others) if request.method == "POST" and form.is_valid() else None
    if preview and "confirmed" in request.POST and form.cleaned_data["previewed"] == preview.seen:
        return _allocated(request, preview, then=reverse("receivables:item", args=[item]))
    context = {
        "title": _("Put against %(number)s") % {"number": row.number},
        "address": reverse("receivables:allocate", args=[item]),
        "back": reverse("receivables:item", args=[item]),
        "row": row,
        "others": others,
        "form": form,
        "preview": preview,
        "outdated": bool(preview and "confirmed" in request.POST),
    }
    return layered(request, "receivables/allocate.html", context, status=422 if form.errors else 200)


@page("items.allocate", methods=("GET", "POST"))
def release(request: CompanyRequest, allocation: int) -> HttpResponse:
    """Take an allocation back, with a reason: both items are open again by its amount."""
    found = gates.allocation(scope=scope_of(request), allocation=allocation)
    then = reverse("receivables:item", args=[found.debit_item_id])
    form = ReleaseForm(request.POST or None, reasons=list(words.RELEASE_REASONS.items()))
    if request.method == "POST" and form.is_valid():
        return _released(request, found.id, form.cleaned_data["reason"], then)
    context = {
        "title": _("Take the allocation back"),
        "address": reverse("receivables:release_allocation", args=[allocation]),
        "back": then,
        "form": form,
        "amount": Money(found.amount_minor, found.debit_item.currency),
        "credit": found.credit_item,
        "debit": found.debit_item,
    }
    return layered(
        request, "receivables/allocation_release.html", context, status=422 if form.errors else 200
    )


def _others(request: CompanyRequest, row: ItemRow) -> list[ItemRow]:
    """The open items of the same customer and currency on the other side, oldest due first."""
    filters = ItemFilters(customer=row.customer, currency=row.currency)
    found = queries.items_page(
        filters=filters, on=day_of(request), scope=scope_of(request), sort="due", size=MOST_OFFERED
    )
    return [other for other in found.rows if other.open_minor * row.open_minor < 0]


def _form(request: CompanyRequest, row: ItemRow, others: list[ItemRow]) -> AllocationForm:
    label = _("Credit") if row.open_minor > 0 else _("Invoice")
    offered = [(other.item, _offer(other), abs(other.open)) for other in others]
    return AllocationForm(request.POST or None, offered=offered, label=label, open_sum=abs(row.open))


def _offer(row: ItemRow) -> str:
    return _("%(number)s, open %(sum)s") % {
        "number": row.number,
        "sum": sum_text(row.open_minor, row.currency),
    }


def _preview(form: AllocationForm, row: ItemRow, others: list[ItemRow]) -> Preview:
    other = next(found for found in others if found.item == form.cleaned_data["other"])
    credit, debit = (other, row) if row.open_minor > 0 else (row, other)
    return Preview(credit, debit, form.cleaned_data["amount"])


def _allocated(request: CompanyRequest, preview: Preview, *, then: str) -> HttpResponse:
    try:
        made = actions.allocate(
            company=request.company.id,
            credit_item=preview.credit.item,
            debit_item=preview.debit.item,
            amount=preview.amount,
            on=day_of(request),
            by=actor(request),
            at=now(),
        )
    except MoreThanIsOpen:
        return refused(request, _("Less is open meanwhile. Look at it and decide again."), then=then)
    text = _("%(credit)s is put against %(debit)s.") % {
        "credit": preview.credit.number,
        "debit": preview.debit.number,
    }
    undo = reverse("receivables:release_allocation", args=[made.id])
    return done(request, text, then=then, undo=undo, sent={"reason": "mistake"})


def _released(request: CompanyRequest, allocation: int, reason: str, then: str) -> HttpResponse:
    try:
        actions.release_allocation(
            company=request.company.id,
            allocation=allocation,
            on=day_of(request),
            by=actor(request),
            at=now(),
            reason=reason,
        )
    except (AllocationAlreadyReleased, AllocationUnknown):
        return refused(request, _("That allocation was taken back before. Nothing was changed."), then=then)
    return done(request, _("The allocation is taken back. Both items are open again."), then=then)
