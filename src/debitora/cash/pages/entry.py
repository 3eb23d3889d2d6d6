"""One bank line: what the bank said, what it may be, what became of it, and the decisions that one key takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.cash import gates
from debitora.cash.actions import EntryMovedOn, Share, book, ignore
from debitora.cash.forms.booking import IgnoringForm
from debitora.cash.models import BankEntry, Booking, EntryWords
from debitora.cash.pages.layers import decided, layered, moved_on
from debitora.cash.queries.bookings import bookings_of, is_final, statements_telling, still_open
from debitora.cash.queries.proposals import ProposalRow, customers_by_id, proposals_of
from debitora.cash.queries.searching import NoSum, no_sum
from debitora.cash.queries.statements import statement_row
from debitora.cash.rules.conversion import Conversion
from debitora.kit.runtime import now
from debitora.kit.ways import whole_number
from debitora.people.gates import CompanyRequest, actor, page
from debitora.values.money import Money

MOST_PROPOSALS = 5
UNEXPLAINED = frozenset({"advance", "by_law", "named_part", "named_over"})
"""Kinds of proposals that take an amount as it comes."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A proposal and the key that takes it. difference: what it would leave of the line, in the items' currency.

    conversion: where that is not the account's.
    """

    key: str
    row: ProposalRow
    difference: Money
    conversion: Conversion | None

    @property
    def fee(self) -> Money:
        """What went out beyond the payment that it takes back."""
        return Money(
            max(-self.difference.minor, 0) if self.row.allocated_minor < 0 else 0, self.difference.currency
        )


@page("statements.view")
def entry(request: CompanyRequest, bank_entry: int) -> HttpResponse:
    """The line, with its proposals as long as something of it is open."""
    return shown(request, gates.bank_entry(bank_entry=bank_entry))


@page("payments.book", methods=("POST",))
def on_account(request: CompanyRequest, bank_entry: int) -> HttpResponse:
    """Put all that is open of the line on account of a customer."""
    found = gates.bank_entry(bank_entry=bank_entry)
    wanted = whole_number(request.POST.get("customer", "")) or 0
    customer = customers_by_id([wanted]).get(wanted)
    if customer is None or found.state.open_minor <= 0:
        return gone(request, found)
    share = Share(customer=customer.id, minor=found.state.open_minor)
    try:
        made = book(company=request.company.id, entry=found.id, shares=[share], by=actor(request), at=now())
    except EntryMovedOn:
        return gone(request, found)
    text = _("The payment is on account of %(name)s.") % {"name": customer.name}
    return booked(request, made, text)


@page("payments.book", methods=("POST",))
def ignoring(request: CompanyRequest, bank_entry: int) -> HttpResponse:
    """Say that the line is none of ours, and why."""
    found = gates.bank_entry(bank_entry=bank_entry)
    form = IgnoringForm(request.POST)
    if not form.is_valid():
        return shown(request, found, ignoring=form)
    told = form.cleaned_data
    try:
        made = ignore(
            company=request.company.id,
            entry=found.id,
            ignored_for=told["ignored_for"],
            note=told["note"],
            by=actor(request),
            at=now(),
        )
    except EntryMovedOn:
        return gone(request, found)
    return booked(request, [made], _("The line is ignored."))


def shown(request: CompanyRequest, found: BankEntry, *, ignoring: IgnoringForm | None = None) -> HttpResponse:
    """The line as a page or in the panel."""
    currency = found.account.currency
    offers = _offers(found)
    context = {
        "title": title_of(found),
        "address": reverse("cash:entry", args=[found.id]),
        "entry": found,
        "words": words_of(found),
        "currency": currency,
        "amount": Money(found.minor, currency),
        "open": Money(found.state.open_minor, currency),
        "offers": offers,
        "final": is_final(bank_entry=found.id),
        "best_customer": next((one.row.customer for one in offers if one.row.customer), None),
        "no_sum": _no_sum(found, offers),
        "bookings": bookings_of(bank_entry=found.id, currency=currency),
        "statements": [statement_row(one) for one in statements_telling(bank_entry=found.id)],
        "ignoring": ignoring or IgnoringForm(),
        "ignoring_wrong": ignoring is not None,
    }
    return layered(request, "cash/entry.html", context, status=422 if ignoring else 200)


def booked(request: CompanyRequest, made: Sequence[Booking], text: str) -> HttpResponse:
    """The answer after bookings of one line were made."""
    entry = made[0].entry_id
    left = still_open(bank_entry=entry)
    return decided(request, text, entry=entry, still_open=left, bookings=[one.id for one in made])


def title_of(found: BankEntry) -> str:
    """What a line is called: who paid, or to whom."""
    words = words_of(found)
    return (words.name if words else "") or _("Bank line")


def words_of(found: BankEntry) -> EntryWords | None:
    """What the bank said; None once that was erased."""
    return getattr(found, "words", None)


def _no_sum(found: BankEntry, offers: Sequence[Offer]) -> NoSum | None:
    """Where the surest proposal leaves the amount itself unexplained: that no sum of her items comes to it."""
    if not offers or offers[0].row.kind not in UNEXPLAINED or offers[0].row.customer is None:
        return None
    return no_sum(
        customer=offers[0].row.customer, money=Money(found.state.open_minor, found.account.currency)
    )


def _offers(found: BankEntry) -> list[Offer]:
    if not found.state.open_minor:
        return []
    rows = proposals_of(entries=[found.id], most=MOST_PROPOSALS).get(found.id, [])
    return [_offer(row, Money(found.state.open_minor, found.account.currency)) for row in rows]


def _offer(row: ProposalRow, left: Money) -> Offer:
    worth = row.worth or left
    conversion = Conversion(left, row.worth, "bank") if row.worth else None
    return Offer(str(row.rank), row, worth - Money(row.allocated_minor, worth.currency), conversion)


def gone(request: CompanyRequest, found: BankEntry) -> HttpResponse:
    """The answer to a decision about what is not so any more."""
    text = _("The line has moved on meanwhile. Look at it once more; nothing was booked.")
    return moved_on(request, text, entry=found.id)
