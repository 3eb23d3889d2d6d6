"""The watched folder of a company's copies of invoices: where it is, and what lies in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from debitora.kit import arrivals
from debitora.kit.runtime import home

FOLDER: Final = "documents"
DONE, REFUSED = "done", "refused"
WATCHER: Final = "receivables.look"
"""Who brings the files of the watched folder."""


@dataclass(frozen=True, slots=True)
class DocumentFolder:
    """The folder: whether it exists, how many files wait in it for their items, and how many were refused."""

    path: Path
    exists: bool
    waiting: int
    refused: int


def document_folder(*, company_code: str) -> Path:
    """Where a company's copies of invoices arrive."""
    return home() / arrivals.INBOX / company_code / FOLDER


def watched_documents(*, company_code: str) -> DocumentFolder:
    """The folder as it is now."""
    path = document_folder(company_code=company_code)
    return DocumentFolder(
        path=path,
        exists=path.is_dir() and not path.is_symlink(),
        waiting=len(arrivals.files(path)),
        refused=len(arrivals.files(path / REFUSED)),
    )
