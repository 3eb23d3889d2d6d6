"""What sales is asked before a step: her customers due, release or stop with a key, several at once, and the way back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from debitora.dunning import gates
from debitora.dunning.actions import Answered, NoticeOnItsWay, answer_questions, take_answers_back
from debitora.dunning.forms.sales import StopForm
from debitora.dunning.models import SalesQuestion
from debitora.dunning.pages.answers import chosen, day_of, done, refused, scope_of
from debitora.dunning.pages.sales_columns import FIRST, MONEY, SHOWN, WRITTEN, picking, question_columns
from debitora.dunning.queries.sales_list import (
    QUESTION_SORTS,
    QuestionFilters,
    QuestionRow,
    answers_of,
    asked_items,
    question_row,
    questions_page,
)
from debitora.kit import exports
from debitora.kit.columns import for_file, table
from debitora.kit.narrowing import (
    Chip,
    Choice,
    Menu,
    carried,
    chip,
    choices,
    ids,
    one_of,
    paging,
    text_of,
    whole,
    yes_no,
)
from debitora.kit.runtime import now
from debitora.kit.ways import elsewhere
from debitora.people.gates import CompanyRequest, actor, fetched, page
from debitora.people.queries import names_by_login, salespeople
from debitora.people.rules import may, sees_only_own_customers
from debitora.receivables.queries import CursorUnreadable, Page

SIZE = 50
MOST_AT_ONCE = 500
STATES = ("answered", "silent", "held", "all")
LEVELS = range(1, 10)


@page("notices.view")
def sales(request: CompanyRequest) -> HttpResponse:
    """The customers whose next notice waits for a word, those whose day comes first in front."""
    query, people = request.GET, _people(request)
    filters = _filters(query, people)
    shown, sort = _shown(request, filters)
    chips, may_answer = list(_chips(query, filters, people)), may(request.role, "notices.answer")
    picks = may_answer and any(row.waits for row in shown.rows)
    alike = {row.state for row in shown.rows} <= {"open"}
    usual = [name for name in SHOWN if (name != "salesperson" or people) and (name != "state" or not alike)]
    context = {
        "rows": shown.rows,
        **table(
            query, question_columns(may_answer=may_answer), usual, shown.rows,
            key=lambda row: row.question, before=picking if picks else None, first=FIRST,
        ),
        "sort": sort,
        **paging(query, shown.next),
        "tabs": _tabs(query, filters),
        "chips": chips,
        "menus": list(_menus(query, filters, people)),
        "text": filters.text,
        "carried": carried(query, but=["text"]),
        "narrowed": bool(chips or filters.text or filters.state != "waiting"),
        "own": sees_only_own_customers(request.role),
        "picks": picks,
        "page_keys": [(("r",), _("Release it")), (("s",), _("Stop …"))] if may_answer else [],
    }  # fmt: skip
    return render(request, "dunning/sales.html", context)


@page("notices.view")
@fetched
def sales_export(request: CompanyRequest, kind: str) -> HttpResponseBase:
    """All questions of the view as CSV or XLSX."""
    if kind not in exports.KINDS:
        raise Http404
    filters, sort = _filters(request.GET, _people(request)), _sort(request.GET)
    on, scope = day_of(request), scope_of(request)

    def ask(after: str | None, size: int) -> Page[QuestionRow]:
        return questions_page(filters=filters, on=on, sort=sort, after=after, size=size, scope=scope)

    known = question_columns(may_answer=False)
    columns = for_file(request.GET, known, WRITTEN, money=MONEY, first=FIRST)
    lines = exports.pages_of(
        ask, lambda row: [column.value(row) for column in columns], company=request.company.id
    )
    return exports.as_file(kind, f"sales-{on.isoformat()}", [column.label for column in columns], lines)


@page("notices.view")
def sales_question(request: CompanyRequest, question: int) -> HttpResponse:
    """One question: what it is about, what was said, and the form to stop it."""
    found = gates.sales_question(question=question, scope=scope_of(request))
    return _sheet(request, [found], StopForm(today=day_of(request)))


@page("notices.answer", methods=("POST",))
def sales_released(request: CompanyRequest) -> HttpResponse:
    """Release what the chosen questions are about."""
    found = _chosen(request)
    given = answer_questions(
        company=request.company, questions=[one.id for one in found], by=actor(request), at=now()
    )
    text = ngettext(
        "Released: the next run sends it.", "%(count)d released: the next run sends them.", len(given.kept)
    ) % {"count": len(given.kept)}
    return _answered(request, given, text)


@page("notices.answer", methods=("POST",))
def sales_stopped(request: CompanyRequest) -> HttpResponse:
    """Stop what the chosen questions are about: first until when and why, then do it."""
    found = _chosen(request)
    if not found:
        return refused(request, _("Choose at least one customer."), then=reverse("dunning:sales"))
    typed = "until" in request.POST
    form = StopForm(request.POST if typed else None, today=day_of(request))
    if not typed or not form.is_valid():
        return _sheet(request, found, form, status=422 if typed else 200)
    given = answer_questions(
        company=request.company,
        questions=[one.id for one in found],
        stop=form.stop,
        by=actor(request),
        at=now(),
    )
    text = ngettext("Stopped.", "%(count)d stopped.", len(given.kept)) % {"count": len(given.kept)}
    return _answered(request, given, text)


@page("notices.answer", methods=("POST",))
def sales_undone(request: CompanyRequest) -> HttpResponse:
    """Take answers back, and ask again."""
    scope, there = scope_of(request), reverse("dunning:sales")
    answers = [
        gates.sales_answer(answer=one, scope=scope).id
        for one in ids(request.POST.getlist("answer"))[:MOST_AT_ONCE]
    ]
    try:
        taken = take_answers_back(company=request.company, answers=answers, by=actor(request), at=now())
    except NoticeOnItsWay as going:
        told = _("Notice %(number)s is written already. Ask accounting to cancel it, or to place a hold.")
        return refused(request, told % {"number": going.args[0]}, then=there)
    if not taken:
        told = _("Nothing was taken back: somebody has answered anew meanwhile.")
        return refused(request, told, then=there)
    return done(request, _("Taken back. The question stands again."), then=there)


def _answered(request: CompanyRequest, given: Answered, text: str) -> HttpResponse:
    """What was kept, and what was not because somebody was faster or nothing is open of it any more."""
    there, left = reverse("dunning:sales"), []
    if given.before:
        told = ngettext(
            "%(count)d was answered by somebody else meanwhile.",
            "%(count)d were answered by somebody else meanwhile.",
            len(given.before),
        )
        left.append(told % {"count": len(given.before)})
    if given.over:
        told = ngettext(
            "%(count)d has been paid or reminded of meanwhile.",
            "%(count)d have been paid or reminded of meanwhile.",
            len(given.over),
        )
        left.append(told % {"count": len(given.over)})
    if not given.kept:
        return refused(request, " ".join(left) or _("Choose at least one customer."), then=there)
    return done(
        request,
        " ".join([text, *left]),
        then=there,
        undo=reverse("dunning:sales_undone"),
        sent={"answer": list(given.kept)},
    )


def _chosen(request: CompanyRequest) -> list[SalesQuestion]:
    scope = scope_of(request)
    return [
        gates.sales_question(question=one, scope=scope)
        for one in ids(map(str, chosen(request)))[:MOST_AT_ONCE]
    ]


def _sheet(
    request: CompanyRequest, found: list[SalesQuestion], form: StopForm, *, status: int = 200
) -> HttpResponse:
    on, only = day_of(request), found[0] if len(found) == 1 else None
    rows = [row for one in found if (row := question_row(question=one.id, on=on))]
    answers = answers_of(question=only.id) if only else []
    context: dict[str, Any] = {
        "found": found,
        "rows": rows,
        "row": rows[0] if only and rows else None,
        "items": asked_items(question=only.id) if only else [],
        "answers": answers,
        "name": only.customer.party.name if only else "",
        "form": form,
        "names": names_by_login(company=request.company),
        "may_answer": may(request.role, "notices.answer") and any(row.waits for row in rows),
        "may_undo": may(request.role, "notices.answer"),
        "customer_url": elsewhere("receivables:customer", only.customer_id) if only else "",
    }
    in_panel = request.headers.get("HX-Target") == "panel"
    return render(
        request, f"dunning/sales_question{'_panel' if in_panel else ''}.html", context, status=status
    )


def _people(request: CompanyRequest) -> dict[int, str]:
    """Whose customers can be told apart: nobody's for a salesperson, who sees only her own."""
    return {} if sees_only_own_customers(request.role) else salespeople(company=request.company)


def _shown(request: CompanyRequest, filters: QuestionFilters) -> tuple[Page[QuestionRow], str]:
    """The page asked for and its sort; an old or foreign place shows the first page."""
    sort = _sort(request.GET)
    known: dict[str, Any] = {"filters": filters, "on": day_of(request), "scope": scope_of(request)}
    try:
        shown = questions_page(**known, sort=sort, after=request.GET.get("after"), size=SIZE)
    except CursorUnreadable:
        shown = questions_page(**known, sort=sort, size=SIZE)
    return shown, sort


def _sort(query: QueryDict) -> str:
    sort = query.get("sort", "until")
    return sort if sort.removeprefix("-") in QUESTION_SORTS else "until"


def _filters(query: QueryDict, people: Mapping[int, str]) -> QuestionFilters:
    level, salesperson = whole(query, "level"), whole(query, "salesperson")
    return QuestionFilters(
        state=one_of(query, "state", STATES) or "waiting",
        level=level if level in LEVELS else None,
        salesperson=salesperson if salesperson in people else None,
        today=yes_no(query, "today") is True,
        text=text_of(query, "text"),
    )


def _tabs(query: QueryDict, filters: QuestionFilters) -> tuple[Choice, ...]:
    words = {
        "": _("Waiting"),
        "answered": _("Answered"),
        "silent": _("Released by silence"),
        "held": _("On hold meanwhile"),
        "all": _("All"),
    }
    return choices(query, "state", words, now="" if filters.state == "waiting" else filters.state)


def _chips(query: QueryDict, filters: QuestionFilters, people: Mapping[int, str]) -> Iterator[Chip]:
    if filters.salesperson is not None:
        yield chip(query, "salesperson", _("Salesperson"), people[filters.salesperson])
    if filters.level is not None:
        yield chip(query, "level", _("Level"), filters.level)
    if filters.today:
        yield chip(query, "today", _("Answer until"), _("today or earlier"))


def _menus(query: QueryDict, filters: QuestionFilters, people: Mapping[int, str]) -> Iterator[Menu]:
    if people and filters.salesperson is None:
        yield Menu(
            _("Salesperson"), choices(query, "salesperson", {str(one): name for one, name in people.items()})
        )
    if filters.level is None:
        yield Menu(_("Level"), choices(query, "level", {str(level): str(level) for level in range(1, 5)}))
    if not filters.today:
        yield Menu(_("Answer until"), choices(query, "today", {"yes": _("today or earlier")}))
