"""The papers of a notice: its letter and mail as stored, or the letter as it would be made now."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime

from debitora.documents.queries import read_bytes
from debitora.dunning.models import Notice, NoticeEvent
from debitora.dunning.queries.contents import contents
from debitora.dunning.queries.letters import Stock, compose
from debitora.dunning.queries.notices import events_of
from debitora.kit.store import BytesDiffer, BytesMissing
from debitora.messaging.models import Intent
from debitora.messaging.queries import attempts_of, intents_of_subjects
from debitora.messaging.queries.texts import NoSuchText
from debitora.messaging.rules.letter import LetterDoesNotAddUp
from debitora.messaging.rules.pdf import LetterNotPrintable, render_letter
from debitora.messaging.rules.texts import TextNotRenderable
from debitora.people.models import Company


class NoLetter(Exception):
    """There is no letter to be shown; the text is a code: what keeps it from being made, or `erased`, `damaged`."""


@dataclass(frozen=True, slots=True)
class MailText:
    """A mail as it was sent: subject, addresses, and its plain text."""

    subject: str
    sender: str
    recipient: str
    text: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to a notice or its message; `kind` is an event, `state` a state of the message, which `channel`
    names where there are several."""

    at: datetime
    who: str
    kind: str
    state: str
    reason: str
    reply: str
    channel: str = ""


def stored_letter(*, made: NoticeEvent) -> bytes:
    """The letter's bytes, verified against their hash; `made` is the event that carries it. Raises NoLetter."""
    if made.document is None or made.document.erased_at is not None:
        raise NoLetter("erased")
    try:
        return read_bytes(made.document)
    except (BytesMissing, BytesDiffer):
        raise NoLetter("damaged") from None


def letter_now(*, company: Company, notice: Notice, at: datetime) -> bytes:
    """The letter as it would be made at this moment; nothing is stored. Raises NoLetter."""
    try:
        content = contents(notices=[notice.id])[notice.id]
        return render_letter(compose(stock=Stock(company), content=content, at=at).letter, created_at=at)
    except (LetterDoesNotAddUp, LetterNotPrintable, TextNotRenderable, NoSuchText) as problem:
        raise NoLetter(type(problem).__name__) from problem


def messages_of(*, notice: int) -> list[Intent]:
    """The messages made for a notice, oldest first."""
    return intents_of_subjects(kind="notice", subjects=[notice])


def mail_text(message: Intent) -> MailText | None:
    """What the mail says, read from its stored bytes; None for a letter, or where they are gone."""
    if message.body is None or message.body.erased_at is not None:
        return None
    try:
        parsed = email.message_from_bytes(read_bytes(message.body), policy=email.policy.default)
    except (BytesMissing, BytesDiffer):
        return None
    plain = parsed.get_body(preferencelist=("plain",))
    return MailText(
        subject=str(parsed["Subject"] or ""),
        sender=str(parsed["From"] or ""),
        recipient=str(parsed["To"] or ""),
        text=str(plain.get_content()) if plain else "",
    )


def history_of(*, notice: int) -> list[Happened]:
    """Everything that happened to a notice and its messages, newest first.

    At one moment the letter comes before its messages, and they before what became of the notice.
    """
    messages = messages_of(notice=notice)
    events = [
        Happened(event.recorded_at, event.actor_label, event.kind, "", event.reason, "")
        for event in events_of(notice=notice)
    ]
    attempts = [
        Happened(
            one.recorded_at,
            one.actor_label,
            "",
            one.state,
            one.reason,
            one.reply,
            message.channel if len(messages) > 1 else "",
        )
        for message in messages
        for one in attempts_of(intent=message.id)
    ]
    return sorted([*events, *attempts], key=lambda one: (one.at, one.kind not in ("", "rendered")))[::-1]
