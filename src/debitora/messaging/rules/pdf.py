"""A letter as a PDF/A-3 that is also accessible (PDF/UA-1), typeset by typst with our own font.

The same letter and the same moment give the same bytes.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

import typst

from debitora.messaging.rules.letter import Identity, Letter
from debitora.messaging.rules.sheet import sheet_of

LETTERS_FOLDER: Final = Path(__file__).parent.parent / "letters"
_STANDARDS: Final[list[typst.PDFStandard]] = ["a-3a", "ua-1"]
_COMPILING: Final = Lock()
_KEYWORDS: Final = re.compile(rb"<pdf:Keywords>([^<]*)</pdf:Keywords>")


class LetterNotPrintable(Exception):
    """The letter holds a character that our font does not have, or otherwise cannot be typeset; says which."""


class NoIdentity(Exception):
    """The bytes are not a letter of ours: no company, notice and as-of day stand in them."""


def render_letter(letter: Letter, *, created_at: datetime) -> bytes:
    """Typeset the letter; `created_at` (aware) becomes the document's date. Raises LetterNotPrintable.

    About 20 ms of CPU for one page with its code; one compiler per process, used by one thread at a time.
    """
    sheet = sheet_of(letter) | {"created": [created_at.year, created_at.month, created_at.day]}
    return _typeset("notice.typ", sheet, _STANDARDS, created_at)


def render_statement(sheet: Mapping[str, Any], *, created_at: datetime) -> bytes:
    """Typeset a statement of account (rules/statement.py). Raises LetterNotPrintable."""
    dated = {**sheet, "created": [created_at.year, created_at.month, created_at.day]}
    return _typeset("statement.typ", dated, _STANDARDS, created_at)


def render_interest(sheet: Mapping[str, Any], *, created_at: datetime) -> bytes:
    """Typeset an interest statement (rules/interest_statement.py). Raises LetterNotPrintable."""
    dated = {**sheet, "created": [created_at.year, created_at.month, created_at.day]}
    return _typeset("interest.typ", dated, _STANDARDS, created_at)


def render_dossier(sheet: Mapping[str, Any], *, created_at: datetime) -> bytes:
    """Typeset a customer's dossier (rules/dossier.py). Raises LetterNotPrintable."""
    dated = {**sheet, "created": [created_at.year, created_at.month, created_at.day]}
    return _typeset("dossier.typ", dated, _STANDARDS, created_at)


def render_cover(sheet: Mapping[str, Any], *, created_at: datetime) -> bytes:
    """Typeset the list that lies on a pile of letters (rules/pile.py). Raises LetterNotPrintable."""
    return _typeset("cover.typ", sheet, [], created_at)


def _typeset(
    template: str, sheet: Mapping[str, Any], standards: list[typst.PDFStandard], created_at: datetime
) -> bytes:
    """The template's `paper`, filled. The sheet is a literal of the main file: by sys.inputs, which every file may read,
    each letter would make the compiler forget what it has read of the layout."""
    data = json.dumps(sheet, ensure_ascii=False).replace("\\", "\\\\").replace('"', '\\"')
    main = f'#import "{template}": paper\n#paper(json(bytes("{data}")))\n'
    with _COMPILING:
        try:
            pdf = _compiler().compile(
                input=main.encode(),
                format="pdf",
                pdf_standards=standards,
                timestamp=created_at.astimezone(UTC).replace(microsecond=0),
            )
        except typst.TypstError as error:
            raise LetterNotPrintable(error.message) from error
    if not isinstance(pdf, bytes):
        raise LetterNotPrintable("no single document")
    return pdf


def read_identity(pdf: bytes) -> Identity:
    """Company, notice and as-of day that stand in a letter's metadata. Raises NoIdentity."""
    found = _KEYWORDS.search(pdf)
    keywords = html.unescape(found[1].decode()) if found else ""
    parts = dict(part.strip().split("=", 1) for part in keywords.split(",") if "=" in part)
    try:
        as_of = date.fromisoformat(parts["debitora-as-of"])
        return Identity(company=parts["debitora-company"], notice=parts["debitora-notice"], as_of=as_of)
    except (KeyError, ValueError):
        raise NoIdentity(keywords) from None


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    """Kept, so that fonts and layout are read once."""
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(LETTERS_FOLDER / "fonts")]
    )
    return typst.Compiler(b"", root=str(LETTERS_FOLDER), font_paths=fonts)
