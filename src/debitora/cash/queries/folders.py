"""The watched folder of a company's bank files: where it is, and what lies in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from debitora.cash.models import BankFile
from debitora.cash.queries.files import FileRow, file_rows
from debitora.kit import arrivals
from debitora.kit.runtime import home

FOLDER: Final = "bank"
DONE, REFUSED = "done", "refused"
WATCHER: Final = "cash.look"
"""Who brings the files of the watched folder."""


@dataclass(frozen=True, slots=True)
class BankFolder:
    """The folder: whether it exists, how many files wait in it, how many were refused, and the newest that it brought."""

    path: Path
    exists: bool
    waiting: int
    refused: int
    newest: FileRow | None


def bank_folder(*, company_code: str) -> Path:
    """Where a company's bank files arrive."""
    return home() / arrivals.INBOX / company_code / FOLDER


def watched_folder(*, company_code: str) -> BankFolder:
    """The folder as it is now."""
    path = bank_folder(company_code=company_code)
    newest = BankFile.objects.filter(taken_by_label=WATCHER).order_by("-id").first()
    return BankFolder(
        path=path,
        exists=path.is_dir() and not path.is_symlink(),
        waiting=len(arrivals.files(path)),
        refused=len(arrivals.files(path / REFUSED)),
        newest=file_rows(only=[newest.id])[0] if newest else None,
    )
