"""A list as a file: every row of exactly this view, safe to open in a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language, override

from debitora.formats.sheets import Value, csv_lines, dialect_of, xlsx_bytes
from debitora.kit.pg.company import serving

Row = TypeVar("Row", covariant=True)
Line = Sequence[Value]

KINDS = ("csv", "xlsx")
MOST_SHEET_ROWS = 100_000
"""More rows are CSV's business: a workbook is written before its first byte leaves."""
_AT_A_TIME = 2_000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Page(Protocol[Row]):
    """Some rows of a list; `next` is handed in to go on, None where the list ends."""

    @property
    def rows(self) -> Sequence[Row]:
        """In the order of the list."""

    @property
    def next(self) -> str | None:
        """Where the next page begins."""


def pages_of(
    ask: Callable[[str | None, int], Page[Row]], line: Callable[[Row], Line], *, company: int
) -> Iterator[Line]:
    """Every row of a list, page by page, as lines of a file.

    Each page has a transaction of its own, opened when it is asked for: the request's ends before a stream begins, and
    a slow reader must not hold one open. Labels are written in the language of the request.
    """
    language, after = get_language(), None
    while True:
        with serving(company), transaction.atomic(), override(language):
            found = ask(after, _AT_A_TIME)
            lines = [line(row) for row in found.rows]
        yield from lines
        if found.next is None:
            return
        after = found.next


def as_file(kind: str, name: str, headers: Sequence[str], lines: Iterable[Line]) -> HttpResponseBase:
    """The answer that hands out the file; CSV leaves line by line."""
    if kind == "xlsx":
        answer: HttpResponseBase = HttpResponse(xlsx_bytes(headers, lines), content_type=_XLSX)
    else:
        written = csv_lines(headers, lines, dialect=dialect_of(get_language() or "en"))
        answer = StreamingHttpResponse(written, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer
