"""The list of items, the item itself in the side panel or as a page, and the list as a file."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.kit import exports
from debitora.kit.columns import for_file, table
from debitora.kit.narrowing import carried, paging
from debitora.kit.ways import elsewhere
from debitora.people.gates import CompanyRequest, fetched, page
from debitora.people.rules import may
from debitora.receivables import gates, queries
from debitora.receivables.forms import words
from debitora.receivables.forms.words import said, sum_text
from debitora.receivables.pages import item_filters, told
from debitora.receivables.pages.cells import picking
from debitora.receivables.pages.item_columns import MONEY, SHOWN, WRITTEN, item_columns
from debitora.receivables.pages.layers import day_of, layered, rights, scope_of, seen_again
from debitora.receivables.queries import CursorUnreadable, ItemRow, Page
from debitora.receivables.queries.contacts import contacts_of_items
from debitora.receivables.queries.documents import documents_of
from debitora.receivables.rules.items import ItemFilters

SIZE = 50


@page("items.view")
def items(request: CompanyRequest) -> HttpResponse:
    """Items as the address narrows and sorts them, a page of 50 at a time, with the sums of all that are found."""
    filters, on, scope = item_filters.filters_of(request.GET), day_of(request), scope_of(request)
    names = item_filters.names_of(request, filters)
    tally = queries.items_tally(filters=filters, on=on, scope=scope)
    shown, sort = _shown(request, filters)
    currencies = list(tally.currencies)
    columns = item_columns(currency=currencies[0] if len(currencies) == 1 else "")
    allowed = rights(request)
    before = picking if allowed["may_hold"] else None
    context = {
        "rows": shown.rows,
        **table(request.GET, columns, SHOWN, shown.rows, key=lambda row: row.item, before=before),
        **paging(request.GET, shown.next),
        "sort": sort,
        "count": queries.MOST_COUNTED if tally.more else sum(found.items for found in tally.sums),
        "more_than": tally.more,
        "sums": [sum_text(found.open_minor, found.currency) for found in tally.sums],
        "tabs": item_filters.tabs(request.GET, filters),
        "chips": item_filters.chips(request.GET, filters, names),
        "menus": item_filters.menus(request.GET, filters, names, currencies),
        "text": filters.text,
        "carried": carried(request.GET, but=["text"]),
        "may_import": may(request.role, "imports.run"),
        "upload_url": elsewhere("exchange:upload"),
        "limitation_url": elsewhere("dunning:limitation"),
        "clarify_url": elsewhere("disputes:open_items") if may(request.role, "cases.clarify") else "",
        "may_keep": may(request.role, "documents.keep"),
        "view_list": "items",
        "query": request.GET.urlencode(),
    }
    return render(request, "receivables/items.html", {**allowed, **context})


@page("items.view")
def item(request: CompanyRequest, item: int) -> HttpResponse:
    """One item with every row it follows from."""
    gates.item(scope=scope_of(request), item=item)
    facts = queries.item_facts(item=item, on=day_of(request))
    if facts is None:
        raise Http404
    row = facts.row
    context = {
        "title": row.number,
        "address": reverse("receivables:item", args=[item]),
        "row": row,
        "facts": facts,
        "kind": said(words.ITEM_KINDS, row.kind),
        "documents": documents_of(items=[item]).get(item, []),
        "may_keep": may(request.role, "documents.keep"),
        "holds": told.holds(facts.holds, on=day_of(request)),
        "entries": told.entries(facts.entries, currency=row.currency),
        "allocations": told.allocations(facts.allocations, currency=row.currency),
        "contact": contacts_of_items(items=[item]).get(item),
        "why_url": elsewhere("dunning:why", item),
        "interest_url": elsewhere("dunning:item_interest", item),
        "cases_url": elsewhere("disputes:item_cases", item),
        "claims_url": elsewhere("dunning:item_claims", item),
        "bank_url": elsewhere("cash:item", item) if may(request.role, "statements.view") else "",
        "levels": told.levels(facts.levels, address=lambda notice: elsewhere("dunning:notice", notice)),
    }
    return layered(request, "receivables/item.html", context)


@page("items.view")
@fetched
def items_export(request: CompanyRequest, kind: str) -> HttpResponseBase:
    """All items of the view as CSV or XLSX."""
    if kind not in exports.KINDS:
        raise Http404
    filters, on, scope = item_filters.filters_of(request.GET), day_of(request), scope_of(request)
    found = sum(one.items for one in queries.items_sums(filters=filters, on=on, scope=scope))
    if kind == "xlsx" and found > exports.MOST_SHEET_ROWS:
        messages.warning(request, _("That is too much for a workbook. Take CSV, or narrow the list."))
        return seen_again(request, then=f"{reverse('receivables:items')}?{request.GET.urlencode()}")
    sort = _sort(request)

    def ask(after: str | None, size: int) -> Page[ItemRow]:
        return queries.items_page(filters=filters, on=on, sort=sort, after=after, size=size, scope=scope)

    columns = for_file(request.GET, item_columns(), WRITTEN, money=MONEY)
    lines = exports.pages_of(
        ask, lambda row: [column.value(row) for column in columns], company=request.company.id
    )
    headers = [column.label for column in columns]
    return exports.as_file(kind, f"items-{on.isoformat()}", headers, lines)


def _shown(request: CompanyRequest, filters: ItemFilters) -> tuple[Page[ItemRow], str]:
    """The page asked for and its sort; an old or foreign place shows the first page."""
    sort, after = _sort(request), request.GET.get("after")
    on, scope = day_of(request), scope_of(request)
    try:
        shown = queries.items_page(filters=filters, on=on, sort=sort, after=after, size=SIZE, scope=scope)
    except CursorUnreadable:
        shown = queries.items_page(filters=filters, on=on, sort=sort, size=SIZE, scope=scope)
    return shown, sort


def _sort(request: CompanyRequest) -> str:
    sort = request.GET.get("sort", "due")
    return sort if sort.removeprefix("-") in queries.ITEM_SORTS else "due"
