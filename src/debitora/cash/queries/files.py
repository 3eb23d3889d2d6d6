"""Files of banks as pages show them: what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from debitora.cash.models import BankFile, Statement
from debitora.cash.queries.statements import StatementRow, statement_row
from debitora.documents.queries import faults_of
from debitora.formats.faults import Fault

MOST_FAULTS: Final = 20
"""So many faults of a file are shown where several files stand together."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file that was handed in, with its statements, and what was wrong with it: the first faults, and how many in all."""

    id: int
    name: str
    state: str
    format: str
    lines: int
    by: str
    at: datetime
    statements: list[StatementRow]
    faults: list[Fault]


@dataclass(frozen=True, slots=True)
class FilePage:
    """Some files, and the id that the next page begins below."""

    rows: list[FileRow]
    next: int | None


def file_by_id(*, bank_file: int) -> BankFile | None:
    """The file with its upload and where its bytes are; None if it is not there."""
    return BankFile.objects.select_related("upload__blob").filter(id=bank_file).first()


def files_page(*, only: Iterable[int] = (), before: int | None = None, size: int) -> FilePage:
    """Files, newest first: those with an id in `only` if that names any, below the id `before`."""
    found = BankFile.objects.select_related("upload").order_by("-id")
    chosen = set(only)
    if chosen:
        found = found.filter(id__in=chosen)
    if before is not None:
        found = found.filter(id__lt=before)
    some = list(found[: size + 1])
    shown = some[:size]
    statements = _by_file(shown)
    return FilePage(
        [_file(one, statements.get(one.id, [])) for one in shown],
        shown[-1].id if len(some) > size else None,
    )


def _by_file(files: Sequence[BankFile]) -> dict[int, list[StatementRow]]:
    found: dict[int, list[StatementRow]] = {}
    for one in (
        Statement.objects.filter(file__in=files).select_related("account").order_by("file_id", "place")
    ):
        found.setdefault(one.file_id, []).append(statement_row(one))
    return found


def _file(file: BankFile, statements: list[StatementRow]) -> FileRow:
    return FileRow(
        id=file.id,
        name=file.upload.name,
        state=file.state,
        format=file.format,
        lines=file.line_count,
        by=file.taken_by_label,
        at=file.taken_at,
        statements=statements,
        faults=faults_of(upload=file.upload, most=MOST_FAULTS),
    )
