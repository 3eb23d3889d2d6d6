"""The limitation radar: what lapses with which year, the last safe day, and what the steps left would still do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from debitora.dunning.pages.answers import day_of, scope_of
from debitora.dunning.pages.limitation_columns import MONEY, SHOWN, WRITTEN, lapsing_columns
from debitora.dunning.queries.limitation import (
    LAPSING_SORTS,
    LapsingFilters,
    LapsingRow,
    countries_open,
    lapsing_page,
    law_of,
    years_lapsing,
)
from debitora.dunning.rules.limitation import MARGIN_DAYS
from debitora.kit import exports
from debitora.kit.columns import for_file, table
from debitora.kit.narrowing import Chip, Menu, carried, changed, chip, choices, paging, text_of, whole
from debitora.people.gates import CompanyRequest, fetched, page
from debitora.receivables.queries import CursorUnreadable, Page
from debitora.values.locales import country_name, format_number

SIZE = 50
LEASTS = (100, 1_000, 10_000)
YEARS = range(1970, 2200)


@page("items.view")
def limitation(request: CompanyRequest) -> HttpResponse:
    """Open claims by the day on which they lapse, as the address narrows them, with the totals of their years."""
    query, on, company = request.GET, day_of(request), request.company
    filters = _filters(query)
    shown, sort = _shown(request, filters)
    chips = list(_chips(query, filters))
    law = law_of(company)
    totals = years_lapsing(company=company, filters=filters, scope=scope_of(request))
    context = {
        "rows": shown.rows,
        **table(query, lapsing_columns(on=on), SHOWN, shown.rows, key=lambda row: row.claim.item),
        "sort": sort,
        **paging(query, shown.next),
        "law": law,
        "country": company.country,
        "margin": MARGIN_DAYS,
        "totals": [
            (one, changed(query, year=str(one.year)), bool(law) and one.year < on.year) for one in totals
        ],
        "chips": chips,
        "menus": _menus(query, filters, [one.year for one in totals]),
        "text": filters.text,
        "carried": carried(query, but=["text"]),
        "narrowed": bool(chips or filters.text),
    }
    return render(request, "dunning/limitation.html", context)


@page("items.view")
@fetched
def limitation_export(request: CompanyRequest, kind: str) -> HttpResponseBase:
    """All claims of the view as CSV or XLSX."""
    if kind not in exports.KINDS:
        raise Http404
    company, on, scope = request.company, day_of(request), scope_of(request)
    filters, sort = _filters(request.GET), _sort(request.GET)

    def ask(after: str | None, size: int) -> Page[LapsingRow]:
        return lapsing_page(
            company=company, filters=filters, on=on, sort=sort, after=after, size=size, scope=scope
        )

    columns = for_file(request.GET, lapsing_columns(on=on), WRITTEN, money=MONEY)
    lines = exports.pages_of(ask, lambda row: [column.value(row) for column in columns], company=company.id)
    return exports.as_file(kind, f"limitation-{on.isoformat()}", [column.label for column in columns], lines)


def _shown(request: CompanyRequest, filters: LapsingFilters) -> tuple[Page[LapsingRow], str]:
    """The page asked for and its sort; an old or foreign place shows the first page."""
    sort = _sort(request.GET)
    known: dict[str, Any] = {
        "company": request.company,
        "filters": filters,
        "on": day_of(request),
        "scope": scope_of(request),
    }
    try:
        shown = lapsing_page(**known, sort=sort, after=request.GET.get("after"), size=SIZE)
    except CursorUnreadable:
        shown = lapsing_page(**known, sort=sort, size=SIZE)
    return shown, sort


def _sort(query: QueryDict) -> str:
    sort = query.get("sort", "lapses")
    return sort if sort.removeprefix("-") in LAPSING_SORTS else "lapses"


def _filters(query: QueryDict) -> LapsingFilters:
    year, least, country = whole(query, "year"), whole(query, "least"), query.get("country", "")
    return LapsingFilters(
        year=year if year in YEARS else None,
        country=country if len(country) == 2 and country.isascii() and country.isupper() else "",
        least=least if least in LEASTS else None,
        text=text_of(query, "text"),
    )


def _chips(query: QueryDict, filters: LapsingFilters) -> Iterator[Chip]:
    language = get_language() or "en"
    if filters.year is not None:
        yield chip(query, "year", _("Year"), filters.year)
    if filters.country:
        yield chip(query, "country", _("Country"), country_name(filters.country, language))
    if filters.least is not None:
        yield chip(query, "least", _("Open at least"), format_number(filters.least, language))


def _menus(query: QueryDict, filters: LapsingFilters, years: list[int]) -> Iterator[Menu]:
    language = get_language() or "en"
    if filters.year is None and years:
        yield Menu(_("Year"), choices(query, "year", {str(year): str(year) for year in sorted(set(years))}))
    if not filters.country and len(known := countries_open()) > 1:
        names = {code: country_name(code, language) for code in known}
        yield Menu(_("Country"), choices(query, "country", names))
    if filters.least is None:
        sums = {str(least): format_number(least, language) for least in LEASTS}
        yield Menu(_("Open at least"), choices(query, "least", sums))
