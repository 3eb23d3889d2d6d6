"""Make a notice's letter and mail from its content, without a look at the ledger: what cannot be made is a value, too."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import Error

from debitora.dunning.queries.contents import Content
from debitora.dunning.queries.lawfulness import forbidden
from debitora.dunning.queries.letters import Composed, Stock, compose
from debitora.kit import store
from debitora.kit.failpoints import FailpointReached
from debitora.kit.runtime import new_uuid
from debitora.kit.store import BytesDiffer, BytesMissing
from debitora.messaging.models import Sender
from debitora.messaging.queries.sender import answers_to
from debitora.messaging.queries.texts import NoSuchText
from debitora.messaging.rules.letter import LetterDoesNotAddUp
from debitora.messaging.rules.mail import (
    AddressRefused,
    Envelope,
    HeaderRefused,
    WrongAttachment,
    compose_mail,
    deliverable_address,
)
from debitora.messaging.rules.merging import LetterUnreadable, with_copies
from debitora.messaging.rules.pdf import LetterNotPrintable, render_letter
from debitora.messaging.rules.texts import TextNotRenderable

_UNRENDERABLE = (
    LetterDoesNotAddUp,
    LetterNotPrintable,
    TextNotRenderable,
    NoSuchText,
    AddressRefused,
    HeaderRefused,
    WrongAttachment,
    LetterUnreadable,
    BytesMissing,
    BytesDiffer,
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """A letter and, unless it goes on paper alone, its mail; `messages` are the channels with the id of the message that each will carry."""

    content: Content
    composed: Composed
    messages: tuple[tuple[str, UUID], ...]
    pdf: bytes
    mail: bytes | None
    paper: bytes | None = None
    """The letter with copies of invoices behind it, where it goes on paper with some."""

    @property
    def channel(self) -> str:
        """How it goes: mail, letter, or both."""
        return self.messages[0][0] if len(self.messages) == 1 else "both"


@dataclass(frozen=True, slots=True)
class Unmade:
    """A notice without a letter: `kind` is call_due, no_recipient or render_failed, `reason` what it failed of: an error, or the rule of law
    that keeps it back (docs/decisions/0038)."""

    content: Content
    kind: str
    reason: str = ""


def make(*, stock: Stock, content: Content, at: datetime) -> Made | Unmade:
    """The letter of a content as it reads on the moment `at`.

    A fault of the program itself is noted like a text that cannot be filled, and stands in the log: one notice must not
    keep the others. Only what the database refuses, or a crash, ends the batch.
    """
    try:
        return _made(stock, content, at)
    except _UNRENDERABLE as problem:
        return Unmade(content, "render_failed", type(problem).__name__)
    except (Error, OSError, FailpointReached):
        raise
    except Exception as problem:  # noqa: BLE001  # logged, and told as what became of the notice
        _log.exception("notice %s of company %s cannot be made", content.notice.id, stock.company.id)
        return Unmade(content, "render_failed", type(problem).__name__[:40])


def _made(stock: Stock, content: Content, at: datetime) -> Made | Unmade:
    if content.facts.step.get("channel") == "call":
        return Unmade(content, "call_due")
    composed = compose(stock=stock, content=content, at=at)
    if not composed.channels:
        return Unmade(content, "no_recipient")
    rule = forbidden(stock=stock, content=content, composed=composed)
    if rule:
        return Unmade(content, "render_failed", rule)
    pdf = render_letter(composed.letter, created_at=at)
    messages = tuple((channel, new_uuid()) for channel in composed.channels)
    copies = [
        (one.number, store.read(company=stock.company.id, digest=one.copy.sha256))
        for one in content.enclosures
        if one.sent
    ]
    mails = [
        _mail(composed, pdf, copies, stock.sender, named, at)
        for channel, named in messages
        if channel == "mail"
    ]
    paper = (
        with_copies(pdf, [data for _number, data in copies], title=composed.letter.notice_number)
        if copies and "letter" in composed.channels
        else None
    )
    return Made(content, composed, messages, pdf, next(iter(mails), None), paper)


def _mail(
    composed: Composed,
    pdf: bytes,
    copies: Sequence[tuple[str, bytes]],
    sender: Sender,
    public_id: UUID,
    at: datetime,
) -> bytes:
    domain = deliverable_address(sender.email).rpartition("@")[2]
    envelope = Envelope(
        recipient=composed.recipient.email,
        sender_name=sender.name,
        sender_address=sender.email,
        reply_to=answers_to(sender, public_id),
        message_id=f"<{public_id}@{domain}>",
        sent_at=at,
    )
    return compose_mail(composed.letter, body=composed.texts.mail, pdf=pdf, envelope=envelope, copies=copies)
