"""Holds: placed on an item, on chosen items, on a customer; given another end; released."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from debitora.kit.narrowing import ids
from debitora.kit.runtime import now
from debitora.people.gates import CompanyRequest, actor, page
from debitora.receivables import actions, gates, queries
from debitora.receivables.actions.holds import (
    HeldAmountIsNotOpen,
    HoldAlreadyReleased,
    HoldOver,
    HoldStillStands,
)
from debitora.receivables.forms.holds import EndForm, HoldForm
from debitora.receivables.forms.words import sum_text
from debitora.receivables.models import Hold
from debitora.receivables.pages.layers import day_of, done, layered, refused, scope_of
from debitora.receivables.queries import ItemRow
from debitora.values.money import Money

MOST_AT_ONCE = 500


@page("holds.place", methods=("GET", "POST"))
def hold_item(request: CompanyRequest, item: int) -> HttpResponse:
    """Stop dunning of one item, or of an amount of it."""
    found = gates.item(scope=scope_of(request), item=item)
    row = _row(request, item)
    form = HoldForm(request.POST or None, on=day_of(request), open_sum=row.open)
    then = reverse("receivables:item", args=[item])
    if request.method == "POST" and form.is_valid():
        return _placed(request, form, customer=found.customer_id, item=item, then=then, name=row.number)
    context = {
        "title": _("Hold %(number)s") % {"number": row.number},
        "address": reverse("receivables:hold_item", args=[item]),
        "back": then,
        "form": form,
        "row": row,
    }
    return layered(request, "receivables/hold.html", context, status=422 if form.errors else 200)


@page("holds.place", methods=("GET", "POST"))
def hold_customer(request: CompanyRequest, customer: int) -> HttpResponse:
    """Stop dunning of a whole customer."""
    found = gates.customer(scope=scope_of(request), customer=customer)
    form = HoldForm(request.POST or None, on=day_of(request))
    then = reverse("receivables:customer", args=[customer])
    if request.method == "POST" and form.is_valid():
        return _placed(request, form, customer=customer, item=None, then=then, name=found.party.name)
    context = {
        "title": _("Hold everything of %(name)s") % {"name": found.party.name},
        "address": reverse("receivables:hold_customer", args=[customer]),
        "back": then,
        "form": form,
        "whole_customer": True,
    }
    return layered(request, "receivables/hold.html", context, status=422 if form.errors else 200)


@page("holds.place", methods=("POST",))
def hold_items(request: CompanyRequest) -> HttpResponse:
    """Stop dunning of chosen items: first what it would hold, then, with a reason, do it."""
    rows = _chosen(request)
    then = reverse("receivables:items")
    if not rows:
        return refused(request, _("None of the chosen items can be held: nothing is open."), then=then)
    confirmed = "reason" in request.POST
    form = HoldForm(request.POST if confirmed else None, on=day_of(request))
    if confirmed and form.is_valid():
        return _placed_on_all(request, form, rows, then)
    context = {
        "title": _("Hold the chosen items"),
        "address": reverse("receivables:hold_items"),
        "back": then,
        "form": form,
        "rows": rows,
        "sums": _sums(rows),
        "held_already": sum(row.held for row in rows),
    }
    return layered(request, "receivables/hold.html", context, status=422 if form.errors else 200)


@page("holds.place", methods=("GET", "POST"))
def extend_hold(request: CompanyRequest, hold: int) -> HttpResponse:
    """Give a hold another end."""
    found = gates.hold(scope=scope_of(request), hold=hold)
    on = day_of(request)
    form = EndForm(request.POST or None, on=on, initial={"until": ""})
    then = _home_of(found)
    if request.method == "POST" and form.is_valid():
        return _extended(request, found, form.cleaned_data["until"], then)
    context = {
        "title": _("Another end of the hold"),
        "address": reverse("receivables:extend_hold", args=[hold]),
        "back": then,
        "form": form,
        "hold": found,
    }
    return layered(request, "receivables/hold_end.html", context, status=422 if form.errors else 200)


@page("holds.place", methods=("POST",))
def release_hold(request: CompanyRequest, hold: int) -> HttpResponse:
    """Let a hold stop nothing from today on."""
    found = gates.hold(scope=scope_of(request), hold=hold)
    return _released(
        request, [found], then=_home_of(found), undo=reverse("receivables:renew_hold", args=[hold])
    )


@page("holds.place", methods=("POST",))
def renew_hold(request: CompanyRequest, hold: int) -> HttpResponse:
    """Place a released hold again as it was: the way back from a toast."""
    found = gates.hold(scope=scope_of(request), hold=hold)
    then = _home_of(found)
    try:
        renewed = actions.renew_hold(
            company=request.company.id, hold=hold, on=day_of(request), by=actor(request), at=now()
        )
    except HoldStillStands:
        return refused(request, _("That hold is in force. Nothing was changed."), then=then)
    except (HoldOver, HeldAmountIsNotOpen):
        return refused(
            request, _("That hold cannot be placed again: its time or its sum is over."), then=then
        )
    text = _("The hold is in force again.")
    return done(
        request, text, then=then, undo=reverse("receivables:release_holds"), sent={"hold": [renewed.id]}
    )


@page("holds.place", methods=("POST",))
def release_holds(request: CompanyRequest) -> HttpResponse:
    """Release the holds that were just placed: the way back from a toast."""
    chosen = ids(request.POST.getlist("hold")[:MOST_AT_ONCE])
    found = [gates.hold(scope=scope_of(request), hold=hold) for hold in chosen]
    return _released(request, found, then=reverse("receivables:items"))


def _released(request: CompanyRequest, holds: Sequence[Hold], *, then: str, undo: str = "") -> HttpResponse:
    """A second press finds nothing left to release, and says so."""
    count, on, at = 0, day_of(request), now()
    for hold in sorted(holds, key=lambda hold: (hold.customer_id, hold.id)):
        try:
            actions.release_hold(company=request.company.id, hold=hold.id, on=on, by=actor(request), at=at)
        except HoldAlreadyReleased:
            continue
        count += 1
    if not count:
        return refused(request, _("That hold was released before. Nothing was changed."), then=then)
    text = ngettext("The hold is released.", "%(count)d holds are released.", count) % {"count": count}
    return done(request, text, then=then, undo=undo)


def _placed(
    request: CompanyRequest, form: HoldForm, *, customer: int, item: int | None, then: str, name: str
) -> HttpResponse:
    if _same_in_force(request, form, customer, item):
        return refused(request, _("%(name)s is already held like that.") % {"name": name}, then=then)
    try:
        hold = _place(request, form, customer=customer, item=item)
    except HeldAmountIsNotOpen:
        return refused(request, _("Less is open meanwhile. Look at it and decide again."), then=then)
    text = _("%(name)s is held.") % {"name": name}
    return done(request, text, then=then, undo=reverse("receivables:release_holds"), sent={"hold": [hold.id]})


def _placed_on_all(
    request: CompanyRequest, form: HoldForm, rows: Sequence[ItemRow], then: str
) -> HttpResponse:
    """In the order in which the ledger locks: by customer, then by item."""
    holds = [
        _place(request, form, customer=row.customer, item=row.item).id
        for row in sorted(rows, key=lambda row: (row.customer, row.item))
        if not _same_in_force(request, form, row.customer, row.item)
    ]
    if not holds:
        return refused(request, _("These items are already held like that."), then=then)
    text = ngettext("%(count)d item is held.", "%(count)d items are held.", len(holds)) % {
        "count": len(holds)
    }
    return done(request, text, then=then, undo=reverse("receivables:release_holds"), sent={"hold": holds})


def _place(request: CompanyRequest, form: HoldForm, *, customer: int, item: int | None) -> Hold:
    return actions.place_hold(
        company=request.company.id,
        customer=customer,
        item=item,
        amount=form.cleaned_data.get("amount"),
        reason=form.cleaned_data["reason"],
        note=form.cleaned_data["note"],
        from_on=day_of(request),
        until_on=form.cleaned_data["until"],
        by=actor(request),
        at=now(),
    )


def _same_in_force(request: CompanyRequest, form: HoldForm, customer: int, item: int | None) -> bool:
    """A form sent twice places one hold."""
    wanted: Money | None = form.cleaned_data.get("amount")
    asked = (item, wanted.minor if wanted else None, form.cleaned_data["reason"], form.cleaned_data["until"])
    standing = queries.holds_in_force(on=day_of(request), customer=customer, item=item)
    return any((row.item, row.amount_minor, row.reason, row.until_on) == asked for row in standing)


def _extended(request: CompanyRequest, hold: Hold, until: date | None, then: str) -> HttpResponse:
    if until == hold.until_on:
        return refused(request, _("That is the end it has already."), then=then)
    try:
        actions.extend_hold(
            company=request.company.id,
            hold=hold.id,
            until_on=until,
            on=day_of(request),
            by=actor(request),
            at=now(),
        )
    except HoldAlreadyReleased:
        return refused(request, _("That hold was released before. Nothing was changed."), then=then)
    return done(request, _("The hold has its new end."), then=then)


def _chosen(request: CompanyRequest) -> list[ItemRow]:
    """The chosen debits that are open; one that is not visible answers 404 for all."""
    rows = [_row(request, item) for item in ids(request.POST.getlist("chosen")[:MOST_AT_ONCE])]
    return [row for row in rows if row.open_minor > 0]


def _row(request: CompanyRequest, item: int) -> ItemRow:
    row = queries.item_row(item=item, on=day_of(request), scope=scope_of(request))
    if row is None:
        raise Http404
    return row


def _sums(rows: Sequence[ItemRow]) -> list[str]:
    currencies = sorted({row.currency for row in rows})
    return [
        sum_text(sum(row.open_minor for row in rows if row.currency == currency), currency)
        for currency in currencies
    ]


def _home_of(hold: Hold) -> str:
    if hold.item_id is not None:
        return reverse("receivables:item", args=[hold.item_id])
    return reverse("receivables:customer", args=[hold.customer_id])
