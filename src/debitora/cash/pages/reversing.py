"""A booking taken back, with a look at what that opens again; and the last decision undone."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.cash import gates
from debitora.cash.actions import AlreadyTakenBack, BookingUnknown, take_back
from debitora.cash.forms.booking import ReversalForm
from debitora.cash.models import Booking
from debitora.cash.pages.answers import refused
from debitora.cash.pages.entry import shown
from debitora.cash.pages.layers import decided, from_list, layered, moved_on, reopened
from debitora.cash.queries.bookings import bookings_of
from debitora.kit.narrowing import ids
from debitora.kit.runtime import now
from debitora.people.gates import CompanyRequest, actor, page
from debitora.receivables.actions import MovedSince

MOST_AT_ONCE = 20


@page("payments.book", methods=("GET", "POST"))
def reversal(request: CompanyRequest, booking: int) -> HttpResponse:
    """What taking it back would open again, and with a reason, do it."""
    found = gates.booking(booking=booking)
    every = bookings_of(bank_entry=found.entry_id, currency=found.entry.account.currency)
    row = next(one for one in every if one.id == found.id)
    if row.taken_back or row.reverses:
        return _late(request, found)
    form = ReversalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _taken_back(request, found, form.cleaned_data["reason"])
    context = {
        "title": _("Take the booking back"),
        "address": reverse("cash:reversal", args=[booking]),
        "back": reverse("cash:entry", args=[found.entry_id]),
        "row": row,
        "form": form,
    }
    return layered(request, "cash/reversal.html", context, status=422 if form.errors else 200)


@page("payments.book", methods=("POST",))
def undo(request: CompanyRequest) -> HttpResponse:
    """Take back what was just decided: the way back from a toast."""
    wanted = ids(request.POST.getlist("booking"))[:MOST_AT_ONCE]
    found = [gates.booking(booking=booking) for booking in wanted]
    if not found:
        return refused(request, _("There is nothing to undo."), then=reverse("cash:review"))
    if not _undone(request, found):
        return _late(request, found[0])
    entry = found[0].entry_id
    if from_list(request):
        return reopened(request, shown(request, gates.bank_entry(bank_entry=entry)), entry=entry)
    return decided(request, _("That is undone. The line is open again."), entry=entry, still_open=True)


def _undone(request: CompanyRequest, found: Sequence[Booking]) -> int:
    """How many of the bookings were taken back, the last first; a second press finds none."""
    count = 0
    for booking in sorted(found, key=lambda booking: -booking.id):
        try:
            take_back(
                company=request.company.id,
                booking=booking.id,
                reason=_("Undone at once"),
                by=actor(request),
                at=now(),
            )
        except (AlreadyTakenBack, BookingUnknown, MovedSince):
            continue
        count += 1
    return count


def _taken_back(request: CompanyRequest, found: Booking, reason: str) -> HttpResponse:
    try:
        take_back(company=request.company.id, booking=found.id, reason=reason, by=actor(request), at=now())
    except (AlreadyTakenBack, BookingUnknown):
        return _late(request, found)
    except MovedSince:
        text = _("Money of this payment went out again since. Take that back first.")
        return moved_on(request, text, entry=found.entry_id)
    text = _("The booking is taken back. The line and its items are open again.")
    return decided(request, text, entry=found.entry_id, still_open=True)


def _late(request: CompanyRequest, found: Booking) -> HttpResponse:
    text = _("That booking was taken back before. Nothing was changed.")
    return moved_on(request, text, entry=found.entry_id)
