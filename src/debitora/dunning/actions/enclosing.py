"""The papers of made letters on their way into the store: letter, mail, and copies of invoices, frozen with their notice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from debitora.documents.actions import store_all
from debitora.documents.models import Blob
from debitora.dunning.actions.rendering import Made
from debitora.dunning.models import NoticeEnclosure
from debitora.dunning.queries.contents import Content

BATCH_BYTES: Final = 40_000_000
"""Copies that the notices of a batch may hold in memory together; a mail and a printed letter hold each once more."""
_PDF: Final = "application/pdf"
_KINDS: Final[Mapping[str, str]] = {"pdf": _PDF, "mail": "message/rfc822", "letter": _PDF}


def within_bounds(contents: Iterable[Content], *, most: int = BATCH_BYTES) -> Iterator[Content]:
    """As many of the contents as hold no more copies than memory should; the others are made alone."""
    left = most
    for content in contents:
        size = sum(one.copy.size for one in content.enclosures if one.sent)
        if size <= left:
            left -= size
            yield content


def stored_papers(
    *, company: int, letters: Sequence[Made], at: datetime
) -> list[tuple[Made, Blob, dict[str, Blob]]]:
    """The letters with their stored bytes: that of the notice itself, and by channel what differs from it."""
    parts = [(name, data) for one in letters for name, data in _parts(one)]
    kept = iter(store_all(company=company, kept=[(data, _KINDS[name]) for name, data in parts], at=at))
    found = []
    for one in letters:
        blobs = {name: next(kept) for name, _data in _parts(one)}
        found.append((one, blobs.pop("pdf"), blobs))
    return found


def _parts(one: Made) -> list[tuple[str, bytes]]:
    found = [("pdf", one.pdf), ("mail", one.mail), ("letter", one.paper)]
    return [(name, data) for name, data in found if data is not None]


def keep_enclosures(*, company: int, letters: Sequence[Made]) -> None:
    """Freeze which copies go with which notice."""
    NoticeEnclosure.objects.bulk_create(
        NoticeEnclosure(
            company_id=company,
            notice=one.content.notice,
            document_id=enclosure.copy.document,
            blob_id=enclosure.copy.blob,
            place=place,
            sent=enclosure.sent,
        )
        for one in letters
        for place, enclosure in enumerate(one.content.enclosures, start=1)
    )
