"""Files of banks with all that became of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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
    """A file that was handed in, with its statements, and the first faults of it. kept: its bytes are."""

    id: int
    name: str
    state: str
    format: str
    lines: int
    by: str
    at: datetime
    kept: bool
    statements: list[StatementRow]
    faults: list[Fault]


def file_by_id(*, bank_file: int) -> BankFile | None:
    """The file with its upload and where its bytes are; None if it is not there."""
    return BankFile.objects.select_related("upload__blob").filter(id=bank_file).first()


def file_rows(*, only: Collection[int]) -> list[FileRow]:
    """The files with these ids, newest first."""
    found = list(BankFile.objects.filter(id__in=only).select_related("upload__blob").order_by("-id"))
    statements = _by_file(found)
    return [_file(one, statements.get(one.id, [])) for one in found]


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
        kept=file.upload.blob.size > 0,
        statements=statements,
        faults=faults_of(upload=file.upload, most=MOST_FAULTS),
    )
