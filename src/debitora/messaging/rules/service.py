"""What a letter service is given of a pile: one PDF, and an index that says which pages are which letter."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

COLUMNS: Final = (
    "file",
    "file_sha256",
    "place",
    "key",
    "first_page",
    "pages",
    "country",
    "postcode",
    "letter_sha256",
)
"""Of the index, in their order (docs/reference/letter-service.md). No names: they stand in the letters only."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A letter of the pile. `key` stays the same however often it is handed over: a service prints a key once."""

    key: UUID
    pages: int
    country: str
    postcode: str
    sha256: str


def file_names(*, company_code: str, number: int, token: str) -> tuple[str, str]:
    """The names of PDF and index; the token keeps those of a restored database apart."""
    base = f"{company_code}-{number:06d}-{token[:8]}"
    return f"{base}.pdf", f"{base}.csv"


def index_of(letters: Sequence[Enclosed], *, file: str, sha256: str) -> bytes:
    """The index as CSV (RFC 4180, UTF-8): a line per letter, in the order of the PDF's pages."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    first = 1
    for place, one in enumerate(letters, 1):
        writer.writerow(
            [file, sha256, place, one.key, first, one.pages, one.country, one.postcode, one.sha256]
        )
        first += one.pages
    return out.getvalue().encode()
