"""The board of cases, the board as a file, and the cases of an item or a customer as panels of other pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from debitora.disputes.forms.words import DEPARTMENTS, MARKS, OUTCOMES, STATES
from debitora.disputes.pages.columns import MONEY, SHOWN, WRITTEN, case_columns, picking
from debitora.disputes.pages.layers import day_of, scope_of, words_of_reasons
from debitora.disputes.queries.barometer import LENGTHS
from debitora.disputes.queries.cases import CASE_SORTS, CaseFilters, CaseRow, CaseSum, cases_page, cases_tally
from debitora.disputes.queries.inbox import mails_waiting
from debitora.disputes.rules.routing import LONGEST_GROUP
from debitora.kit import exports
from debitora.kit.columns import Column, for_file, table
from debitora.kit.narrowing import (
    Chip,
    Choice,
    Menu,
    carried,
    chip,
    choices,
    one_of,
    paging,
    text_of,
    whole,
    yes_no,
)
from debitora.people.gates import CompanyRequest, fetched, page
from debitora.people.queries import away, members
from debitora.people.rules import may, sees_only_own_customers, stand_ins, stood_for
from debitora.receivables import gates as ledger_gates
from debitora.receivables.queries import CursorUnreadable, Page, product_groups
from debitora.values.locales import format_money, format_number
from debitora.values.money import MAX_MINOR, Money

SIZE = 50
MOST_IN_A_PANEL = 20
LEASTS = (100, 1_000, 10_000)
"""Whole units of a case's currency, for the filter by what is disputed."""


@page("cases.view")
def cases(request: CompanyRequest) -> HttpResponse:
    """Cases as the address narrows and sorts them, those that wait longest in front."""
    query, on, reasons = request.GET, day_of(request), words_of_reasons(request)
    gone = away(on=on)
    filters, people = _filters(query, reasons, gone), _people(request)
    shown, sort = _shown(request, filters)
    tally = cases_tally(filters=filters, on=on, scope=scope_of(request))
    chips = list(_chips(query, filters, people, reasons))
    columns = _columns(request, reasons, gone)
    picks = may(request.role, "cases.clarify") and any(row.state == "open" for row in shown.rows)
    before = picking if picks else None
    context = {
        "rows": shown.rows,
        "picks": picks,
        **table(query, columns, SHOWN, shown.rows, key=lambda row: row.id, before=before),
        **paging(query, shown.next),
        "sort": sort,
        "count": tally.cases,
        "more_than": tally.more,
        "sums": [_sum(one) for one in tally.sums],
        "tabs": _tabs(query, filters),
        "chips": chips,
        "menus": _menus(request, filters, people, reasons),
        "inbox": {"waiting": mails_waiting()} if may(request.role, "cases.clarify") else None,
        "text": filters.text,
        "carried": carried(query, but=["text"]),
        "narrowed": bool(chips or filters.text or filters.state != "pending"),
    }
    return render(request, "disputes/cases.html", context)


@page("cases.view")
@fetched
def cases_export(request: CompanyRequest, kind: str) -> HttpResponseBase:
    """All cases of the view as CSV or XLSX."""
    if kind not in exports.KINDS:
        raise Http404
    reasons, on, scope, sort = (
        words_of_reasons(request),
        day_of(request),
        scope_of(request),
        _sort(request.GET),
    )
    gone = away(on=on)
    filters = _filters(request.GET, reasons, gone)

    def ask(after: str | None, size: int) -> Page[CaseRow]:
        return cases_page(filters=filters, on=on, sort=sort, after=after, size=size, scope=scope)

    columns = for_file(request.GET, _columns(request, reasons, gone), WRITTEN, money=MONEY)
    lines = exports.pages_of(
        ask, lambda row: [column.value(row) for column in columns], company=request.company.id
    )
    return exports.as_file(kind, f"cases-{on.isoformat()}", [column.label for column in columns], lines)


@page("cases.view")
def item_cases(request: CompanyRequest, item: int) -> HttpResponse:
    """The cases of an item, and the way to open one, as a panel of the item's page."""
    ledger_gates.item(scope=scope_of(request), item=item)
    rows = _few(request, CaseFilters(state="all", item=item))
    pending = any(row.state != "closed" for row in rows)
    context = {
        "rows": _told(request, rows),
        "item": item,
        "may_open": may(request.role, "cases.clarify") and not pending,
    }
    return render(request, "disputes/_item_cases.html", context)


@page("cases.view")
def customer_cases(request: CompanyRequest, customer: int) -> HttpResponse:
    """The cases of a customer, newest first, as a panel of her sheet."""
    ledger_gates.customer(scope=scope_of(request), customer=customer)
    rows = _few(request, CaseFilters(state="all", customer=customer))
    context = {"rows": _told(request, rows), "customer": customer}
    return render(request, "disputes/_customer_cases.html", context)


def _few(request: CompanyRequest, filters: CaseFilters) -> tuple[CaseRow, ...]:
    found = cases_page(
        filters=filters, on=day_of(request), sort="-number", size=MOST_IN_A_PANEL, scope=scope_of(request)
    )
    return found.rows


def _told(request: CompanyRequest, rows: tuple[CaseRow, ...]) -> list[dict[str, object]]:
    on, reasons = day_of(request), words_of_reasons(request)
    return [
        {
            "row": row,
            "reason": reasons.get(row.reason, row.reason),
            "mark": "late" if row.overdue(on=on) else MARKS[row.state],
            "state": STATES[row.state],
            "outcome": OUTCOMES.get(row.outcome, ""),
        }
        for row in rows
    ]


def _shown(request: CompanyRequest, filters: CaseFilters) -> tuple[Page[CaseRow], str]:
    """The page asked for and its sort; an old or foreign place shows the first page."""
    sort, on, scope = _sort(request.GET), day_of(request), scope_of(request)
    try:
        after = request.GET.get("after")
        shown = cases_page(filters=filters, on=on, scope=scope, sort=sort, after=after, size=SIZE)
    except CursorUnreadable:
        shown = cases_page(filters=filters, on=on, scope=scope, sort=sort, size=SIZE)
    return shown, sort


def _sum(found: CaseSum) -> str:
    """What was disputed, in words; the sum of so many cases stays below what an amount may be unless somebody typed nonsense."""
    return format_money(Money(min(found.amount_minor, MAX_MINOR - 1), found.currency), get_language() or "en")


def _sort(query: QueryDict) -> str:
    sort = query.get("sort", "due")
    return sort if sort.removeprefix("-") in CASE_SORTS else "due"


def _columns(
    request: CompanyRequest, reasons: Mapping[str, str], gone: Mapping[int, int]
) -> dict[str, Column[CaseRow]]:
    found = members(company=request.company)
    stands_in = stand_ins({one.user_id: one.name for one in found}, gone)
    names = {one.login: one.name for one in found}
    return case_columns(on=day_of(request), names=names, reasons=reasons, stands_in=stands_in)


def _filters(query: QueryDict, reasons: Mapping[str, str], gone: Mapping[int, int]) -> CaseFilters:
    owner = whole(query, "owner")
    return CaseFilters(
        state=one_of(query, "state", ("open", "answered", "closed", "all")) or "pending",
        reason=one_of(query, "reason", reasons),
        outcome=one_of(query, "outcome", OUTCOMES),
        owner=owner,
        opener=whole(query, "opener"),
        also=stood_for(owner, gone) if owner else (),
        overdue=yes_no(query, "overdue") is True,
        text=text_of(query, "text"),
        customer=whole(query, "customer"),
        salesperson=whole(query, "salesperson"),
        department=one_of(query, "department", DEPARTMENTS),
        least=next((least for least in LEASTS if str(least) == query.get("least")), None),
        product_group=text_of(query, "group")[:LONGEST_GROUP],
        ungrouped=yes_no(query, "ungrouped") is True and not text_of(query, "group"),
        days=next((days for days in LENGTHS if str(days) == query.get("days")), None),
    )


def _people(request: CompanyRequest) -> dict[int, str]:
    """Who may answer cases that the person sees: of salespeople she is told only where she sees all of their customers."""
    alone = sees_only_own_customers(request.role)
    return {
        one.user_id: one.name
        for one in members(company=request.company)
        if may(one.role, "cases.answer")
        and (one.user_id == request.person.id or not (alone and sees_only_own_customers(one.role)))
    }


def _tabs(query: QueryDict, filters: CaseFilters) -> tuple[Choice, ...]:
    words = {"": _("Pending"), **STATES, "all": _("All")}
    return choices(query, "state", words, now="" if filters.state == "pending" else filters.state)


def _chips(
    query: QueryDict, filters: CaseFilters, people: Mapping[int, str], reasons: Mapping[str, str]
) -> Iterator[Chip]:
    if filters.owner is not None:
        yield chip(
            query,
            "owner",
            _("Who answers"),
            people.get(filters.owner, filters.owner) if filters.owner else _("nobody who is there"),
        )
    if filters.opener is not None:
        yield chip(query, "opener", _("Opened by"), people.get(filters.opener, filters.opener))
    if filters.overdue:
        yield chip(query, "overdue", _("Overdue"), _("yes"))
    if filters.reason:
        yield chip(query, "reason", _("Reason"), reasons[filters.reason])
    if filters.outcome:
        yield chip(query, "outcome", _("Outcome"), OUTCOMES[filters.outcome])
    if filters.least is not None:
        least = format_number(filters.least, get_language() or "en")
        yield chip(query, "least", _("Disputed at least"), least)
    yield from _chips_of_barometer(query, filters, people)


def _chips_of_barometer(query: QueryDict, filters: CaseFilters, people: Mapping[int, str]) -> Iterator[Chip]:
    """What the barometer narrows to when its figures are followed."""
    if filters.days is not None:
        label = ngettext(
            "Became due in the last %(days)s day", "Became due in the last %(days)s days", filters.days
        )
        yield chip(query, "days", label % {"days": filters.days}, _("yes"))
    if filters.department:
        yield chip(query, "department", _("Department"), DEPARTMENTS[filters.department])
    if filters.salesperson is not None:
        name = people.get(filters.salesperson, filters.salesperson) if filters.salesperson else _("nobody")
        yield chip(query, "salesperson", _("Salesperson"), name)
    if filters.product_group:
        yield chip(query, "group", _("Product group"), filters.product_group)
    if filters.ungrouped:
        yield chip(query, "ungrouped", _("Product group"), _("not said"))
    if filters.customer is not None:
        yield chip(query, "customer", _("Customer"), _("one only"))


def _menus(
    request: CompanyRequest, filters: CaseFilters, people: Mapping[int, str], reasons: Mapping[str, str]
) -> Iterator[Menu]:
    query, me = request.GET, request.person.id
    if filters.owner is None:
        mine = {str(me): _("I do")} if me in people else {}
        others = {str(user): name for user, name in people.items() if user != me}
        yield Menu(
            _("Who answers"), choices(query, "owner", {**mine, **others, "0": _("nobody who is there")})
        )
    if filters.opener is None and people:
        others = {str(user): name for user, name in people.items() if user != me}
        yield Menu(_("Opened by"), choices(query, "opener", {str(me): _("I did"), **others}))
    if not filters.overdue:
        yield Menu(_("Overdue"), choices(query, "overdue", {"yes": _("yes")}))
    if not filters.reason:
        yield Menu(_("Reason"), choices(query, "reason", reasons))
    if not filters.outcome:
        yield Menu(_("Outcome"), choices(query, "outcome", OUTCOMES))
    if not (filters.product_group or filters.ungrouped) and (groups := product_groups(scope_of(request))):
        yield Menu(_("Product group"), choices(query, "group", {one: one for one in groups}))
    if filters.least is None:
        sums = {str(least): format_number(least, get_language() or "en") for least in LEASTS}
        yield Menu(_("Disputed at least"), choices(query, "least", sums))
