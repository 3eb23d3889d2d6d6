"""Claims of a customer or an item as a panel, put on the account so that money can be put against them, and taken off again."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debitora.dunning.actions import put_claims_on_account
from debitora.dunning.pages.answers import day_of, done, refused, scope_of
from debitora.kit.narrowing import ids
from debitora.kit.runtime import now
from debitora.people.gates import actor, page
from debitora.people.rules import may
from debitora.receivables import gates as ledger_gates
from debitora.receivables.actions import ChargePaid, NothingOpen, take_off_account
from debitora.receivables.actions.claims import ClaimUnknown, ReversedBefore
from debitora.receivables.queries.claims import ClaimFilters, claims_page, on_account
from debitora.values.money import Money

KINDS: Final = {
    "fee": gettext_lazy("Fee of a notice"),
    "interest": gettext_lazy("Default interest"),
    "lump_sum": gettext_lazy("Lump sum for late payment"),
}
MOST = 100
"""So many claims a panel shows; the list of claims has them all."""


@page("items.view")
def customer_claims(request: Any, customer: int) -> HttpResponse:
    """What is claimed of a customer beside her items, and what of it stands on the account."""
    ledger_gates.customer(scope=scope_of(request), customer=customer)
    return _panel(request, customer, None)


@page("items.view")
def item_claims(request: Any, item: int) -> HttpResponse:
    """What is claimed with an item."""
    found = ledger_gates.item(scope=scope_of(request), item=item)
    return _panel(request, found.customer_id, item)


@page("items.allocate", methods=("POST",))
def claims_booked(request: Any, customer: int) -> HttpResponse:
    """Put the chosen claims on the account, due today."""
    ledger_gates.customer(scope=scope_of(request), customer=customer)
    there = reverse("receivables:customer", args=[customer])
    try:
        entries = put_claims_on_account(
            company=request.company.id,
            customer=customer,
            claims=ids(request.POST.getlist("claim"))[:MOST],
            on=day_of(request),
            by=actor(request),
            at=now(),
        )
    except NothingOpen:
        return refused(request, _("Nothing is open of these claims any more."), then=there)
    return done(
        request,
        _("The claims stand on the account: payments can be put against them."),
        then=there,
        undo=reverse("dunning:claims_unbooked", args=[customer]),
        sent={"entry": [entry.id for entry in entries]},
    )


@page("items.allocate", methods=("POST",))
def claims_unbooked(request: Any, customer: int) -> HttpResponse:
    """Take claims off the account again, of which nothing was paid."""
    ledger_gates.customer(scope=scope_of(request), customer=customer)
    there = reverse("receivables:customer", args=[customer])
    known = {one.entry for one in on_account(customer=customer)}
    taken, kept = 0, 0
    for entry in ids(request.POST.getlist("entry"))[:MOST]:
        try:
            if entry in known:
                take_off_account(
                    company=request.company.id, entry=entry, on=day_of(request), by=actor(request), at=now()
                )
                taken += 1
        except ChargePaid:
            kept += 1
        except (ClaimUnknown, ReversedBefore):
            continue
    if kept:
        text = _("Something was paid on it already: take that payment back first.")
        return refused(request, text, then=there)
    if not taken:
        return refused(request, _("These claims do not stand on the account any more."), then=there)
    return done(request, _("The claims stand beside the account again."), then=there)


def _panel(request: Any, customer: int, item: int | None) -> HttpResponse:
    scope, words = scope_of(request), KINDS
    found = claims_page(
        filters=ClaimFilters(customer=customer, item=item), sort="kind", size=MOST, scope=scope
    )
    rows = [
        (row, words[row.kind], Money(row.accrued_minor, row.currency), Money(row.open_minor, row.currency))
        for row in found.rows
    ]
    booked = [
        (one, words[one.kind], Money(one.minor, one.currency), Money(one.open_minor, one.currency))
        for one in on_account(customer=customer, item=item)
    ]
    sums: dict[str, int] = {}
    for row in found.rows:
        sums[row.currency] = sums.get(row.currency, 0) + row.open_minor
    context = {
        "customer": customer,
        "of_item": item is not None,
        "rows": rows,
        "booked": booked,
        "sums": [Money(minor, currency) for currency, minor in sorted(sums.items())],
        "may_book": may(request.role, "items.allocate"),
        "may_waive": may(request.role, "claims.waive"),
    }
    return render(request, "dunning/_claims.html", context)
