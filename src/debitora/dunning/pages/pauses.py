"""Pauses of groups of customers: the list, a new one with its preview, lifting one and taking that back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from debitora.dunning import gates
from debitora.dunning.actions import PauseLifted, lift_pause, pause_again, place_pause
from debitora.dunning.forms.pauses import CLOSED, INSTEAD, PauseForm
from debitora.dunning.pages.answers import day_of, done, refused
from debitora.dunning.pages.pauses_columns import FIRST, SHOWN, WRITTEN, pauses_columns, state_words
from debitora.dunning.queries.pauses import Reach, reach
from debitora.dunning.queries.pauses_list import PAUSE_SORTS, ListedPause, PauseFilters, pauses_page
from debitora.dunning.templatetags.strategy_words import DEBTORS
from debitora.kit import exports
from debitora.kit.columns import Column, for_file, table
from debitora.kit.narrowing import Chip, Menu, carried, chip, choices, one_of, paging, text_of
from debitora.kit.runtime import now
from debitora.people.gates import actor, fetched, page
from debitora.people.queries import names_by_login, salespeople
from debitora.people.rules import may
from debitora.receivables.queries import CursorUnreadable, Page
from debitora.values.locales import format_date

SIZE = 50


@page("runs.view")
def pauses(request: Any) -> HttpResponse:
    """Pauses as the address narrows them; whoever may start runs can look at what a new one would stop."""
    return _shown(request, _empty_form(request))


@page("runs.view")
@fetched
def pauses_export(request: Any, kind: str) -> HttpResponseBase:
    """All pauses of the view as CSV or XLSX."""
    if kind not in exports.KINDS:
        raise Http404
    on, filters, sort = day_of(request), _filters(request.GET), _sort(request.GET)

    def ask(after: str | None, size: int) -> Page[ListedPause]:
        return pauses_page(filters=filters, on=on, sort=sort, after=after, size=size)

    columns = for_file(request.GET, _columns(request, may_lift=False), WRITTEN, first=FIRST)
    lines = exports.pages_of(
        ask, lambda row: [column.value(row) for column in columns], company=request.company.id
    )
    return exports.as_file(kind, f"pauses-{on.isoformat()}", [column.label for column in columns], lines)


@page("runs.start", methods=("POST",))
def placed(request: Any) -> HttpResponse:
    """Show whom and what a pause would stop, and place it once that was seen."""
    on = day_of(request)
    form = PauseForm(request.POST, today=on, salespeople=salespeople(company=request.company))
    if not form.is_valid():
        return _shown(request, form, status=422)
    if request.POST.get("do") != "place":
        return _shown(request, form, found=reach(group=form.group(), on=on))
    known = form.cleaned_data
    place_pause(
        company=request.company.id,
        attributes=form.attributes(),
        channel=known["channel"],
        instead=known["instead"],
        from_on=known["from_on"],
        until_on=known["until_on"],
        reason=known["reason"],
        by=actor(request),
        at=now(),
    )
    return done(request, _("The pause is kept. It ends by itself."), then=reverse("dunning:pauses"))


@page("runs.start", methods=("POST",))
def lifted(request: Any, pause: int) -> HttpResponse:
    """End a pause now."""
    found, there = gates.pause(pause=pause), reverse("dunning:pauses")
    try:
        lift_pause(company=request.company.id, pause=found.id, by=actor(request), at=now())
    except PauseLifted:
        return refused(request, _("Nothing had to be changed."), then=there)
    undo = reverse("dunning:pause_again", args=[found.id])
    return done(
        request, _("The pause is lifted. The next run looks at its customers."), then=there, undo=undo
    )


@page("runs.start", methods=("POST",))
def again(request: Any, pause: int) -> HttpResponse:
    """Take a lift back: the same pause anew."""
    found = gates.pause(pause=pause)
    pause_again(company=request.company.id, pause=found.id, by=actor(request), at=now())
    return done(request, _("The pause is kept. It ends by itself."), then=reverse("dunning:pauses"))


def _empty_form(request: Any) -> PauseForm:
    on = day_of(request)
    start = {"from_on": format_date(on, get_language() or "en")}
    return PauseForm(initial=start, today=on, salespeople=salespeople(company=request.company))


def _shown(request: Any, form: PauseForm, *, found: Reach | None = None, status: int = 200) -> HttpResponse:
    query = request.GET
    filters, may_place = _filters(query), may(request.role, "runs.start")
    shown, sort = _page(request, filters)
    chips = list(_chips(query, filters))
    columns = _columns(request, may_lift=may_place)
    context = {
        "rows": shown.rows,
        **table(query, columns, SHOWN, shown.rows, key=lambda row: row.id, first=FIRST),
        "sort": sort,
        **paging(query, shown.next),
        "chips": chips,
        "menus": list(_menus(query, filters)),
        "text": filters.text,
        "carried": carried(query, but=["text"]),
        "narrowed": bool(chips or filters.text),
        "form": form,
        "found": found,
        "may_place": may_place,
    }
    return render(request, "dunning/pauses.html", context, status=status)


def _columns(request: Any, *, may_lift: bool) -> dict[str, Column[ListedPause]]:
    names = names_by_login(company=request.company)
    return pauses_columns(
        on=day_of(request),
        people=salespeople(company=request.company),
        named=lambda login: names.get(login, login),
        token=get_token(request) if may_lift else "",
    )


def _page(request: Any, filters: PauseFilters) -> tuple[Page[ListedPause], str]:
    """The page asked for and its sort; an old or foreign place shows the first page."""
    sort, on = _sort(request.GET), day_of(request)
    try:
        shown = pauses_page(filters=filters, on=on, sort=sort, after=request.GET.get("after"), size=SIZE)
    except CursorUnreadable:
        shown = pauses_page(filters=filters, on=on, sort=sort, size=SIZE)
    return shown, sort


def _sort(query: QueryDict) -> str:
    sort = query.get("sort", "-placed")
    return sort if sort.removeprefix("-") in PAUSE_SORTS else "-placed"


def _filters(query: QueryDict) -> PauseFilters:
    return PauseFilters(
        state=one_of(query, "state", state_words()),
        channel=one_of(query, "channel", _closed()),
        instead=one_of(query, "instead", filter(None, INSTEAD)),
        kind=one_of(query, "kind", DEBTORS),
        text=text_of(query, "text"),
    )


def _closed() -> dict[str, str]:
    """The ways that may be closed, as the address names them."""
    return {(code or "all"): capfirst(str(word)) for code, word in CLOSED.items()}


def _known() -> dict[str, tuple[str, dict[str, str]]]:
    """Filter -> its label and the words for its values."""
    return {
        "state": (_("State"), dict(state_words())),
        "channel": (_("Closed"), _closed()),
        "instead": (_("Instead"), {code: str(word) for code, word in INSTEAD.items() if code}),
        "kind": (_("Kind"), {code: str(word) for code, word in DEBTORS.items()}),
    }


def _chips(query: QueryDict, filters: PauseFilters) -> Iterator[Chip]:
    for name, (label, words) in _known().items():
        value = getattr(filters, name)
        if value:
            yield chip(query, name, label, words[value])


def _menus(query: QueryDict, filters: PauseFilters) -> Iterator[Menu]:
    for name, (label, words) in _known().items():
        if not getattr(filters, name):
            yield Menu(label, choices(query, name, words))
