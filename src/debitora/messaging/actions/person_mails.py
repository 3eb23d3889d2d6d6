"""Hand mails to people of the company to its mail server, each at most once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Final

from django.db import transaction

from debitora.kit.failpoints import failpoint
from debitora.kit.runtime import new_uuid
from debitora.kit.smtp import Conversation, NotTaken, Outcome
from debitora.messaging.actions.sender import mail_server
from debitora.messaging.models import PersonMail, Sender
from debitora.messaging.queries.own_mails import stop_mark
from debitora.messaging.queries.sender import is_home, lock_in_force, may_write_to, sender_of
from debitora.messaging.rules.mail import AddressRefused, deliverable_address
from debitora.messaging.rules.mime import ending_headers
from debitora.messaging.rules.own_mails import TOO_LATE
from debitora.people.models import Company, Grant

_BATCH: Final = 100
_NOTHING_SAID: Final = {"subject": "", "text": "", "html": ""}


@dataclass(slots=True)
class _Line:
    """The way to the server with who writes over it, and how many mails ended in which state."""

    company: Company
    sender: Sender
    base: str
    clock: Callable[[], datetime]
    conversation: Conversation
    ended: Counter[str] = field(default_factory=Counter)


def send_person_mails(*, company: Company, base: str, clock: Callable[[], datetime]) -> dict[str, int]:
    """Send what waits for people of the company; how many ended in which state. `base`: the address of the company's pages.

    Nothing goes where no mail server is known, sending is locked or this is a copy. Two workers share the mails out between
    them: whoever notes the beginning sends, and what has begun is never begun again. Raises PasswordLost.
    """
    with transaction.atomic():
        sender = sender_of(company=company.id)
        if not sender.smtp_host or not is_home() or lock_in_force(company=company.id):
            return {}
        line = _Line(company, sender, base, clock, Conversation(mail_server(sender)))
    try:
        after = 0
        while batch := _waiting(after):
            after = batch[-1]
            if not all(_send(line, mail) for mail in batch):
                break
    finally:
        line.conversation.close()
    return dict(line.ended)


def _waiting(after: int) -> list[int]:
    with transaction.atomic():
        found = PersonMail.objects.filter(state="queued", id__gt=after).order_by("id")
        return list(found.values_list("id", flat=True)[:_BATCH])


def _send(line: _Line, mail: int) -> bool:
    """Take one mail as far as it goes; False if the server is not to be asked again now."""
    with transaction.atomic():
        found = PersonMail.objects.filter(id=mail, state="queued").first()
        if found is None:
            return True
        address, reason = _address(line, found)
    if not address:
        _end(line, found, "queued", "dropped", reason)
        return True
    try:
        _hand_over(line, found, address)
    except NotTaken as refusal:
        return _refused(line, found, refusal.outcome)
    return True


def _address(line: _Line, mail: PersonMail) -> tuple[str, str]:
    """Where it goes, or why it goes nowhere."""
    if line.clock() - mail.queued_at > TOO_LATE:
        return "", "too_late"
    granted = Grant.objects.filter(company=line.company, user_id=mail.user_id, user__is_active=True)
    person = granted.select_related("user").first()
    if person is None:
        return "", "no_role"
    try:
        address = deliverable_address(person.user.email)
    except AddressRefused:
        return "", "address_refused"
    return (address, "") if may_write_to(sender=line.sender, recipient=address) else ("", "not_allowed")


def _hand_over(line: _Line, mail: PersonMail, address: str) -> None:
    """Name both sides, note that it begins, hand it in. Raises NotTaken."""
    fresh = line.conversation.open()
    own = deliverable_address(line.sender.email)
    try:
        line.conversation.envelope(own, address)
    except NotTaken:
        if fresh or line.conversation.is_open:
            raise
        line.conversation.open()
        line.conversation.envelope(own, address)
    data = _written(line, mail, own, address)
    if not _move(mail, "queued", "started", "", line.clock()):
        line.conversation.reset()
        return
    failpoint("person_mail_started")
    line.conversation.data(data)
    _end(line, mail, "started", "sent", "")


def _refused(line: _Line, mail: PersonMail, outcome: Outcome) -> bool:
    """A refusal for good ends it; one for now leaves it waiting; silence at the end leaves it begun, for nobody knows."""
    if outcome.phase == "dot" and not outcome.code:
        line.ended["started"] += 1
        return False
    before = "started" if outcome.phase in ("data", "dot") else "queued"
    about_it = outcome.phase in ("rcpt", "data", "dot") and bool(outcome.code)
    if about_it and outcome.code >= 500:
        _end(line, mail, before, "refused", str(outcome.code))
    elif before == "started":
        _move(mail, "started", "queued", "", line.clock())
    return about_it and outcome.code != 421


def _end(line: _Line, mail: PersonMail, before: str, state: str, reason: str) -> None:
    if _move(mail, before, state, reason, line.clock()):
        line.ended[state] += 1


def _move(mail: PersonMail, before: str, state: str, reason: str, at: datetime) -> bool:
    """Write the state if it is still the one before; what has ended says nothing any more."""
    said = {} if state in ("queued", "started") else _NOTHING_SAID
    with transaction.atomic():
        mine = PersonMail.objects.filter(id=mail.id, state=before)
        return bool(mine.update(state=state, reason=reason, state_at=at, **said))


def _written(line: _Line, mail: PersonMail, own: str, address: str) -> bytes:
    """The bytes: text and HTML of the same words, and the header by which a mail program offers to end such mails (RFC 8058)."""
    mark = stop_mark(company=line.company.id, user=mail.user_id, kind=mail.kind)
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((line.sender.name or "Debitora", own))
    message["To"] = address
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(line.clock())
    message["Message-ID"] = f"<{new_uuid()}@{own.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return ending_headers(f"{line.base}/own-mails/stop/{mark}/") + message.as_bytes()
