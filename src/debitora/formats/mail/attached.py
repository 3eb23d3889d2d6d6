"""What a mail that a person wrote holds: her words, and the files attached to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from debitora.formats.mail.opening import MailUnreadable, Part, kind_of, one_line, opened, own_parts
from debitora.formats.mail.wrote import written

LONGEST_NAME: Final = 120
MOST_FILES: Final = 50


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a mail: what it is called, what the mail says that it is, and its bytes."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of the author, and what she attached."""

    text: str = ""
    files: tuple[Attached, ...] = ()


def read_letter(data: bytes) -> Letter:
    """What a raw mail holds for its reader. Never raises: of what is no mail nothing is read."""
    try:
        mail = opened(data)
    except MailUnreadable:
        return Letter()
    found = [_attached(part, place) for place, part in enumerate(_files(mail), start=1)]
    return Letter(written(mail), tuple(found[:MOST_FILES]))


def _files(mail: Part) -> list[Part]:
    """Parts with a name, and those that are no text: a picture in a signature is one of them."""
    return [
        part
        for part in own_parts(mail)
        if part.get_filename() or kind_of(part).partition("/")[0] not in ("text", "multipart", "message")
    ]


def _attached(part: Part, place: int) -> Attached:
    body = part.get_payload(decode=True)
    data = body if isinstance(body, bytes) else b""
    return Attached(_name(part) or f"{place}", kind_of(part), data)


def _name(part: Part) -> str:
    """What it is called, without folders and control characters; "" where it says nothing."""
    try:
        said = one_line(str(part.get_filename() or ""))
    except (ValueError, LookupError):
        return ""
    return said.replace("\\", "/").rpartition("/")[2].strip(". ")[-LONGEST_NAME:]
