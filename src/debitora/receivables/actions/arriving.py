"""The watched folder of copies of invoices: a PDF that a program puts there goes to the item whose number stands in its name.

    <inbox>/<company code>/documents/            files arrive here, and wait for their items
                                     done/       kept with their items
                                     refused/    no PDF that could be sent, or its item is full

The folder is the setting: whoever runs the installation makes it. A copy often comes before the list that opens its item; it
waits, and is found again by its name alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import OperationalError, transaction

from debitora.kit import arrivals
from debitora.people.models import Company
from debitora.receivables.actions.documents import (
    DocumentRefused,
    NewDocument,
    TooManyDocuments,
    add_documents,
)
from debitora.receivables.queries.document_folder import DONE, REFUSED, document_folder
from debitora.receivables.queries.documents import items_meant
from debitora.receivables.rules.documents import MOST_BYTES
from debitora.trail.rules import Actor

MOST_NAMES: Final = 2_000
"""Names of one look; a folder with more is looked at in turns, the oldest first."""
_log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


def take_arrived_documents(*, company: Company, by: Actor, clock: Clock) -> dict[str, int]:
    """Keep what lies in the company's folder with the items that its names mean; returns how many files went where.

    A file is moved when it is kept: a crash between leaves it lying there, and the next look finds that it is kept already. What
    its owner takes away meanwhile is left alone, and so is everything while the database does not answer. None hinders another.
    """
    went = {DONE: 0, REFUSED: 0}
    waiting = sorted(arrivals.arrived(document_folder(company_code=company.code), at=clock()))[:MOST_NAMES]
    meant = _meant([path.name for _moment, path in waiting])
    for path in [path for _moment, path in waiting if path.name in meant]:
        with suppress(OSError, OperationalError):
            where = _take(company, path, meant[path.name], by, clock)
            if where:
                arrivals.moved(path, path.parent / where)
                went[where] += 1
    return went


def _meant(names: list[str]) -> dict[str, list[int]]:
    with transaction.atomic():
        return items_meant(names=names)


def _take(company: Company, path: Path, items: list[int], by: Actor, clock: Clock) -> str:
    """Keep the file with its items if it is whole; where it goes, "" for nowhere."""
    try:
        data = arrivals.whole(path, most=MOST_BYTES)
        if data is None:
            return ""
        file = NewDocument(path.name, data)
        with transaction.atomic():
            for item in sorted(items):
                add_documents(company=company.id, item=item, files=[file], by=by, at=clock())
    except (arrivals.TooLarge, DocumentRefused, TooManyDocuments) as problem:
        _log.warning("copy %a of %s is refused: %s", path.name, company.code, problem)
        return REFUSED
    return DONE
