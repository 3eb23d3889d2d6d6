"""The list of bank files: narrowed, sorted, paged by keyset; of each, what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from debitora.cash.models import BankFile
from debitora.documents.queries import first_faults
from debitora.formats.faults import Fault
from debitora.receivables.queries import Page
from debitora.receivables.queries.items import as_pattern
from debitora.receivables.queries.paging import SortKey, page


@dataclass(frozen=True, slots=True)
class FileFilters:
    """What narrows the list of files; "" narrows nothing. state: taken, waits or refused. text: a part of the name."""

    state: str = ""
    format: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file as its list shows it. new: lines that none before it told. waiting: how many of its statements do. size: bytes.

    fault: the first thing that was wrong with it.
    """

    id: int
    upload: int
    name: str
    state: str
    format: str
    statements: int
    waiting: int
    lines: int
    new: int
    size: int
    by: str
    at: datetime
    fault: Fault | None = None


FILE_SORTS: Final = {
    "taken": SortKey("f.taken_at", "timestamptz", "f.id"),
    "name": SortKey("u.name", "text", "f.id"),
    "format": SortKey("f.format", "text", "f.id"),
    "lines": SortKey("f.line_count", "integer", "f.id"),
}
"""Words to sort files by; "-" in front turns the order round."""
_LISTED: Final = """select f.id, f.upload_id, u.name, f.state, f.format, f.statement_count, told.waiting, f.line_count, told.new, b.size,
    f.taken_by_label, f.taken_at
from cash_bankfile f
join documents_upload u on u.company_id = f.company_id and u.id = f.upload_id
join documents_blob b on b.company_id = u.company_id and b.id = u.blob_id
cross join lateral (
    select count(*) filter (where st.state = 'held') as waiting, coalesce(sum(st.new_count), 0) as new
    from cash_statement st where st.company_id = f.company_id and st.file_id = f.id
) told"""


def listed_files(
    *, filters: FileFilters, sort: str = "-taken", after: str | None = None, size: int
) -> Page[ListedFile]:
    """A page of files. `after` is the `next` of the page before. Raises SortUnknown and CursorUnreadable."""
    where = ["f.company_id = current_setting('app.company')::bigint", *_conditions(filters)]
    params = {
        "state": filters.state,
        "format": filters.format,
        "pattern": f"%{as_pattern(filters.text)}%",
    }
    found = page(_LISTED, where, params, ListedFile, keys=FILE_SORTS, sort=sort, after=after, size=size)
    faults = first_faults(uploads=[row.upload for row in found.rows])
    return replace(found, rows=tuple(replace(row, fault=faults.get(row.upload)) for row in found.rows))


def formats_taken() -> list[str]:
    """The formats of all files that were handed in, by their codes."""
    known = BankFile.objects.exclude(format="").order_by("format")
    return list(known.values_list("format", flat=True).distinct())


def _conditions(filters: FileFilters) -> Iterator[str]:
    if filters.state == "waits":
        yield "told.waiting > 0"
    elif filters.state:
        yield "f.state = %(state)s and told.waiting = 0"
    if filters.format:
        yield "f.format = %(format)s"
    if filters.text:
        yield "u.name ilike %(pattern)s"
