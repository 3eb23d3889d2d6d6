"""Notes: whom a text mentions, and which files may come with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from debitora.people.rules import mentions
from debitora.receivables.rules.documents import MOST_BYTES, document_fault

LONGEST_NOTE: Final = 5_000
MOST_FILES: Final = 5
MOST_MENTIONS: Final = 20
_PICTURES: Final[Mapping[bytes, str]] = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
"""How a picture begins, and what it is."""
_PDF: Final = "application/pdf"


class NoteFault(StrEnum):
    """Why a file is not kept with a note."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NO_PDF_OR_PICTURE = "no_pdf_or_picture"
    """Neither a PDF that can be read nor a picture (PNG, JPEG)."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """Whom a text mentions: the ids of those who are known, and the words behind an @ that name nobody."""

    users: tuple[int, ...]
    unknown: tuple[str, ...]


def mentions_in(text: str, logins: Mapping[str, int]) -> Mentions:
    """Whom a text mentions by @login, each once, in the order of the text; `logins` are the people who may be told, lower case."""
    users: dict[int, None] = {}
    unknown: dict[str, None] = {}
    for found in mentions(text, logins):
        user = logins.get(found.login.lower())
        if user is None:
            unknown[found.login] = None
        else:
            users[user] = None
    return Mentions(tuple(users), tuple(unknown))


def file_kind(data: bytes) -> str | None:
    """The media type of what may be kept with a note; None for anything else."""
    if b"%PDF-" in data[:1024]:
        return _PDF if document_fault(data) is None else None
    return next((kind for begin, kind in _PICTURES.items() if data.startswith(begin)), None)


def file_fault(data: bytes) -> NoteFault | None:
    """Why these bytes are not kept, or None."""
    if not data:
        return NoteFault.EMPTY
    if len(data) > MOST_BYTES:
        return NoteFault.TOO_LARGE
    return None if file_kind(data) else NoteFault.NO_PDF_OR_PICTURE
