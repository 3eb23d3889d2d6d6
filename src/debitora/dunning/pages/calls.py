"""Calls that are due: whom to telephone, what to say, what came of it, and the taking back of that word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from debitora.dunning import gates
from debitora.dunning.actions import CallNotDue, NewerCall, PromiseNeedsADay, answer_call, take_call_back
from debitora.dunning.forms.calls import CallForm
from debitora.dunning.models import Notice
from debitora.dunning.pages.answers import day_of, done, refused, scope_of
from debitora.dunning.pages.calls_columns import MONEY, SHOWN, WRITTEN, calls_columns
from debitora.dunning.queries.calls import CALL_SORTS, CallFilters, CallRow, call_row, calls_page
from debitora.dunning.queries.notices import course_of_notice, lines_of
from debitora.dunning.templatetags.call_words import to_say
from debitora.kit import exports
from debitora.kit.columns import for_file, table
from debitora.kit.narrowing import (
    Chip,
    Menu,
    carried,
    chip,
    choices,
    paging,
    text_of,
    whole,
    yes_no,
)
from debitora.kit.runtime import now
from debitora.kit.ways import elsewhere
from debitora.messaging.actions import CallUndone
from debitora.messaging.queries.calls import calls_about
from debitora.people.gates import CompanyRequest, actor, fetched, page
from debitora.people.queries import names_by_login
from debitora.people.rules import may
from debitora.receivables.queries import CursorUnreadable, Page
from debitora.values.locales import format_number

SIZE = 50
LEASTS = (100, 1_000, 10_000)
LEVELS = range(10)


@page("notices.view")
def calls(request: CompanyRequest) -> HttpResponse:
    """Whom to telephone, as the address narrows it."""
    query = request.GET
    filters = _filters(query)
    shown, sort = _shown(request, filters)
    chips = list(_chips(query, filters))
    context = {
        "rows": shown.rows,
        **table(query, calls_columns(), SHOWN, shown.rows, key=lambda row: row.notice),
        "sort": sort,
        **paging(query, shown.next),
        "chips": chips,
        "menus": list(_menus(query, filters)),
        "text": filters.text,
        "carried": carried(query, but=["text"]),
        "narrowed": bool(chips or filters.text),
    }
    return render(request, "dunning/calls.html", context)


@page("notices.view")
@fetched
def calls_export(request: CompanyRequest, kind: str) -> HttpResponseBase:
    """All calls of the view as CSV or XLSX."""
    if kind not in exports.KINDS:
        raise Http404
    scope, filters, sort = scope_of(request), _filters(request.GET), _sort(request.GET)

    def ask(after: str | None, size: int) -> Page[CallRow]:
        return calls_page(filters=filters, sort=sort, after=after, size=size, scope=scope)

    columns = for_file(request.GET, calls_columns(), WRITTEN, money=MONEY)
    lines = exports.pages_of(
        ask, lambda row: [column.value(row) for column in columns], company=request.company.id
    )
    name = f"calls-{day_of(request).isoformat()}"
    return exports.as_file(kind, name, [column.label for column in columns], lines)


@page("notices.view")
def call(request: CompanyRequest, notice: int) -> HttpResponse:
    """One call: the number, what to say, what it is about, what was tried, and the form for its outcome."""
    found = _gated(request, notice)
    return _sheet(request, found, CallForm(today=day_of(request)))


@page("holds.place", methods=("POST",))
def call_answered(request: CompanyRequest, notice: int) -> HttpResponse:
    """Keep what came of the call."""
    found = _gated(request, notice)
    form = CallForm(request.POST, today=day_of(request))
    if not form.is_valid():
        return _sheet(request, found, form, status=422)
    there = reverse("dunning:calls")
    try:
        made = answer_call(
            company=request.company,
            notice=found.id,
            outcome=form.cleaned_data["outcome"],
            promised_on=form.cleaned_data["promised_on"],
            note=form.cleaned_data["note"],
            by=actor(request),
            at=now(),
        )
    except (CallNotDue, PromiseNeedsADay):
        return refused(request, _("Nobody has to call about this any more."), then=there)
    return done(request, _answered(found), then=there, undo=reverse("dunning:call_undone", args=[made.id]))


@page("holds.place", methods=("POST",))
def call_undone(request: CompanyRequest, call: int) -> HttpResponse:
    """Take the word about a call back."""
    found = gates.call(call=call, scope=scope_of(request))
    there = reverse("dunning:call", args=[found.subject_id])
    try:
        take_call_back(company=request.company, call=found.id, by=actor(request), at=now())
    except (CallUndone, NewerCall):
        return refused(request, _("This call can no longer be taken back."), then=there)
    if course_of_notice(notice=found.subject_id).is_call_due:
        return done(request, _("The call is taken back and still due."), then=there)
    return done(request, _("The call is taken back. The next run looks at its items anew."), then=there)


def _answered(found: Notice) -> str:
    """What follows from the call, in a sentence."""
    if course_of_notice(notice=found.id).is_call_due:
        return _("The call is kept. It stays due.")
    return _("The call is kept.")


def _gated(request: CompanyRequest, notice: int) -> Notice:
    found = gates.notice(notice=notice, scope=scope_of(request))
    if not course_of_notice(notice=found.id).is_call:
        raise Http404
    return found


def _sheet(request: CompanyRequest, found: Notice, form: CallForm, *, status: int = 200) -> HttpResponse:
    row = call_row(notice=found.id)
    context = {
        "found": found,
        "row": row,
        "say": to_say(row, company=request.company.name) if row else [],
        "lines": lines_of(notice=found.id),
        "made": calls_about(kind="notice", subjects=[found.id])[::-1],
        "form": form,
        "names": names_by_login(company=request.company),
        "may_answer": row is not None and may(request.role, "holds.place"),
        "may_undo": may(request.role, "holds.place"),
        "customer_url": elsewhere("receivables:customer", found.customer_id),
        "is_due": course_of_notice(notice=found.id).is_call_due,
    }
    in_panel = request.headers.get("HX-Target") == "panel"
    return render(request, f"dunning/call{'_panel' if in_panel else ''}.html", context, status=status)


def _shown(request: CompanyRequest, filters: CallFilters) -> tuple[Page[CallRow], str]:
    """The page asked for and its sort; an old or foreign place shows the first page."""
    sort, known = _sort(request.GET), {"filters": filters, "scope": scope_of(request)}
    asked: Any = known
    try:
        shown = calls_page(**asked, sort=sort, after=request.GET.get("after"), size=SIZE)
    except CursorUnreadable:
        shown = calls_page(**asked, sort=sort, size=SIZE)
    return shown, sort


def _sort(query: QueryDict) -> str:
    sort = query.get("sort", "-sum")
    return sort if sort.removeprefix("-") in CALL_SORTS else "-sum"


def _filters(query: QueryDict) -> CallFilters:
    level, least = whole(query, "level"), whole(query, "least")
    return CallFilters(
        level=level if level in LEVELS else None,
        tried=yes_no(query, "tried"),
        phone=yes_no(query, "phone"),
        least=least if least in LEASTS else None,
        text=text_of(query, "text"),
    )


def _chips(query: QueryDict, filters: CallFilters) -> Iterator[Chip]:
    if filters.tried is not None:
        yield chip(query, "tried", _("Called"), _("in vain so far") if filters.tried else _("not yet"))
    if filters.phone is not None:
        yield chip(query, "phone", _("Phone"), _("known") if filters.phone else _("missing"))
    if filters.level is not None:
        yield chip(query, "level", _("Level"), filters.level)
    if filters.least is not None:
        yield chip(query, "least", _("Open at least"), format_number(filters.least, get_language() or "en"))


def _menus(query: QueryDict, filters: CallFilters) -> Iterator[Menu]:
    if filters.tried is None:
        yield Menu(_("Called"), choices(query, "tried", {"no": _("not yet"), "yes": _("in vain so far")}))
    if filters.phone is None:
        yield Menu(_("Phone"), choices(query, "phone", {"yes": _("known"), "no": _("missing")}))
    if filters.level is None:
        yield Menu(_("Level"), choices(query, "level", {str(level): str(level) for level in range(1, 5)}))
    if filters.least is None:
        sums = {str(least): format_number(least, get_language() or "en") for least in LEASTS}
        yield Menu(_("Open at least"), choices(query, "least", sums))
