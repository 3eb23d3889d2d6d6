"""The bank files that were handed in: the list, the same list as a file, one of them, and its bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from debitora.cash import gates
from debitora.cash.forms.files import MOST_FILES
from debitora.cash.pages.answers import names_of
from debitora.cash.pages.file_columns import FIRST, SHOWN, STATES, WRITTEN, file_columns
from debitora.cash.queries.files import FileRow, file_rows
from debitora.cash.queries.listed_files import (
    FILE_SORTS,
    FileFilters,
    ListedFile,
    formats_taken,
    listed_files,
)
from debitora.cash.templatetags.cash import format_word
from debitora.documents.queries import read_bytes
from debitora.kit import exports
from debitora.kit.columns import for_file, table
from debitora.kit.narrowing import Chip, carried, chip, choices, ids, one_of, paging, text_of
from debitora.kit.runtime import today
from debitora.kit.store import BytesDiffer, BytesMissing
from debitora.kit.ways import handed_out
from debitora.people.gates import CompanyRequest, fetched, page
from debitora.people.rules import may
from debitora.receivables.queries import CursorUnreadable, Page

SIZE = 50


@page("statements.view")
def files(request: CompanyRequest) -> HttpResponse:
    """The files that were just handed in with what became of them, or all files as the address narrows them."""
    query = request.GET
    if query.get("known") or query.get("taken"):
        return _just_now(request)
    formats = {code: format_word(code) for code in formats_taken()}
    filters, names = _filters(query, formats), names_of(request)
    shown, sort = _shown(query, filters)
    chips = list(_chips(query, filters))
    context = {
        "rows": shown.rows,
        **table(query, file_columns(names), SHOWN, shown.rows, key=lambda row: row.id, first=FIRST),
        "sort": sort,
        **paging(query, shown.next),
        "chips": chips,
        "menus": [
            (_("State"), choices(query, "state", STATES)),
            (_("Format"), choices(query, "format", formats)),
        ],
        "text": filters.text,
        "carried": carried(query, but=["text"]),
        "narrowed": bool(chips or filters.text),
        "may_take": may(request.role, "statements.take"),
    }
    return render(request, "cash/files.html", context)


@page("statements.view")
@fetched
def files_export(request: CompanyRequest, kind: str) -> HttpResponseBase:
    """All files of the view as CSV or XLSX."""
    if kind not in exports.KINDS:
        raise Http404
    filters, sort, names = _filters(request.GET, formats_taken()), _sort(request.GET), names_of(request)
    columns = for_file(request.GET, file_columns(names), WRITTEN, first=FIRST)
    lines = exports.pages_of(
        lambda after, size: listed_files(filters=filters, sort=sort, after=after, size=size),
        lambda row: [column.value(row) for column in columns],
        company=request.company.id,
    )
    headers = [column.label for column in columns]
    return exports.as_file(kind, f"files-{today(request.company.time_zone)}", headers, lines)


@page("statements.view")
def file(request: CompanyRequest, bank_file: int) -> HttpResponse:
    """One file: its statements, and what was wrong with it."""
    found = gates.bank_file(bank_file=bank_file)
    return _told(request, file_rows(only=[found.id]))


@page("statements.view")
def original(request: CompanyRequest, bank_file: int) -> HttpResponse:
    """The bytes that were handed in, to be saved, never shown: whatever they claim to be, no browser runs them."""
    upload = gates.bank_file(bank_file=bank_file).upload
    try:
        data = read_bytes(upload.blob)
    except (BytesMissing, BytesDiffer):
        raise Http404 from None
    name = "".join(letter for letter in upload.name if letter.isprintable())
    return handed_out(data, "application/octet-stream", name, shown=False)


def _just_now(request: CompanyRequest) -> HttpResponse:
    known, taken = (ids(request.GET.getlist(name))[:MOST_FILES] for name in ("known", "taken"))
    return _told(request, file_rows(only={*known, *taken}), known=known, just_now=True)


def _told(
    request: CompanyRequest, rows: Sequence[FileRow], *, known: Sequence[int] = (), just_now: bool = False
) -> HttpResponse:
    context = {
        "rows": rows,
        "known": known,
        "just_now": just_now,
        "names": names_of(request),
        "may_take": may(request.role, "statements.take"),
    }
    return render(request, "cash/file.html", context)


def _shown(query: QueryDict, filters: FileFilters) -> tuple[Page[ListedFile], str]:
    """The page asked for and its sort; an old or foreign place shows the first page."""
    sort = _sort(query)
    try:
        shown = listed_files(filters=filters, sort=sort, after=query.get("after"), size=SIZE)
    except CursorUnreadable:
        shown = listed_files(filters=filters, sort=sort, size=SIZE)
    return shown, sort


def _sort(query: QueryDict) -> str:
    sort = query.get("sort", "-taken")
    return sort if sort.removeprefix("-") in FILE_SORTS else "-taken"


def _filters(query: QueryDict, formats: Iterable[str]) -> FileFilters:
    return FileFilters(
        state=one_of(query, "state", STATES),
        format=one_of(query, "format", formats),
        text=text_of(query, "text"),
    )


def _chips(query: QueryDict, filters: FileFilters) -> Iterator[Chip]:
    if filters.state:
        yield chip(query, "state", _("State"), STATES[filters.state])
    if filters.format:
        yield chip(query, "format", _("Format"), format_word(filters.format))
