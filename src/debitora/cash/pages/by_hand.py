"""A line booked by hand: find the customer, choose her items, look at what it leaves, book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.cash import gates
from debitora.cash.actions import EntryMovedOn, MoreThanIsOpen, book
from debitora.cash.forms.booking import ByHandForm
from debitora.cash.models import BankEntry
from debitora.cash.pages.entry import booked, title_of, words_of
from debitora.cash.pages.layers import layered, moved_on
from debitora.cash.queries.policies import policy_of
from debitora.cash.queries.proposals import Named, customers_by_id
from debitora.cash.rules.conversion import Conversion
from debitora.cash.rules.sharing import Shared
from debitora.kit.narrowing import ids, one_of, text_of
from debitora.kit.runtime import now, today
from debitora.people.gates import CompanyRequest, actor, page
from debitora.people.rules import may
from debitora.receivables import queries as items
from debitora.receivables.queries import CustomerFilters, CustomerRow, FoundItems, ItemRow
from debitora.receivables.queries.claims import ClaimFilters, claims_open
from debitora.values.money import Money

MOST_FOUND = 6
MOST_CUSTOMERS = 10
"""So many customers one line can be split over."""


@dataclass(frozen=True, slots=True)
class Group:
    """A customer of the form with her open items."""

    customer: Named
    offered: Sequence[Any]
    without: str
    claims: Money | None
    """What notices claimed of her beside the items, in the currency; None: nothing."""
    claims_url: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Customers by id, the currency of the items that the line shall pay, those there are, and the open items in it."""

    customers: Mapping[int, Named]
    currency: str
    currencies: Sequence[str]
    rows: Sequence[ItemRow]


@page("payments.book", methods=("GET", "POST"))
def by_hand(request: CompanyRequest, bank_entry: int) -> HttpResponse:
    """Search and choose by GET; look at the result and book it by POST."""
    found = gates.bank_entry(bank_entry=bank_entry)
    if found.state.open_minor <= 0:
        return moved_on(request, _("Nothing of this line is open any more."), entry=found.id)
    asked = request.POST if request.method == "POST" else request.GET
    choice = _choice(request, found, asked)
    form = _form(request, found, choice)
    if request.method == "POST" and form.is_valid() and form.shared and _is_confirmed(request, form):
        return _booked(request, found, form.shared, form.cleaned_data["note"])
    return _shown(request, found, choice, form)


def _is_confirmed(request: CompanyRequest, form: ByHandForm) -> bool:
    """Whether the person has seen just this."""
    told = form.cleaned_data["previewed"]
    return "confirmed" in request.POST and form.shared is not None and told == seen(form.shared)


def _customers(asked: QueryDict) -> dict[int, Named]:
    """Whom the form is about, as far as they are the company's."""
    wanted = ids(asked.getlist("customer"))[:MOST_CUSTOMERS]
    named = customers_by_id(wanted)
    return {customer: named[customer] for customer in wanted if customer in named}


def _choice(request: CompanyRequest, found: BankEntry, asked: QueryDict) -> Choice:
    """Whom and which currency the form is about; beside the account's, those in which the customers have open items."""
    customers = _customers(asked)
    on, own = today(request.company.time_zone), found.account.currency
    rows = [row for customer in customers for row in items.items_of_customer(customer=customer, on=on)]
    currencies = sorted({own, *(row.currency for row in rows)}, key=lambda one: (one != own, one))
    currency = one_of(asked, "in", currencies) or own
    return Choice(customers, currency, currencies, [row for row in rows if row.currency == currency])


def _form(request: CompanyRequest, found: BankEntry, choice: Choice) -> ByHandForm:
    data = request.POST if request.method == "POST" else None
    policy = policy_of(request.company.id)
    return ByHandForm(
        data,
        left=Money(found.state.open_minor, found.account.currency),
        currency=choice.currency,
        told=_paid_as(found),
        offered=choice.rows,
        customers={key: one.name for key, one in choice.customers.items()},
        write_off_limit=None if _may_approve(request) else policy.write_off_minor,
        discount_bp=policy.discount_bp,
        initial={"rest": next(iter(choice.customers), ""), "short": "part"},
    )


def _paid_as(found: BankEntry) -> Money | None:
    """What the whole line was paid as, as the bank says; None where it does not, or where only a part is open."""
    if found.original_minor <= 0 or found.state.open_minor != found.minor:
        return None
    return Money(found.original_minor, found.original_currency)


def _may_approve(request: CompanyRequest) -> bool:
    return may(request.role, "settings.edit")


def _shown(request: CompanyRequest, found: BankEntry, choice: Choice, form: ByHandForm) -> HttpResponse:
    text = text_of(request.GET, "text")
    shared = form.shared if form.is_bound and form.is_valid() else None
    policy = policy_of(request.company.id)
    context = {
        "title": _("Book by hand"),
        "address": reverse("cash:by_hand", args=[found.id]),
        "entry": found,
        "line": title_of(found),
        "words": words_of(found),
        "currency": choice.currency,
        "currencies": [
            (one, _address(list(choice.customers), one), one == choice.currency) for one in choice.currencies
        ],
        "open": form.left,
        "text": text,
        **_search(request, text, choice),
        "groups": _groups(choice, form),
        "conversion": _conversion(form.left, shared) if shared else None,
        "form": form,
        "shared": shared,
        "seen": seen(shared) if shared else "",
        "outdated": bool(shared and "confirmed" in request.POST),
        "write_off_minor": policy.write_off_minor,
        "discount_bp": policy.discount_bp,
    }
    return layered(request, "cash/by_hand.html", context, status=422 if form.errors else 200)


def _conversion(left: Money, shared: Shared) -> Conversion | None:
    """What the whole line counts as."""
    all_of_it = [share.exchanged for share in shared.shares if share.exchanged]
    if not all_of_it:
        return None
    worth = Money(sum(one.minor for one in all_of_it), all_of_it[0].currency)
    return Conversion(left, worth, all_of_it[0].source)


def _search(request: CompanyRequest, text: str, choice: Choice) -> dict[str, Any]:
    """Customers and items that the text may mean."""
    on, currency, chosen = today(request.company.time_zone), request.company.currency, choice.customers
    if not text:
        return {"found_customers": (), "found_items": ()}
    customers: Sequence[CustomerRow] = items.customers_page(
        filters=CustomerFilters(text=text), on=on, currency=currency, size=MOST_FOUND
    ).rows
    found: FoundItems = items.items_found(text=text, on=on, size=MOST_FOUND)
    open_items: dict[int, ItemRow] = {
        row.item: row for row in (*found.numbers, *found.amounts) if row.open_minor
    }
    return {
        "found_customers": [
            (row, _address([*chosen, row.customer], choice.currency))
            for row in customers
            if row.customer not in chosen
        ],
        "found_items": [
            (row, _address([*chosen, row.customer], row.currency))
            for row in list(open_items.values())[:MOST_FOUND]
        ],
    }


def _claimed(customer: int, currency: str) -> Money | None:
    sums = {code: minor for code, _count, minor in claims_open(filters=ClaimFilters(customer=customer))}
    return Money(sums[currency], currency) if currency in sums else None


def _groups(choice: Choice, form: ByHandForm) -> list[Group]:
    customers = choice.customers
    offered = form.offered()
    return [
        Group(
            one,
            [each for each in offered if each.row.customer == key],
            _address([other for other in customers if other != key], choice.currency),
            _claimed(key, choice.currency),
            reverse("receivables:customer", args=[key]),
        )
        for key, one in customers.items()
    ]


def _address(customers: Sequence[int], currency: str) -> str:
    """This page about these customers and their items in a currency."""
    query = QueryDict(mutable=True)
    query["in"] = currency
    query.setlist("customer", [str(customer) for customer in dict.fromkeys(customers)])
    return f"?{query.urlencode()}"


def seen(shared: Shared) -> str:
    """What a confirmation must repeat: it books only what was seen."""
    return sha256(repr(shared.shares).encode()).hexdigest()


def _booked(request: CompanyRequest, found: BankEntry, shared: Shared, note: str) -> HttpResponse:
    try:
        made = book(
            company=request.company.id,
            entry=found.id,
            shares=shared.shares,
            by=actor(request),
            at=now(),
            note=note,
            approved=_may_approve(request),
        )
    except (EntryMovedOn, MoreThanIsOpen):
        text = _("Less is open meanwhile. Look at it and decide again.")
        return moved_on(request, text, entry=found.id)
    return booked(request, made, _("The line is booked."))
