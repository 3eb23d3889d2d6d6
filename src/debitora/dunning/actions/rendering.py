"""Make a notice's letter and mail from its content, without a look at the ledger: what cannot be made is a value, too."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import Error

from debitora.dunning.queries.contents import Content
from debitora.dunning.queries.lawfulness import forbidden
from debitora.dunning.queries.letters import Composed, Stock, compose
from debitora.kit.failpoints import FailpointReached
from debitora.kit.runtime import new_uuid
from debitora.messaging.models import Sender
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
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """A letter and, unless it goes on paper, its mail; `public_id` names the message that will carry it."""

    content: Content
    composed: Composed
    channel: str
    pdf: bytes
    mail: bytes | None
    public_id: UUID


@dataclass(frozen=True, slots=True)
class Unmade:
    """A notice without a letter: `kind` is no_recipient or render_failed, `reason` what it failed of: an error, or the rule of law
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
    composed = compose(stock=stock, content=content, at=at)
    if composed.channel is None:
        return Unmade(content, "no_recipient")
    rule = forbidden(stock=stock, content=content, composed=composed)
    if rule:
        return Unmade(content, "render_failed", rule)
    pdf, public_id = render_letter(composed.letter, created_at=at), new_uuid()
    mail = _mail(composed, pdf, stock.sender, public_id, at) if composed.channel == "mail" else None
    return Made(content, composed, composed.channel, pdf, mail, public_id)


def _mail(composed: Composed, pdf: bytes, sender: Sender, public_id: UUID, at: datetime) -> bytes:
    domain = deliverable_address(sender.email).rpartition("@")[2]
    envelope = Envelope(
        recipient=composed.recipient.email,
        sender_name=sender.name,
        sender_address=sender.email,
        reply_to=sender.reply_to,
        message_id=f"<{public_id}@{domain}>",
        sent_at=at,
    )
    return compose_mail(composed.letter, body=composed.texts.mail, pdf=pdf, envelope=envelope)
