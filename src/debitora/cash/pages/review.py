"""The bank lines to explain: the list with the best proposal beside each, and the same list as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debitora.cash.pages.line_columns import FIRST, MONEY, SHOWN, WRITTEN, Line, line_columns
from debitora.cash.pages.listing import called
from debitora.cash.queries.accounts import account_rows
from debitora.cash.queries.policies import policy_of
from debitora.cash.queries.proposals import proposals_of
from debitora.cash.queries.review import (
    MOST_COUNTED,
    REVIEW_SORTS,
    ReviewFilters,
    ReviewRow,
    review_count,
    review_page,
)
from debitora.cash.rules.sureness import sure_from
from debitora.formats.sheets import Value
from debitora.kit import exports
from debitora.kit.columns import for_file, table
from debitora.kit.narrowing import Chip, carried, chip, choices, one_of, paging, text_of
from debitora.kit.runtime import today
from debitora.kit.ways import whole_number
from debitora.people.gates import CompanyRequest, fetched, page
from debitora.people.rules import may
from debitora.receivables.queries import CursorUnreadable, Page
from debitora.values.typed import typed_amount

SIZE = 50
WAYS = {"in": gettext_lazy("money in"), "out": gettext_lazy("money out")}
SURENESS = {
    "sure": gettext_lazy("sure enough to book"),
    "unsure": gettext_lazy("to decide"),
    "none": gettext_lazy("no proposal"),
}
NARROWING = ("account", "way", "sureness", "least", "most", "text")


@page("statements.view")
def review(request: CompanyRequest) -> HttpResponse:
    """The lines of all accounts of which something is open, as the address narrows and sorts them."""
    query, accounts = request.GET, account_rows()
    filters = _filters(request)
    shown, sort = _shown(request, filters)
    lines = _beside(shown.rows)
    names = {str(one.id): called(one) for one in accounts}
    count = review_count(filters=filters)
    currencies = {row.currency for row in shown.rows}
    columns = line_columns(currency=currencies.pop() if len(currencies) == 1 else "")
    usual = [name for name in SHOWN if name != "account" or len(accounts) > 1]
    context = {
        "lines": lines,
        **table(query, columns, usual, lines, key=lambda line: line.row.entry, first=FIRST),
        "count": min(count, MOST_COUNTED),
        "more_than": count > MOST_COUNTED,
        "accounts": accounts,
        **paging(query, shown.next),
        "sort": sort,
        "chips": list(_chips(query, filters, names)),
        "menus": [
            (_("Bank account"), choices(query, "account", names, now=query.get("account", ""))),
            (_("Direction"), choices(query, "way", WAYS, now=filters.way)),
            (_("Confidence"), choices(query, "sureness", SURENESS, now=filters.sureness)),
        ],
        "text": filters.text,
        "least": query.get("least", "")[:30],
        "most": query.get("most", "")[:30],
        "search_carried": carried(query, but=["text"]),
        "amount_carried": carried(query, but=["least", "most"]),
        "narrowed": any(query.get(name) for name in NARROWING),
        "may_take": may(request.role, "statements.take"),
        "may_book": may(request.role, "payments.book"),
        "page_keys": _keys() if may(request.role, "payments.book") else [],
    }
    return render(request, "cash/review.html", context)


@page("statements.view")
@fetched
def review_export(request: CompanyRequest, kind: str) -> HttpResponseBase:
    """All lines of the view as CSV or XLSX."""
    if kind not in exports.KINDS:
        raise Http404
    filters, sort = _filters(request), _sort(request)
    columns = for_file(request.GET, line_columns(), WRITTEN, money=MONEY, first=FIRST)

    def ask(after: str | None, size: int) -> _Lines:
        found = review_page(filters=filters, sort=sort, after=after, size=size)
        return _Lines(_beside(found.rows), found.next)

    def line(shown: Line) -> list[Value]:
        return [column.value(shown) for column in columns]

    lines = exports.pages_of(ask, line, company=request.company.id)
    headers = [column.label for column in columns]
    return exports.as_file(kind, f"lines-{today(request.company.time_zone)}", headers, lines)


@dataclass(frozen=True, slots=True)
class _Lines:
    """Some lines of the file, and where the next ones begin."""

    rows: Sequence[Line]
    next: str | None


def _beside(rows: Sequence[ReviewRow]) -> list[Line]:
    """The lines, each beside its best proposal."""
    best = proposals_of(entries=[row.entry for row in rows], most=1)
    return [Line(row, next(iter(best.get(row.entry, ())), None)) for row in rows]


def _shown(request: CompanyRequest, filters: ReviewFilters) -> tuple[Page[ReviewRow], str]:
    """The page asked for and its sort; an old or foreign place shows the first page."""
    sort = _sort(request)
    try:
        shown = review_page(filters=filters, sort=sort, after=request.GET.get("after"), size=SIZE)
    except CursorUnreadable:
        shown = review_page(filters=filters, sort=sort, size=SIZE)
    return shown, sort


def _sort(request: CompanyRequest) -> str:
    sort = request.GET.get("sort", "day")
    return sort if sort.removeprefix("-") in REVIEW_SORTS else "day"


def _filters(request: CompanyRequest) -> ReviewFilters:
    query = request.GET
    return ReviewFilters(
        account=whole_number(query.get("account", "")),
        way=one_of(query, "way", WAYS),
        sureness=one_of(query, "sureness", SURENESS),
        enough=sure_from(policy_of(request.company.id).care),
        least=typed_amount(text_of(query, "least")),
        most=typed_amount(text_of(query, "most")),
        text=text_of(query, "text"),
    )


def _chips(query: QueryDict, filters: ReviewFilters, names: dict[str, str]) -> Iterator[Chip]:
    for name, label, value in (
        ("account", _("Bank account"), names.get(str(filters.account), "")),
        ("way", _("Direction"), WAYS.get(filters.way, "")),
        ("sureness", _("Confidence"), SURENESS.get(filters.sureness, "")),
        ("least", _("Amount from"), text_of(query, "least") if filters.least is not None else ""),
        ("most", _("Amount up to"), text_of(query, "most") if filters.most is not None else ""),
    ):
        if value:
            yield chip(query, name, label, value)


def _keys() -> list[tuple[tuple[str, ...], str]]:
    """Keys of the list, for its help."""
    return [
        (("1", "2", "3", "4", "5"), _("Take this proposal for the open line")),
        (("o",), _("Put the open line on account")),
        (("f",), _("Find items for the open line")),
        (("i",), _("Ignore the open line, with a reason")),
        (("u",), _("Undo the last decision")),
        (("h",), _("Hold what a part payment has left open")),
    ]
