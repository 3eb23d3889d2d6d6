"""The difference report: items on which the list, the ledger and the bank do not agree, and the same list as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debitora.cash.queries.differences import (
    DIFFERENCE_SORTS,
    KINDS,
    DifferenceFilters,
    DifferenceRow,
    DifferenceSum,
    difference_sums,
    differences_page,
    told_since,
)
from debitora.cash.templatetags.differences import ADVICE, WORDS, difference_word
from debitora.formats.sheets import Value
from debitora.kit import exports
from debitora.kit.narrowing import Chip, changed, chip, choices, one_of, paging, text_of
from debitora.kit.runtime import today
from debitora.people.gates import CompanyRequest, fetched, page
from debitora.people.rules import may
from debitora.receivables.queries import CursorUnreadable, Page
from debitora.values.money import Money

SIZE = 50
WAITS: Final = {"7": gettext_lazy("7 days or longer"), "30": gettext_lazy("30 days or longer")}
NARROWING: Final = ("kind", "currency", "waits", "text")


@dataclass(frozen=True, slots=True)
class Tile:
    """How many differences there are of a kind, what they come to in each currency, and the address that shows them alone."""

    word: str
    items: int
    sums: tuple[DifferenceSum, ...]
    address: str
    active: bool


@page("statements.view")
def differences(request: CompanyRequest) -> HttpResponse:
    """Differences of today, as the address narrows and sorts them."""
    query, on = request.GET, today(request.company.time_zone)
    filters = _filters(query)
    shown, sort = _shown(query, filters, on)
    every = difference_sums(
        filters=DifferenceFilters("", filters.currency, filters.waits, filters.text), on=on
    )
    sums = [one for one in every if filters.kind in ("", one.kind)]
    currencies = sorted({one.currency for one in every})
    context = {
        "rows": shown.rows,
        "count": sum(one.items for one in sums),
        "tiles": list(_tiles(query, filters.kind, every)),
        "currency": currencies[0] if len(currencies) == 1 else "",
        "advice": ADVICE.get(filters.kind, ""),
        **paging(query, shown.next),
        "sort": sort,
        "chips": list(_chips(query, filters)),
        "menus": [
            (_("Kind"), choices(query, "kind", WORDS, now=filters.kind)),
            (_("Waiting time"), choices(query, "waits", WAITS, now=query.get("waits", ""))),
            *_currency_menu(query, filters.currency, currencies),
        ],
        "text": filters.text,
        "carried": [(name, query[name]) for name in ("kind", "currency", "waits", "sort") if query.get(name)],
        "narrowed": any(query.get(name) for name in NARROWING),
        "told_since": told_since(),
        "may_take": may(request.role, "statements.take"),
    }
    return render(request, "cash/differences.html", context)


@page("statements.view")
@fetched
def differences_export(request: CompanyRequest, kind: str) -> HttpResponseBase:
    """All differences of the view as CSV or XLSX."""
    if kind not in exports.KINDS:
        raise Http404
    on = today(request.company.time_zone)
    filters, sort = _filters(request.GET), _sort(request.GET)
    lines = exports.pages_of(
        lambda after, size: differences_page(filters=filters, on=on, sort=sort, after=after, size=size),
        _line,
        company=request.company.id,
    )
    return exports.as_file(kind, f"differences-{on}", _headers(), lines)


def _shown(query: QueryDict, filters: DifferenceFilters, on: date) -> tuple[Page[DifferenceRow], str]:
    """The page asked for and its sort; an old or foreign place shows the first page."""
    sort = _sort(query)
    try:
        return differences_page(filters=filters, on=on, sort=sort, after=query.get("after"), size=SIZE), sort
    except CursorUnreadable:
        return differences_page(filters=filters, on=on, sort=sort, size=SIZE), sort


def _sort(query: QueryDict) -> str:
    sort = query.get("sort", "since")
    return sort if sort.removeprefix("-") in DIFFERENCE_SORTS else "since"


def _filters(query: QueryDict) -> DifferenceFilters:
    waits, currency = one_of(query, "waits", WAITS), text_of(query, "currency")
    return DifferenceFilters(
        kind=one_of(query, "kind", KINDS),
        currency=currency if len(currency) == 3 else "",
        waits=int(waits) if waits else None,
        text=text_of(query, "text"),
    )


def _tiles(query: QueryDict, now: str, every: Sequence[DifferenceSum]) -> Iterator[Tile]:
    for kind in KINDS:
        sums = tuple(one for one in every if one.kind == kind)
        items = sum(one.items for one in sums)
        address = changed(query, kind=None if kind == now else kind)
        yield Tile(difference_word(kind), items, sums, address, kind == now)


def _currency_menu(query: QueryDict, now: str, currencies: Sequence[str]) -> Iterator[tuple[str, object]]:
    if len(currencies) > 1:
        yield _("Currency"), choices(query, "currency", {one: one for one in currencies}, now=now)


def _chips(query: QueryDict, filters: DifferenceFilters) -> Iterator[Chip]:
    for name, label, value in (
        ("kind", _("Kind"), WORDS.get(filters.kind, "")),
        ("waits", _("Waiting time"), WAITS.get(str(filters.waits), "")),
        ("currency", _("Currency"), filters.currency),
    ):
        if value:
            yield chip(query, name, label, value)


def _headers() -> list[str]:
    return [
        _("Since"),
        _("Kind"),
        _("Number"),
        _("Customer"),
        _("Customer name"),
        _("Currency"),
        _("List"),
        _("Ledger"),
        _("Bank"),
        _("Difference"),
    ]


def _line(row: DifferenceRow) -> Sequence[Value]:
    return [
        row.since,
        difference_word(row.kind),
        row.number,
        row.customer_number,
        row.customer_name,
        row.currency,
        _decimal(row.listed),
        row.open.decimal,
        row.bank.decimal,
        row.difference.decimal,
    ]


def _decimal(money: Money | None) -> Value:
    return None if money is None else money.decimal
