"""Lists: messages to many customers, and what became of one of them for each customer; both as files too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from debitora.kit import exports
from debitora.kit.columns import Column, for_file, table
from debitora.kit.narrowing import Chip, Menu, carried, chip, choices, one_of, paging, text_of
from debitora.kit.runtime import today
from debitora.kit.ways import elsewhere
from debitora.messaging.forms.segments import OUTCOMES, SEGMENT_STATES
from debitora.messaging.forms.words import STATES
from debitora.messaging.gates import segment_message
from debitora.messaging.pages.segment_columns import (
    RECEIVERS_SHOWN,
    RECEIVERS_WRITTEN,
    SEGMENTS_FIRST,
    SEGMENTS_SHOWN,
    receiver_columns,
    segment_columns,
)
from debitora.messaging.queries.segment_lists import (
    RECEIVER_SORTS,
    SEGMENT_SORTS,
    ReceiverFilters,
    ReceiverRow,
    SegmentFilters,
    SegmentRow,
    receivers_page,
    segments_page,
    writers,
)
from debitora.messaging.queries.segments import result_of
from debitora.people.gates import CompanyRequest, fetched, page
from debitora.people.queries import names_by_login
from debitora.people.rules import may
from debitora.receivables.queries import CursorUnreadable, Page

SIZE = 50
Row = TypeVar("Row")


@page("segments.view")
def segments(request: CompanyRequest) -> HttpResponse:
    """Messages as the address narrows and sorts them, the newest in front."""
    query, names = request.GET, names_by_login(company=request.company)
    filters, sort = _of_segments(query), _sort(query, SEGMENT_SORTS, "-begun")
    shown = _page(query, lambda after: segments_page(filters=filters, sort=sort, after=after, size=SIZE))
    columns = segment_columns(names)
    chips = [chip(query, "by", _("Begun by"), names.get(filters.by, filters.by))] if filters.by else []
    context = {
        "rows": shown.rows,
        **table(query, columns, SEGMENTS_SHOWN, shown.rows, key=lambda row: row.id, first=SEGMENTS_FIRST),
        **paging(query, shown.next),
        "sort": sort,
        "tabs": choices(query, "state", {"": _("All"), **SEGMENT_STATES}, now=filters.state),
        "chips": chips,
        "menus": list(_writers(query, filters, names)),
        "text": filters.text,
        "carried": carried(query, but=["text"]),
        "narrowed": bool(chips or filters.text or filters.state),
        "customers_url": elsewhere("receivables:customers"),
        "may_write": may(request.role, "segments.write"),
    }
    return render(request, "messaging/segments.html", context)


@page("segments.view")
@fetched
def segments_export(request: CompanyRequest, kind: str) -> HttpResponseBase:
    """All messages of the view as CSV or XLSX."""
    query, filters = request.GET, _of_segments(request.GET)
    sort = _sort(query, SEGMENT_SORTS, "-begun")
    known = segment_columns(names_by_login(company=request.company))
    columns = for_file(query, known, SEGMENTS_SHOWN, first=SEGMENTS_FIRST)

    def ask(after: str | None, size: int) -> Page[SegmentRow]:
        return segments_page(filters=filters, sort=sort, after=after, size=size)

    return _file(request, kind, "messages", columns, ask)


@page("segments.view")
def segment_receivers(request: CompanyRequest, segment: int) -> HttpResponse:
    """Whom a message was meant for, as the address narrows and sorts them."""
    found, query = segment_message(segment=segment), request.GET
    filters, sort = _of_receivers(query), _sort(query, RECEIVER_SORTS, "number")
    shown = _page(
        query,
        lambda after: receivers_page(segment=found.id, filters=filters, sort=sort, after=after, size=SIZE),
    )
    columns, outcomes = receiver_columns(), result_of(segment=found.id).outcomes
    chips = list(_chips(query, filters))
    context = {
        "segment": found,
        "rows": shown.rows,
        **table(query, columns, RECEIVERS_SHOWN, shown.rows, key=lambda row: row.id),
        **paging(query, shown.next),
        "sort": sort,
        "chips": chips,
        "menus": list(_menus(query, filters, outcomes)),
        "text": filters.text,
        "carried": carried(query, but=["text"]),
        "narrowed": bool(chips or filters.text),
    }
    return render(request, "messaging/segment_receivers.html", context)


@page("segments.view")
@fetched
def segment_receivers_export(request: CompanyRequest, segment: int, kind: str) -> HttpResponseBase:
    """All customers of the view as CSV or XLSX."""
    found, query = segment_message(segment=segment), request.GET
    filters, sort = _of_receivers(query), _sort(query, RECEIVER_SORTS, "number")
    columns = for_file(query, receiver_columns(), RECEIVERS_WRITTEN)

    def ask(after: str | None, size: int) -> Page[ReceiverRow]:
        return receivers_page(segment=found.id, filters=filters, sort=sort, after=after, size=size)

    return _file(request, kind, f"message-{found.id}", columns, ask)


def _page(query: QueryDict, ask: Callable[[str | None], Page[Row]]) -> Page[Row]:
    """The page asked for; an old or foreign place shows the first one."""
    try:
        return ask(query.get("after"))
    except CursorUnreadable:
        return ask(None)


def _sort(query: QueryDict, known: Mapping[str, Any], usual: str) -> str:
    sort = query.get("sort", usual)
    return sort if sort.removeprefix("-") in known else usual


def _file(
    request: CompanyRequest,
    kind: str,
    name: str,
    columns: list[Column[Row]],
    ask: Callable[[str | None, int], Page[Row]],
) -> HttpResponseBase:
    if kind not in exports.KINDS:
        raise Http404
    lines = exports.pages_of(
        ask, lambda row: [column.value(row) for column in columns], company=request.company.id
    )
    on = today(request.company.time_zone)
    return exports.as_file(kind, f"{name}-{on.isoformat()}", [column.label for column in columns], lines)


def _of_segments(query: QueryDict) -> SegmentFilters:
    return SegmentFilters(
        state=one_of(query, "state", SEGMENT_STATES),
        by=text_of(query, "by"),
        text=text_of(query, "text"),
    )


def _of_receivers(query: QueryDict) -> ReceiverFilters:
    return ReceiverFilters(
        outcome=one_of(query, "outcome", OUTCOMES),
        state=one_of(query, "state", STATES),
        text=text_of(query, "text"),
    )


def _writers(query: QueryDict, filters: SegmentFilters, names: Mapping[str, str]) -> Iterator[Menu]:
    if not filters.by:
        logins = {login: names.get(login, login) for login in writers()}
        if logins:
            yield Menu(_("Begun by"), choices(query, "by", logins))


def _chips(query: QueryDict, filters: ReceiverFilters) -> Iterator[Chip]:
    if filters.outcome:
        yield chip(query, "outcome", _("Result"), OUTCOMES[filters.outcome])
    if filters.state:
        yield chip(query, "state", _("The mail"), STATES[filters.state])


def _menus(query: QueryDict, filters: ReceiverFilters, outcomes: Mapping[str, int]) -> Iterator[Menu]:
    """Only what became of somebody is offered, and states of a mail."""
    if not filters.outcome and outcomes:
        yield Menu(
            _("Result"),
            choices(query, "outcome", {code: OUTCOMES[code] for code in OUTCOMES if code in outcomes}),
        )
    if not filters.state:
        yield Menu(_("The mail"), choices(query, "state", STATES))
