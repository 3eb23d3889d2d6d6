"""A stored mail read back: what its headers say, its text, and what is attached."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from typing import Final

_SHOWN: Final = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail, with its size in bytes."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class ReadMail:
    """A mail for eyes; the HTML form of the same words is left to mail programs."""

    headers: tuple[tuple[str, str], ...]
    text: str
    attachments: tuple[Attachment, ...]


def read_mail(data: bytes) -> ReadMail:
    """The mail as it was sent."""
    message = message_from_bytes(data, policy=default)
    body = message.get_body(preferencelist=("plain",))
    return ReadMail(
        headers=tuple((name, str(message[name])) for name in _SHOWN if message[name]),
        text=str(body.get_content()) if body else "",
        attachments=tuple(
            Attachment(part.get_filename() or "", len(part.get_payload(decode=True) or b""))
            for part in message.iter_attachments()
        ),
    )
