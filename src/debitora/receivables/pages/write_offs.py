"""Write-offs: proposed from an item, their list, one of them with what can be done, and the limit of one person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from debitora.kit import exports
from debitora.kit.columns import for_file, table
from debitora.kit.narrowing import Chip, Choice, Menu, carried, chip, choices, one_of, paging, text_of, whole
from debitora.kit.runtime import now
from debitora.people.gates import CompanyRequest, actor, fetched, fresh, page
from debitora.people.queries import names_by_login
from debitora.people.rules import may
from debitora.receivables import gates
from debitora.receivables.actions.write_offs import (
    MoreThanIsOpenToGiveUp,
    NothingToGiveUp,
    SecondPersonNeeded,
    WriteOffMoved,
    book_write_off,
    choose_limit,
    decline_write_off,
    propose_write_off,
    reverse_write_off,
    withdraw_write_off,
)
from debitora.receivables.forms.write_offs import (
    GROUNDS,
    MARKS,
    WRITE_OFF_STATES,
    LimitForm,
    ProposalForm,
    ReasonForm,
)
from debitora.receivables.pages.layers import day_of, done, layered, refused, scope_of
from debitora.receivables.pages.write_off_columns import MONEY, SHOWN, WRITTEN, write_off_columns
from debitora.receivables.queries import CursorUnreadable, Page, item_row
from debitora.receivables.queries.write_offs import (
    WRITE_OFF_SORTS,
    WriteOffFilters,
    WriteOffRow,
    limit_of,
    limits,
    state_of,
    write_offs_page,
)
from debitora.receivables.rules.write_offs import Ground, within_limit
from debitora.values.locales import format_money
from debitora.values.money import Money

SIZE = 50


@page("write_offs.view")
def write_offs(request: CompanyRequest) -> HttpResponse:
    """Write-offs as the address narrows and sorts them, the newest in front."""
    query, filters = request.GET, _filters(request.GET)
    shown, sort = _shown_page(request, filters)
    columns = write_off_columns(names=names_by_login(company=request.company))
    chips = list(_chips(query, filters))
    limit = Money(limit_of(company=request.company.id), request.company.currency)
    context = {
        "rows": shown.rows,
        **table(query, columns, SHOWN, shown.rows, key=lambda row: row.write_off),
        **paging(query, shown.next),
        "sort": sort,
        "tabs": _tabs(query, filters),
        "chips": chips,
        "menus": _menus(query, filters),
        "text": filters.text,
        "carried": carried(query, but=["text"]),
        "narrowed": bool(chips or filters.text or filters.state),
        "limit": format_money(limit, get_language() or "en") if limit.minor else "",
        "may_choose": may(request.role, "settings.edit"),
    }
    return render(request, "receivables/write_offs.html", context)


@page("write_offs.view")
@fetched
def write_offs_export(request: CompanyRequest, kind: str) -> HttpResponseBase:
    """All write-offs of the view as CSV or XLSX."""
    if kind not in exports.KINDS:
        raise Http404
    filters, sort, scope = _filters(request.GET), _sort(request.GET), scope_of(request)

    def ask(after: str | None, size: int) -> Page[WriteOffRow]:
        return write_offs_page(filters=filters, sort=sort, after=after, size=size, scope=scope)

    names = names_by_login(company=request.company)
    columns = for_file(request.GET, write_off_columns(names=names), WRITTEN, money=MONEY)
    lines = exports.pages_of(
        ask, lambda row: [column.value(row) for column in columns], company=request.company.id
    )
    name = f"write-offs-{day_of(request).isoformat()}"
    return exports.as_file(kind, name, [column.label for column in columns], lines)


@page("write_offs.view")
def write_off(request: CompanyRequest, write_off: int) -> HttpResponse:
    """One write-off: what, why, by whom, and what can be done with it."""
    return _shown(request, gates.write_off(scope=scope_of(request), write_off=write_off))


@page("write_offs.propose", methods=("GET", "POST"))
def propose(request: CompanyRequest, item: int) -> HttpResponse:
    """Propose to give up an item or a part of it: first what is open, then, with a reason, do it."""
    gates.item(scope=scope_of(request), item=item)
    found = item_row(item=item, on=day_of(request), scope=scope_of(request))
    then = reverse("receivables:item", args=[item])
    if found is None or found.open_minor <= 0:
        return refused(request, _("Nothing of it is open, so there is nothing to give up."), then=then)
    form = ProposalForm(request.POST or None, open_sum=found.open)
    if request.method == "POST" and form.is_valid():
        return _proposed(request, item, form, then)
    limit = Money(limit_of(company=request.company.id), request.company.currency)
    context = {
        "title": _("Write off %(number)s") % {"number": found.number},
        "address": reverse("receivables:propose_write_off", args=[item]),
        "back": then,
        "form": form,
        "row": found,
        "limit": limit if limit.minor else None,
    }
    return layered(
        request, "receivables/write_off_proposal.html", context, status=422 if form.errors else 200
    )


@page("write_offs.approve", methods=("POST",))
@fresh
def write_off_booked(request: CompanyRequest, write_off: int) -> HttpResponse:
    """Say yes: it is booked."""
    found = gates.write_off(scope=scope_of(request), write_off=write_off)
    text = _("It is written off.")
    return _step(request, found, text, lambda: book_write_off(**_doing(request), write_off=found.write_off))


@page("write_offs.approve", methods=("POST",))
def write_off_declined(request: CompanyRequest, write_off: int) -> HttpResponse:
    """Say no, and why."""
    found = gates.write_off(scope=scope_of(request), write_off=write_off)
    return _with_reason(
        request, found, "declining", decline_write_off, _("It is declined, and asked for again.")
    )


@page("write_offs.propose", methods=("POST",))
def write_off_withdrawn(request: CompanyRequest, write_off: int) -> HttpResponse:
    """Take a proposal back before anybody decided."""
    found = gates.write_off(scope=scope_of(request), write_off=write_off)
    if not _is_own(request, found):
        text = _("Only who proposed it takes it back. Others decline it.")
        return refused(request, text, then=reverse("receivables:write_off", args=[found.write_off]))
    text = _("The proposal is taken back.")
    return _step(
        request, found, text, lambda: withdraw_write_off(**_doing(request), write_off=found.write_off)
    )


@page("write_offs.approve", methods=("POST",))
def write_off_reversed(request: CompanyRequest, write_off: int) -> HttpResponse:
    """Take a booked write-off back, and say why."""
    found = gates.write_off(scope=scope_of(request), write_off=write_off)
    return _with_reason(
        request, found, "reversing", reverse_write_off, _("It is reversed: the amount is open again.")
    )


@page("settings.edit", methods=("GET", "POST"))
def write_off_limit(request: CompanyRequest) -> HttpResponse:
    """Up to which sum one person decides alone."""
    company, language = request.company, get_language() or "en"
    form = LimitForm(request.POST if request.method == "POST" else None, currency=company.currency)
    if request.method == "POST" and form.is_valid():
        choose_limit(company=company.id, minor=form.minor, by=actor(request), at=now())
        return done(request, _("The limit counts from now on."), then=reverse("receivables:write_off_limit"))
    names = names_by_login(company=company)
    context = {
        "form": form,
        "rows": [
            (
                one,
                format_money(Money(one.minor, company.currency), language),
                names.get(one.chosen_by, one.chosen_by),
            )
            for one in limits(company=company.id)
        ],
    }
    return render(request, "receivables/write_off_limit.html", context, status=422 if form.errors else 200)


def _proposed(request: CompanyRequest, item: int, form: ProposalForm, then: str) -> HttpResponse:
    known = form.cleaned_data
    try:
        made = propose_write_off(
            **_doing(request),
            item=item,
            amount=known["amount"],
            ground=Ground(known["ground"]),
            text=known["text"],
        )
    except MoreThanIsOpenToGiveUp:
        return refused(request, _("Less is open meanwhile, or somebody has proposed it already."), then=then)
    except NothingToGiveUp:
        return refused(request, _("Nothing of it is open, so there is nothing to give up."), then=then)
    _steps, state, _entry = state_of(company=request.company.id, write_off=made.id)
    if state == "booked":
        return done(request, _("It is written off."), then=then)
    undo = reverse("receivables:write_off_withdrawn", args=[made.id])
    return done(request, _("The proposal waits for a second person."), then=then, undo=undo)


def _with_reason(
    request: CompanyRequest, found: WriteOffRow, form_name: str, act: Callable[..., object], text: str
) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, **{form_name: form})
    reason = form.cleaned_data["reason"]
    return _step(
        request, found, text, lambda: act(**_doing(request), write_off=found.write_off, reason=reason)
    )


def _step(request: CompanyRequest, found: WriteOffRow, text: str, act: Callable[[], object]) -> HttpResponse:
    then = reverse("receivables:write_off", args=[found.write_off])
    try:
        act()
    except WriteOffMoved as moved:
        words = _("Something else became of it meanwhile: %(state)s. Nothing was changed.")
        state = str(WRITE_OFF_STATES[moved.state])
        return refused(request, words % {"state": state}, then=then)
    except SecondPersonNeeded:
        return refused(
            request, _("It is above the limit: somebody else than who proposed it says yes."), then=then
        )
    except MoreThanIsOpenToGiveUp:
        words = _("Less than that is open meanwhile. Decline it, or let it be proposed anew.")
        return refused(request, words, then=then)
    return done(request, text, then=then)


def _shown(request: CompanyRequest, row: WriteOffRow, **bound: ReasonForm) -> HttpResponse:
    """`bound`: a form with its errors, in the place of the empty one."""
    company, names = request.company, names_by_login(company=request.company)
    limit = limit_of(company=company.id)
    alone = within_limit(row.amount_minor, row.currency, limit_minor=limit, limit_currency=company.currency)
    own = _is_own(request, row)
    approves, waits = may(request.role, "write_offs.approve"), row.state == "proposed"
    context: dict[str, Any] = {
        "title": _("Write-off of %(number)s") % {"number": row.number},
        "address": reverse("receivables:write_off", args=[row.write_off]),
        "row": row,
        "ground": GROUNDS[Ground(row.ground)],
        "state": (MARKS[row.state], WRITE_OFF_STATES[row.state]),
        "who": names.get(row.proposed_by, row.proposed_by),
        "decided_by": names.get(row.step_by, row.step_by),
        "stays": Money(row.open_minor - row.amount_minor, row.currency),
        "too_much": waits and row.amount_minor > row.open_minor,
        "may_book": approves and waits and (alone or not own),
        "needs_other": waits and own and not alone,
        "may_decline": approves and waits,
        "may_withdraw": waits and may(request.role, "write_offs.propose") and own,
        "may_reverse": approves and row.state == "booked",
        "declining": ReasonForm(),
        "reversing": ReasonForm(auto_id="id_reversing_%s"),
        **bound,
    }
    return layered(request, "receivables/write_off.html", context, status=422 if bound else 200)


def _is_own(request: CompanyRequest, row: WriteOffRow) -> bool:
    return row.proposed_by_id is not None and row.proposed_by_id == request.person.id


def _doing(request: CompanyRequest) -> dict[str, Any]:
    return {"company": request.company, "on": day_of(request), "by": actor(request), "at": now()}


def _shown_page(request: CompanyRequest, filters: WriteOffFilters) -> tuple[Page[WriteOffRow], str]:
    """The page asked for and its sort; an old or foreign place shows the first page."""
    sort, scope = _sort(request.GET), scope_of(request)
    try:
        after = request.GET.get("after")
        return write_offs_page(filters=filters, sort=sort, after=after, size=SIZE, scope=scope), sort
    except CursorUnreadable:
        return write_offs_page(filters=filters, sort=sort, size=SIZE, scope=scope), sort


def _sort(query: QueryDict) -> str:
    sort = query.get("sort", "-newest")
    return sort if sort.removeprefix("-") in WRITE_OFF_SORTS else "-newest"


def _filters(query: QueryDict) -> WriteOffFilters:
    return WriteOffFilters(
        state=one_of(query, "state", WRITE_OFF_STATES),
        ground=one_of(query, "ground", {one.value: one for one in Ground}),
        customer=whole(query, "customer"),
        item=whole(query, "item"),
        text=text_of(query, "text"),
    )


def _tabs(query: QueryDict, filters: WriteOffFilters) -> tuple[Choice, ...]:
    words = {"": _("All"), **WRITE_OFF_STATES}
    return choices(query, "state", words, now=filters.state)


def _chips(query: QueryDict, filters: WriteOffFilters) -> Iterator[Chip]:
    if filters.ground:
        yield chip(query, "ground", _("Why"), GROUNDS[Ground(filters.ground)])
    if filters.customer is not None:
        yield chip(query, "customer", _("Customer"), _("one customer"))
    if filters.item is not None:
        yield chip(query, "item", _("Item"), _("one item"))


def _menus(query: QueryDict, filters: WriteOffFilters) -> Iterator[Menu]:
    if not filters.ground:
        yield Menu(_("Why"), choices(query, "ground", {one.value: word for one, word in GROUNDS.items()}))
