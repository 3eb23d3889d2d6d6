"""What was learned, each kind as a list of its own: searched, sorted, leafed through, and as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from debitora.cash.queries.learned_lists import (
    ASIDE_SORTS,
    HABIT_SORTS,
    PAYER_SORTS,
    LearnedAside,
    LearnedHabit,
    LearnedPayer,
    learned_asides,
    learned_habits,
    learned_payers,
)
from debitora.cash.templatetags.cash import iban
from debitora.cash.templatetags.line_words import ignored_word, kind_word
from debitora.kit import exports
from debitora.kit.cells import addresses_of, markup, opener
from debitora.kit.columns import Column, for_file, labelled, table
from debitora.kit.narrowing import carried, one_of, paging, text_of
from debitora.kit.runtime import today
from debitora.kit.templatetags.debitora import day
from debitora.people.gates import CompanyRequest, fetched, page
from debitora.people.rules import may
from debitora.receivables.queries import CursorUnreadable, Page
from debitora.values.locales import format_number

SIZE: Final = 50
USUAL_SORT: Final = "-last"
Columns = dict[str, Column[Any]]
Learned = LearnedPayer | LearnedHabit | LearnedAside


@dataclass(frozen=True, slots=True)
class Kind:
    """A list: its title, what it asks for a page of rows, its sorts, its columns, the first of which none goes without.

    forgets: the address that forgets a row.
    """

    title: str | Promise
    ask: Callable[..., Page[Any]]
    sorts: Mapping[str, object]
    columns: Callable[[], Columns]
    first: str
    forgets: str


@page("statements.view")
def learned_list(request: CompanyRequest, lesson: str) -> HttpResponse:
    """All that was learned of one kind, as the address narrows and sorts it."""
    shown_kind, query, text = _kind(lesson), request.GET, text_of(request.GET, "text")
    sort = _sort(request, shown_kind)
    try:
        shown = shown_kind.ask(text=text, sort=sort, after=query.get("after"), size=SIZE)
    except CursorUnreadable:
        shown = shown_kind.ask(text=text, sort=sort, after=None, size=SIZE)
    columns = shown_kind.columns()
    if may(request.role, "settings.edit"):
        columns["forget"] = _forgetting(shown_kind)
    context = {
        "lesson": lesson,
        "title": shown_kind.title,
        "rows": shown.rows,
        **table(query, columns, list(columns), shown.rows, key=lambda row: row.id, first=shown_kind.first),
        "sort": sort,
        **paging(query, shown.next),
        "text": text,
        "carried": carried(query, but=["text"]),
    }
    return render(request, "cash/learned_list.html", context)


@page("statements.view")
@fetched
def learned_export(request: CompanyRequest, lesson: str, kind: str) -> HttpResponseBase:
    """All of the view as CSV or XLSX."""
    if kind not in exports.KINDS:
        raise Http404
    asked, text = _kind(lesson), text_of(request.GET, "text")
    sort, known = _sort(request, asked), asked.columns()
    columns = for_file(request.GET, known, list(known), first=asked.first)
    lines = exports.pages_of(
        lambda after, size: asked.ask(text=text, sort=sort, after=after, size=size),
        lambda row: [column.value(row) for column in columns],
        company=request.company.id,
    )
    name = f"learned-{lesson}-{today(request.company.time_zone)}"
    return exports.as_file(kind, name, [column.label for column in columns], lines)


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def _sort(request: CompanyRequest, kind: Kind) -> str:
    both_ways = [*kind.sorts, *(f"-{word}" for word in kind.sorts)]
    return one_of(request.GET, "sort", both_ways) or USUAL_SORT


def _payer_columns() -> Columns:
    customer = addresses_of("receivables:customer")

    def name(row: LearnedPayer) -> str:
        return opener(customer(row.customer), row.customer_name)

    return {
        "account": Column(
            _("Account of the payer"), lambda row: row.account, lambda row: iban(row.account), "nowrap", "account", "data-title"
        ),
        "customer": Column(_("Customer"), lambda row: row.customer_name, name, "clip", "customer", "data-wide"),
        **_number_of_customer(),
        **_how_often(),
    }  # fmt: skip


def _habit_columns() -> Columns:
    customer = addresses_of("receivables:customer")

    def name(row: LearnedHabit) -> str:
        return opener(customer(row.id), row.customer_name)

    return {
        "customer": Column(
            _("Customer"), lambda row: row.customer_name, name, "clip", "customer", "data-title"
        ),
        **_number_of_customer(),
        "pays": Column(_("Pays"), _pays, _pays, "", "", 'data-wide data-label=""'),
        **_how_often(),
    }


def _aside_columns() -> Columns:
    def way(row: LearnedAside) -> str:
        return _("money in") if row.way == "in" else _("money out")

    def reason(row: LearnedAside) -> str:
        return ignored_word(row.ignored_for)

    return {
        "counterpart": Column(
            _("Counterpart"), lambda row: row.counterpart, lambda row: iban(row.counterpart), "clip", "counterpart",
            "data-title",
        ),
        "way": Column(_("Direction"), way, way, "", "", labelled()),
        "reason": Column(_("Reason"), reason, reason, "", "", 'data-wide data-label=""'),
        **_how_often(),
    }  # fmt: skip


def _number_of_customer() -> Columns:
    return {
        "number": Column(_("Number"), lambda row: row.customer_number, lambda row: row.customer_number, "", "", labelled())
    }  # fmt: skip


def _how_often() -> Columns:
    language = get_language() or "en"
    return {
        "times": Column(
            _("Times"), lambda row: row.times, lambda row: format_number(row.times, language), "num", "times",
            labelled(_("Times")),
        ),
        "last": Column(
            _("Last"), lambda row: row.last_on, lambda row: day(row.last_on), "date", "last", labelled(_("Last"))
        ),
    }  # fmt: skip


def _pays(row: LearnedHabit) -> str:
    """Each kind with how often; one without words is left out."""
    language = get_language() or "en"
    return ", ".join(
        ngettext("%(kind)s %(shown)s time", "%(kind)s %(shown)s times", times)
        % {"kind": word, "shown": format_number(times, language)}
        for kind, times in zip(row.kinds, row.each, strict=True)
        if (word := kind_word(kind))
    )


def _forgetting(kind: Kind) -> Column[Any]:
    """The button of each row; all belong to one form, which bears the proof that the page is ours."""
    address, word = addresses_of(kind.forgets), _("Forget")

    def button(row: Learned) -> str:
        return markup(
            f'<button class="btn btn-small" form="forget" formaction="{address(row.id)}"'
            f' aria-label="{escape(_what_is_forgotten(row))}">{escape(word)}</button>'
        )

    return Column(word, lambda _row: "", button, "", "", "data-wide")


def _what_is_forgotten(row: Learned) -> str:
    if isinstance(row, LearnedHabit):
        return _("Forget how %(name)s pays") % {"name": row.customer_name}
    account = row.account if isinstance(row, LearnedPayer) else row.counterpart
    return _("Forget %(account)s") % {"account": iban(account)}


KINDS: Final[Mapping[str, Kind]] = {
    "payers": Kind(
        gettext_lazy("Accounts that pay"), learned_payers, PAYER_SORTS, _payer_columns, "account", "cash:payer"
    ),
    "habits": Kind(
        gettext_lazy("How customers pay"), learned_habits, HABIT_SORTS, _habit_columns, "customer", "cash:habits"
    ),
    "asides": Kind(
        gettext_lazy("Lines set aside"), learned_asides, ASIDE_SORTS, _aside_columns, "counterpart", "cash:aside"
    ),
}  # fmt: skip
