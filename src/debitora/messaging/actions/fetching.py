"""Look into the folder of a company's mails: take what has arrived, and move it out of the way.

    <inbox>/<company code>/mail/            mails arrive here, as files, or in new/ and cur/ of a Maildir
                                done/       taken
                                unread/     a person must look: the list of incoming mails says why; too large ones too

A file is moved when its row is stored. After a crash in between the next look finds the row, and moves the file.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from debitora.formats.mail.opening import BEGINNING, MAX_BYTES
from debitora.kit import arrivals
from debitora.kit.failpoints import failpoint
from debitora.messaging.actions.incoming import Brought, pause_in_storm, take_mails
from debitora.messaging.queries.incoming import DONE, UNREAD, mail_folder, places
from debitora.messaging.rules.returns import IncomingState
from debitora.people.models import Company
from debitora.trail.rules import Actor

BATCH: Final = 100
"""Mails of one transaction: their customers stay locked for some tenths of a second."""
BATCH_BYTES: Final = 20_000_000
MOST_AT_ONCE: Final = 5_000
"""Mails of one look; the next minute's goes on."""
Clock = Callable[[], datetime]


def fetch_mails(*, company: Company, by: Actor, clock: Clock) -> dict[str, int]:
    """Take what lies in the company's folder, the oldest first; returns how many mails were found to be what.

    A file that its owner takes away or changes meanwhile is left for the next look.
    """
    folder = mail_folder(company_code=company.code)
    waiting = sorted(one for place in places(folder) for one in arrivals.arrived(place, at=clock()))
    counts: Counter[str] = Counter()
    for batch in _batches(path for _moment, path in waiting[:MOST_AT_ONCE]):
        states = take_mails(company=company.id, brought=list(batch.values()), by=by, at=clock())
        failpoint("mails_kept")
        for path, one in batch.items():
            if one.sha256 in states:
                _put_away(path, folder, states[one.sha256] if one.data is not None else IncomingState.UNREAD)
                counts[states[one.sha256]] += 1
        if IncomingState.RETURNED in states.values():
            pause_in_storm(company=company.id, by=by, at=clock())
    return dict(counts)


def _batches(paths: Iterable[Path]) -> Iterator[dict[Path, Brought]]:
    """Files with what they hold, so many at a time that they fit into memory."""
    batch: dict[Path, Brought] = {}
    size = 0
    for path in paths:
        with suppress(OSError):
            one = _brought(path)
            batch[path] = one
            size += len(one.data or b"")
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = {}, 0
    if batch:
        yield batch


def _brought(path: Path) -> Brought:
    """The file's bytes; of one that is too large their hash and its beginning. Raises OSError."""
    size = path.stat().st_size
    if size <= MAX_BYTES:
        data = path.read_bytes()
        return Brought(path.name, hashlib.sha256(data).hexdigest(), len(data), data)
    with path.open("rb") as file:
        beginning = file.read(BEGINNING)
        file.seek(0)
        return Brought(path.name, hashlib.file_digest(file, "sha256").hexdigest(), size, None, beginning)


def _put_away(path: Path, folder: Path, state: str) -> None:
    """A file that is gone already is out of the way."""
    with suppress(FileNotFoundError):
        arrivals.moved(path, folder / (UNREAD if state == IncomingState.UNREAD else DONE))
