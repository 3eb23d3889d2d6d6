"""The mailbox of a company: named, tested, and fetched mail by mail, each once.

A mail is taken (messaging.actions.incoming, once by the hash of its bytes), and that committed, before it is marked as read or moved;
and only then it is noted that its unique id was taken. So a worker that ends anywhere in between takes nothing twice and loses nothing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction

from debitora.formats.mail.opening import BEGINNING, MAX_BYTES
from debitora.kit.failpoints import failpoint
from debitora.kit.imap import ImapFolder, ImapServer, MailboxFailed, Waiting
from debitora.kit.sealing import CannotUnseal, seal
from debitora.messaging.actions.incoming import Brought, pause_in_storm, take_mails
from debitora.messaging.actions.sender import PasswordLost
from debitora.messaging.models import ImapMailbox
from debitora.messaging.queries.mailbox import about_password, mailbox_of, mailbox_password
from debitora.messaging.rules.returns import IncomingState
from debitora.people.models import Company
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject

BATCH: Final = 100
BATCH_BYTES: Final = 20_000_000
MOST_AT_ONCE: Final = 5_000
"""Mails of one look; the next minute's goes on."""
BEFORE: Final = timedelta(days=7)
"""What came in so long before the mailbox was named is read too."""
FIELDS: Final = ("host", "port", "security", "user", "folder", "done_folder")
_PLACE: Final = ("host", "user", "folder")
Clock = Callable[[], datetime]


class MailboxChangedMeanwhile(Exception):
    """Somebody else has saved the mailbox since it was shown."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """How far a look came: what mails were found to be, and whether one has to wait."""

    counts: Counter[str]
    waits: bool


def save_mailbox(
    *, company: int, changes: dict[str, Any], on: date, by: Actor, at: datetime, version: int = 0
) -> ImapMailbox:
    """This will name the mailbox (FIELDS, password); another place is read from its beginning. Raises MailboxChangedMeanwhile."""
    with transaction.atomic():
        box, _made = ImapMailbox.objects.select_for_update().get_or_create(
            company_id=company, defaults={"since_on": on - BEFORE, "version": 0}
        )
        if version != box.version:
            raise MailboxChangedMeanwhile
        fields: list[str] = [
            name for name in FIELDS if name in changes and getattr(box, name) != changes[name]
        ]
        for name in fields:
            setattr(box, name, changes[name])
        if "password" in changes:
            box.password_sealed = (
                seal(changes["password"], about=about_password(company)) if changes["password"] else ""
            )
            fields.append("password")
        if set(fields) & set(_PLACE):
            box.validity, box.last_uid = 0, 0
        box.version += 1
        box.problem, box.problem_words = "", ""
        box.save()
        record(
            company=company, by=by, at=at, verb="mailbox.saved", subjects=[Subject("mailbox", box.id)],
            facts={"fields": sorted(fields)},
        )  # fmt: skip
    return box


def try_mailbox(*, company: int) -> int:
    """This will sign in and open the folder, and change nothing there; returns how many mails it holds.

    Raises kit.imap.MailboxFailed and PasswordLost.
    """
    with transaction.atomic():
        box = mailbox_of(company=company)
    if box is None or not box.host:
        raise MailboxFailed("unreachable")
    with ImapFolder(_server(box), patience=10) as folder:
        return folder.count


def fetch_mailbox(*, company: Company, by: Actor, clock: Clock) -> dict[str, int]:
    """This will take the mails of the mailbox that were not taken yet, the oldest first; returns how many were found to be what.

    Why it could not be read is kept with the mailbox. Raises PasswordLost.
    """
    with transaction.atomic():
        box = mailbox_of(company=company.id)
    if box is None or not box.host:
        return {}
    counts: Counter[str] = Counter()
    problem = MailboxFailed("")
    try:
        with ImapFolder(_server(box)) as folder:
            after = box.last_uid if box.validity == folder.validity else 0
            waiting = folder.waiting(after=after, since=box.since_on, most=MOST_AT_ONCE)
            for batch in _batches(folder, box, waiting):
                taken = _take(company, box, folder, batch, by, clock)
                counts += taken.counts
                if taken.waits:
                    break
    except MailboxFailed as failed:
        problem = failed
    with transaction.atomic():
        mine = ImapMailbox.objects.filter(company_id=company.id, version=box.version)
        mine.update(looked_at=clock(), problem=problem.code, problem_words=problem.words)
    return dict(counts)


def _server(box: ImapMailbox) -> ImapServer:
    try:
        password = mailbox_password(box)
    except CannotUnseal:
        raise PasswordLost from None
    return ImapServer(box.host, box.port, box.security, box.user, password, box.folder)


def _batches(
    folder: ImapFolder, box: ImapMailbox, waiting: Sequence[Waiting]
) -> Iterator[dict[int, Brought | None]]:
    """Unique ids with what they hold, so many at a time that they fit into memory; None for what somebody has taken away."""
    batch: dict[int, Brought | None] = {}
    size = 0
    for one in waiting:
        batch[one.uid] = found = _brought(folder, box, one)
        size += len(found.data or b"") if found else 0
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = {}, 0
    if batch:
        yield batch


def _brought(folder: ImapFolder, box: ImapMailbox, one: Waiting) -> Brought | None:
    """A mail's bytes; of one that is too large its beginning, and a hash of that and its size."""
    name = f"{box.folder}/{one.uid}"
    if one.size <= MAX_BYTES:
        data = folder.bytes_of(one.uid)
        return None if data is None else Brought(name, hashlib.sha256(data).hexdigest(), len(data), data)
    beginning = folder.bytes_of(one.uid, most=BEGINNING)
    if beginning is None:
        return None
    digest = hashlib.sha256(beginning + str(one.size).encode()).hexdigest()
    return Brought(name, digest, one.size, None, beginning)


def _take(
    company: Company,
    box: ImapMailbox,
    folder: ImapFolder,
    batch: dict[int, Brought | None],
    by: Actor,
    clock: Clock,
) -> _Taken:
    """Take a batch, then put it away, then note how far that came: up to the first mail that has to wait."""
    there = [one for one in batch.values() if one is not None]
    states = take_mails(company=company.id, brought=there, by=by, at=clock())
    failpoint("mailbox_taken")
    counts: Counter[str] = Counter()
    reached, waits = 0, False
    for uid, one in batch.items():
        if one is not None:
            if one.sha256 not in states:
                waits = True
                break
            folder.put_away(uid, folder=box.done_folder if one.data is not None else "")
            counts[states[one.sha256]] += 1
        reached = uid
    failpoint("mailbox_put_away")
    if reached:
        with transaction.atomic():
            mine = ImapMailbox.objects.filter(company_id=company.id, version=box.version)
            mine.update(validity=folder.validity, last_uid=reached)
    if IncomingState.RETURNED in states.values():
        pause_in_storm(company=company.id, by=by, at=clock())
    return _Taken(counts, waits)
