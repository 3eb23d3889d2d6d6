"""All statements of all accounts, newest closing first, and the same list as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.cash.queries.accounts import AccountRow, account_rows
from debitora.cash.queries.review import MOST_COUNTED, lines_waiting
from debitora.cash.queries.statements import StatementFilters, StatementRow, statements_page
from debitora.cash.templatetags.cash import HELD, STATES, held_word, iban, statement_state
from debitora.formats.sheets import Value
from debitora.kit import exports
from debitora.kit.narrowing import Chip, chip, choices, one_of, paging, text_of
from debitora.kit.runtime import today
from debitora.kit.ways import whole_number
from debitora.people.gates import CompanyRequest, fetched, page
from debitora.people.rules import may
from debitora.values.money import Money

SIZE = 50


@page("statements.view")
def statements(request: CompanyRequest) -> HttpResponse:
    """The accounts, and their statements as the address narrows them."""
    query, accounts, lines = request.GET, account_rows(), lines_waiting()
    filters = _filters(query)
    shown = statements_page(filters=filters, after=query.get("after"), size=SIZE)
    names = {str(one.id): called(one) for one in accounts}
    chips = list(_chips(query, filters, names))
    context = {
        "accounts": accounts,
        "rows": shown.rows,
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
        "carried": [(name, query[name]) for name in ("account", "state", "held_for") if query.get(name)],
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
    filters = _filters(request.GET)
    lines = exports.pages_of(
        lambda after, size: statements_page(filters=filters, after=after, size=size),
        _line,
        company=request.company.id,
    )
    return exports.as_file(kind, f"statements-{today(request.company.time_zone)}", _headers(), lines)


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


def _headers() -> list[str]:
    return [
        _("Bank account"),
        _("Name of the account"),
        _("Currency"),
        _("Number"),
        _("First day"),
        _("Last day"),
        _("Opening balance"),
        _("Lines"),
        _("New lines"),
        _("Closing balance"),
        _("State"),
        _("Waits for"),
        _("Missing"),
    ]


def _line(row: StatementRow) -> Sequence[Value]:
    return [
        row.account_number,
        row.account_name,
        row.currency,
        row.number,
        row.begins,
        row.ends,
        _decimal(row.opening),
        row.lines,
        row.new,
        _decimal(row.closing),
        statement_state(row.state),
        held_word(row.held_for),
        _decimal(row.missing),
    ]


def _decimal(money: Money | None) -> Value:
    return None if money is None else money.decimal
