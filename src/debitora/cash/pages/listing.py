"""All statements of all accounts, newest closing first, and the same list as a file."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.cash.pages.statement_columns import MONEY, SHOWN, WRITTEN, statement_columns
from debitora.cash.queries.accounts import AccountRow, account_rows
from debitora.cash.queries.review import MOST_COUNTED, lines_waiting
from debitora.cash.queries.statements import (
    STATEMENT_SORTS,
    StatementFilters,
    StatementPage,
    statements_page,
)
from debitora.cash.templatetags.cash import HELD, STATES, held_word, iban, statement_state
from debitora.kit import exports
from debitora.kit.columns import for_file, table
from debitora.kit.narrowing import Chip, carried, chip, choices, one_of, paging, text_of
from debitora.kit.runtime import today
from debitora.kit.ways import whole_number
from debitora.people.gates import CompanyRequest, fetched, page
from debitora.people.rules import may
from debitora.receivables.queries import CursorUnreadable

SIZE = 50


@page("statements.view")
def statements(request: CompanyRequest) -> HttpResponse:
    """The accounts, and their statements as the address narrows them."""
    query, accounts, lines = request.GET, account_rows(), lines_waiting()
    filters = _filters(query)
    shown, sort = _shown(query, filters)
    names = {str(one.id): called(one) for one in accounts}
    chips = list(_chips(query, filters, names))
    context = {
        "accounts": accounts,
        "rows": shown.rows,
        **table(query, statement_columns(), SHOWN, shown.rows, key=lambda row: row.id),
        "sort": sort,
        **paging(query, shown.next),
        "waiting": sum(one.waiting for one in accounts),
        "lines": min(lines, MOST_COUNTED) if lines else 0,
        "chips": chips,
        "menus": [
            (_("Bank account"), choices(query, "account", names)),
            (_("State"), choices(query, "state", STATES)),
            (_("Waits for"), choices(query, "held_for", HELD)),
        ],
        "text": filters.text,
        "carried": carried(query, but=["text"]),
        "reset": reverse("cash:statements") if chips or filters.text else "",
        "may_take": may(request.role, "statements.take"),
    }
    return render(request, "cash/statements.html", context)


@page("statements.view")
@fetched
def statements_export(request: CompanyRequest, kind: str) -> HttpResponseBase:
    """All statements of the view as CSV or XLSX."""
    if kind not in exports.KINDS:
        raise Http404
    filters, sort = _filters(request.GET), _sort(request.GET)
    columns = for_file(request.GET, statement_columns(), WRITTEN, money=MONEY)
    lines = exports.pages_of(
        lambda after, size: statements_page(filters=filters, sort=sort, after=after, size=size),
        lambda row: [column.value(row) for column in columns],
        company=request.company.id,
    )
    headers = [column.label for column in columns]
    return exports.as_file(kind, f"statements-{today(request.company.time_zone)}", headers, lines)


def _shown(query: QueryDict, filters: StatementFilters) -> tuple[StatementPage, str]:
    """The page asked for and its sort; an old or foreign place shows the first page."""
    sort = _sort(query)
    try:
        shown = statements_page(filters=filters, sort=sort, after=query.get("after"), size=SIZE)
    except CursorUnreadable:
        shown = statements_page(filters=filters, sort=sort, size=SIZE)
    return shown, sort


def _sort(query: QueryDict) -> str:
    sort = query.get("sort", "-day")
    return sort if sort.removeprefix("-") in STATEMENT_SORTS else "-day"


def _filters(query: QueryDict) -> StatementFilters:
    return StatementFilters(
        account=whole_number(query.get("account", "")),
        state=one_of(query, "state", STATES),
        held_for=one_of(query, "held_for", HELD),
        text=text_of(query, "text"),
    )


def called(account: AccountRow) -> str:
    """What people know an account by: its name, or its number."""
    return account.name or iban(account.account)


def _chips(query: QueryDict, filters: StatementFilters, names: dict[str, str]) -> Iterator[Chip]:
    for name, label, value in (
        ("account", _("Bank account"), names.get(str(filters.account), "")),
        ("state", _("State"), statement_state(filters.state) if filters.state else ""),
        ("held_for", _("Waits for"), held_word(filters.held_for)),
    ):
        if value:
            yield chip(query, name, label, value)
