"""Mails that came in: their folder, what they were found to be, and how many of ours came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from debitora.documents.queries import read_bytes
from debitora.formats.mail.attached import Letter, read_letter
from debitora.kit import arrivals
from debitora.kit.pg.bulk import rows
from debitora.kit.runtime import home
from debitora.kit.store import BytesDiffer, BytesMissing
from debitora.messaging.models import IncomingMail

FOLDER: Final = "mail"
DONE, UNREAD = "done", "unread"
_MAILDIR: Final = ("new", "cur")
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Returned:
    """How many mails came back lately, and how many left within a day, those included."""

    returned: int
    left: int


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The folder of a company's mails: whether it exists, how many wait in it, and how many lie there unread."""

    path: Path
    exists: bool
    waiting: int
    unread: int


def mail_folder(*, company_code: str) -> Path:
    """Where a company's mails arrive, as single files or as a Maildir."""
    return home() / arrivals.INBOX / company_code / FOLDER


def mailbox(*, company_code: str) -> Mailbox:
    """The folder as it is now."""
    path = mail_folder(company_code=company_code)
    return Mailbox(
        path=path,
        exists=path.is_dir() and not path.is_symlink(),
        waiting=sum(len(arrivals.files(place)) for place in places(path)),
        unread=len(arrivals.files(path / UNREAD)),
    )


def places(folder: Path) -> list[Path]:
    """Where in the folder mails arrive."""
    return [folder, *(folder / name for name in _MAILDIR)]


def returned_lately(*, company: int, at: datetime) -> Returned:
    """Mails that came back within the hour and since the last lock was lifted, beside those that left within a day."""
    found = rows(
        """select count(*) filter (where i.state = 'returned' and i.state_at > greatest(%(hour)s, lifted.at)) as returned,
                  count(*) as left
           from messaging_intent i
           cross join (
               select coalesce(max(recorded_at), '-infinity') as at from messaging_sendunlock
               where company_id = %(company)s
           ) lifted
           where i.company_id = %(company)s and i.channel = 'mail' and i.state in ('accepted', 'returned')
             and i.state_at > %(day)s""",
        company=company,
        hour=at - _HOUR,
        day=at - _DAY,
    )
    return Returned(**found[0])


@dataclass(frozen=True, slots=True)
class IncomingPage:
    """Mails of a list, newest first, and the id after which the next page begins."""

    rows: list[IncomingMail]
    next: int | None


def incoming_page(*, state: str = "", before: int | None = None, size: int = 50) -> IncomingPage:
    """Mails that came in, newest first, with the customers of the messages that they are about."""
    found = IncomingMail.objects.select_related("intent__party", "intent__customer")
    if state:
        found = found.filter(state=state)
    if before is not None:
        found = found.filter(id__lt=before)
    mails = list(found.order_by("-id")[: size + 1])
    return IncomingPage(mails[:size], mails[size - 1].id if len(mails) > size else None)


def incoming_of(*, intent: int) -> list[IncomingMail]:
    """The mails that are about a message, oldest first."""
    return list(IncomingMail.objects.filter(intent_id=intent).select_related("document").order_by("id"))


def unsorted_mails(*, most: int) -> list[IncomingMail]:
    """Mails that nobody who reads the inbox has looked at, oldest first."""
    found = IncomingMail.objects.filter(sorted_at=None).select_related("document").order_by("id")
    return list(found[:most])


def letter_of(*, mail: IncomingMail) -> Letter:
    """What a person wrote in a mail and attached to it; of one whose bytes are not kept, what the list shows of it."""
    if mail.document is None:
        return Letter(mail.words)
    try:
        return read_letter(read_bytes(mail.document))
    except (BytesMissing, BytesDiffer):
        return Letter(mail.words)
