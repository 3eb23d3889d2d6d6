"""The list of customers, and the list as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from debitora.engine.aging import Bands
from debitora.kit import exports
from debitora.kit.columns import for_file, table
from debitora.kit.narrowing import (
    Chip,
    Menu,
    carried,
    chip,
    choices,
    paging,
)
from debitora.kit.ways import elsewhere
from debitora.people.gates import CompanyRequest, fetched, page
from debitora.people.queries import salespeople
from debitora.people.rules import may, sees_only_own_customers
from debitora.receivables import queries
from debitora.receivables.forms import words
from debitora.receivables.forms.words import sum_text
from debitora.receivables.pages.customer_columns import SHOWN, WRITTEN, customer_columns
from debitora.receivables.pages.layers import day_of, rights, scope_of
from debitora.receivables.queries import CursorUnreadable, CustomerFilters, CustomerRow, Page
from debitora.receivables.queries.customer_query import customer_filters
from debitora.receivables.rules.items import ItemFilters, State
from debitora.values.money import is_currency

SIZE = 50


@page("customers.view")
def customers(request: CompanyRequest) -> HttpResponse:
    """Customers as the address narrows and sorts them, with balance and overdue in one currency."""
    filters, currency = customer_filters(request.GET), _currency(request)
    aging = queries.aging(on=day_of(request), scope=scope_of(request))
    people = {} if sees_only_own_customers(request.role) else salespeople(company=request.company)
    shown, sort = _shown(request, filters, currency)
    columns = customer_columns(currency=currency, people=people, named=bool(people))
    context = {
        "rows": shown.rows,
        **table(request.GET, columns, SHOWN, shown.rows, key=lambda row: row.customer),
        **paging(request.GET, shown.next),
        "sort": sort,
        "currency": currency,
        "sums": _sums(request, aging),
        "chips": list(_chips(request, filters, people)),
        "menus": _menus(request, filters, people, [*aging], currency),
        "text": filters.text,
        "carried": carried(request.GET, but=["text"]),
        "view_list": "customers",
        "query": request.GET.urlencode(),
        "may_import": may(request.role, "imports.run"),
        "upload_url": elsewhere("exchange:upload"),
        "write_url": elsewhere("messaging:new_segment") if may(request.role, "segments.write") else "",
    }
    return render(request, "receivables/customers.html", {**rights(request), **context})


@page("customers.view")
@fetched
def customers_export(request: CompanyRequest, kind: str) -> HttpResponseBase:
    """All customers of the view as CSV or XLSX."""
    if kind not in exports.KINDS:
        raise Http404
    filters, currency, sort = customer_filters(request.GET), _currency(request), _sort(request)
    on, scope = day_of(request), scope_of(request)
    people = salespeople(company=request.company)

    def ask(after: str | None, size: int) -> Page[CustomerRow]:
        return queries.customers_page(
            filters=filters, on=on, currency=currency, sort=sort, after=after, size=size, scope=scope
        )

    columns = for_file(request.GET, customer_columns(currency=currency, people=people), WRITTEN)
    lines = exports.pages_of(
        ask, lambda row: [column.value(row) for column in columns], company=request.company.id
    )
    headers = [column.label for column in columns]
    return exports.as_file(kind, f"customers-{on.isoformat()}", headers, lines)


def _shown(request: CompanyRequest, filters: CustomerFilters, currency: str) -> tuple[Page[CustomerRow], str]:
    sort, after = _sort(request), request.GET.get("after")
    wanted: dict[str, Any] = {
        "filters": filters,
        "on": day_of(request),
        "currency": currency,
        "sort": sort,
        "size": SIZE,
        "scope": scope_of(request),
    }
    try:
        return queries.customers_page(**wanted, after=after), sort
    except CursorUnreadable:
        return queries.customers_page(**wanted), sort


def _currency(request: CompanyRequest) -> str:
    asked = request.GET.get("currency", "")
    return asked if is_currency(asked) else str(request.company.currency)


def _sort(request: CompanyRequest) -> str:
    sort = str(request.GET.get("sort", "-overdue"))
    return sort if sort.removeprefix("-") in queries.CUSTOMER_SORTS else "-overdue"


def _yes_and_no() -> dict[str, tuple[str, str, str]]:
    """Filters that say yes or no: parameter -> label, word for yes, word for no."""
    return {
        "overdue": (_("Overdue"), _("something overdue"), _("nothing overdue")),
        "reachable": (_("E-mail"), _("has an e-mail address"), _("without e-mail address")),
        "held": (_("Hold"), _("held"), _("not held")),
        "parked": (_("Parked"), _("parked"), _("not parked")),
    }


def _chips(request: CompanyRequest, filters: CustomerFilters, people: dict[int, str]) -> Iterator[Chip]:
    query = request.GET
    if filters.text:
        yield chip(query, "text", _("Search"), filters.text)
    if filters.kind:
        yield chip(query, "kind", _("Kind"), words.CUSTOMER_KINDS[filters.kind])
    if filters.salesperson is not None:
        name = people.get(filters.salesperson, _("unknown"))
        yield chip(query, "salesperson", _("Salesperson"), name)
    for parameter, (label, yes, no) in _yes_and_no().items():
        answer = getattr(filters, parameter)
        if answer is not None:
            yield chip(query, parameter, label, yes if answer else no)


def _menus(
    request: CompanyRequest,
    filters: CustomerFilters,
    people: dict[int, str],
    currencies: list[str],
    currency: str,
) -> list[Menu]:
    query, menus = request.GET, []
    for parameter, (label, yes, no) in _yes_and_no().items():
        if getattr(filters, parameter) is None:
            menus.append(Menu(label, choices(query, parameter, {"yes": yes, "no": no})))
    if not filters.kind:
        menus.append(Menu(_("Kind"), choices(query, "kind", words.CUSTOMER_KINDS)))
    if people and filters.salesperson is None:
        by_id = {str(key): name for key, name in people.items()}
        menus.append(Menu(_("Salesperson"), choices(query, "salesperson", by_id)))
    if len(currencies) > 1:
        told = {one: one for one in currencies}
        menus.append(
            Menu(_("Sums in %(currency)s") % {"currency": currency}, choices(query, "currency", told))
        )
    return menus


def _sums(request: CompanyRequest, aging: dict[str, Bands]) -> list[str]:
    """Of all visible customers, per currency. Overdue are debits alone; credits lower the balance only."""
    late = queries.items_sums(
        filters=ItemFilters(state=State.OVERDUE), on=day_of(request), scope=scope_of(request)
    )
    overdue = {found.currency: found.open_minor for found in late}
    return [
        _("%(total)s open, %(overdue)s overdue")
        % {"total": sum_text(bands.total, one), "overdue": sum_text(overdue.get(one, 0), one)}
        for one, bands in aging.items()
    ]
