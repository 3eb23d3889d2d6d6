"""A list as a file: every row of exactly this view, safe to open in a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, TypeVar, cast

from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from debitora.dunning.queries.lists import DecisionRow, NoticeRow
from debitora.dunning.rules.reasons import Reason
from debitora.dunning.templatetags.dunning import CHANNELS, NOTICE_STATES, reason_word, stop_word
from debitora.formats.sheets import Value, csv_lines, dialect_of, xlsx_bytes
from debitora.kit.pg.company import serving
from debitora.receivables.queries import Page
from debitora.values.money import Money

Row = TypeVar("Row")
Line = Sequence[Value]

KINDS = ("csv", "xlsx")
_AT_A_TIME = 2_000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def pages_of(
    ask: Callable[[str | None, int], Page[Row]], line: Callable[[Row], Line], *, company: int
) -> Iterator[Line]:
    """Every row of a list as lines of a file; each page of it is read in a transaction of its own."""
    language, after = get_language(), None
    while True:
        with serving(company), transaction.atomic(), override(language):
            found = ask(after, _AT_A_TIME)
            lines = [line(row) for row in found.rows]
        yield from lines
        if found.next is None:
            return
        after = found.next


def as_file(kind: str, name: str, headers: Sequence[str], lines: Iterable[Line]) -> HttpResponse:
    """The answer that hands out the file; CSV leaves line by line."""
    if kind == "xlsx":
        answer: Any = HttpResponse(xlsx_bytes(headers, lines), content_type=_XLSX)
    else:
        written = csv_lines(headers, lines, dialect=dialect_of(get_language() or "en"))
        answer = StreamingHttpResponse(written, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return cast(HttpResponse, answer)  # every page answers one kind, a stream is served alike


def notice_headers() -> list[str]:
    """Names of the columns of notices."""
    return [
        _("Notice"),
        _("Customer number"),
        _("Customer"),
        _("Level"),
        _("Items"),
        _("Sum asked for"),
        _("Currency"),
        _("Channel"),
        _("Recipient"),
        _("State"),
        _("Because"),
    ]


def notice_line(row: NoticeRow) -> Line:
    """One notice as a line."""
    return [
        row.number,
        row.customer_number,
        row.customer_name,
        row.level,
        row.items,
        _decimal(row.total_minor, row.currency),
        row.currency,
        str(CHANNELS[row.way]),
        row.sent_to or (row.email if row.way == "mail" else ""),
        str(NOTICE_STATES[row.state]),
        stop_word(row.reason) if row.state in ("stopped", "cancelled", "refused", "render_failed") else "",
    ]


def decision_headers() -> list[str]:
    """Names of the columns of decisions."""
    return [
        _("Item"),
        _("Customer number"),
        _("Customer"),
        _("Due day"),
        _("Days overdue"),
        _("Open"),
        _("On hold"),
        _("Currency"),
        _("Level"),
        _("Reason"),
        _("Code"),
    ]


def decision_line(row: DecisionRow) -> Line:
    """One overdue item that was not dunned, as a line."""
    return [
        f"{row.number}/{row.position}" if row.position else row.number,
        row.customer_number,
        row.customer_name,
        row.due_on,
        row.days_overdue,
        _decimal(row.open_minor, row.currency),
        _decimal(row.held_minor, row.currency),
        row.currency,
        row.level_before,
        reason_word(row.reason),
        Reason(row.reason).code,
    ]


def _decimal(minor: int, currency: str) -> Decimal:
    return Money(minor, currency).decimal
