"""What may be kept as a copy of an invoice, and to which number a file belongs by its name."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from typing import Any, Final

import pikepdf

from debitora.values.numbers import number_key

MOST_BYTES: Final = 10_000_000
"""Of one document. A scanned invoice has a tenth of it."""
MOST_PER_ITEM: Final = 20
MOST_PAGES: Final = 200
MOST_OBJECTS: Final = 50_000
"""Of a PDF; a scanned invoice has some hundred."""
_PROGRAMS: Final = frozenset(
    {"/JavaScript", "/Launch", "/Rendition", "/Movie", "/Sound", "/ImportData", "/SubmitForm"}
)
_WORD: Final = re.compile(r"[^\W_]+")
_LONGEST_RUN: Final = 6
"""A number is written in at most so many words: R-2026-11-0815 has four."""


class DocumentFault(StrEnum):
    """Why bytes are not taken as a copy of an invoice."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NO_PDF = "no_pdf"
    LOCKED = "locked"
    """It asks for a password: nobody could read what is sent."""
    TOO_MANY_PAGES = "too_many_pages"
    PROGRAM = "program"
    """It would do something by itself when it is opened."""


def document_fault(data: bytes) -> DocumentFault | None:
    """Why these bytes are not kept, or None. One that opens without a password may forbid changes; what is kept stays as it is, so that an e-invoice inside a PDF stays one."""
    if not data:
        return DocumentFault.EMPTY
    if len(data) > MOST_BYTES:
        return DocumentFault.TOO_LARGE
    if b"%PDF-" not in data[:1024]:
        return DocumentFault.NO_PDF
    try:
        with pikepdf.Pdf.open(io.BytesIO(data)) as found:
            return _fault_within(found)
    except pikepdf.PasswordError:
        return DocumentFault.LOCKED
    except (pikepdf.PdfError, pikepdf.ForeignObjectError, ValueError, RuntimeError):
        return DocumentFault.NO_PDF


def _fault_within(pdf: pikepdf.Pdf) -> DocumentFault | None:
    if not len(pdf.pages):
        return DocumentFault.NO_PDF
    if len(pdf.pages) > MOST_PAGES or len(pdf.objects) > MOST_OBJECTS:
        return DocumentFault.TOO_MANY_PAGES
    return DocumentFault.PROGRAM if any(map(_is_program, pdf.objects)) else None


def _is_program(thing: Any) -> bool:
    """Whether an object, or one written inside it, is an action that runs something."""
    left = [thing]
    while left:
        found = left.pop()
        if isinstance(found, pikepdf.Array):
            left.extend(_inside(found))
        elif isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            if "/JS" in found or str(found.get("/S", "")) in _PROGRAMS:
                return True
            left.extend(_inside(found.values() if isinstance(found, pikepdf.Dictionary) else ()))
    return False


def _inside(parts: Iterable[Any]) -> Iterator[Any]:
    """What is written in place; what is only referred to is an object of its own, and looked at there."""
    for part in parts:
        if isinstance(part, pikepdf.Object) and not part.is_indirect:
            yield part


def numbers_in(name: str) -> frozenset[str]:
    """The keys of all numbers that a file's name may hold: its words, and up to six neighbours read as one.

    "Invoice_R-2026-0815.pdf" holds R-2026-0815, and 2026-0815 and 0815 as well: which of them is meant is told by
    the ledger (`belongs_to`).
    """
    stem = name.rpartition(".")[0] or name
    words = list(_WORD.finditer(stem))
    return frozenset(
        number_key(stem[words[first].start() : words[last].end()])
        for first in range(len(words))
        for last in range(first, min(first + _LONGEST_RUN, len(words)))
    )


def belongs_to(name: str, known: Collection[str]) -> str:
    """The key of the number that a file's name means: the longest of those that are known; "" for none.

    Numbers of one or two characters are never read out of a name.
    """
    found = sorted(
        (key for key in numbers_in(name) & set(known) if len(key) > 2), key=lambda key: (-len(key), key)
    )
    return found[0] if found else ""


def that_fit(sizes: Iterable[int], *, most: int) -> list[bool]:
    """Of documents in their order, which are sent along: each that still fits into so many bytes."""
    left = most
    fitting = []
    for size in sizes:
        fitting.append(size <= left)
        left -= size if size <= left else 0
    return fitting
