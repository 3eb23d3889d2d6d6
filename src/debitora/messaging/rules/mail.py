"""A notice as a mail: plain text and HTML of the same words, the letter attached, for exactly one recipient.

Nothing is fetched when it is read: no pictures, no fonts, no trace. The same input gives the same bytes, so that a
mail sent again is the same mail.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Final

from debitora.messaging.rules.letter import Identity, Letter
from debitora.messaging.rules.mail_words import MailWords, mail_html, mail_text, mail_words
from debitora.messaging.rules.mime import LOGO_ID, assemble, header, sender_header
from debitora.messaging.rules.pdf import read_identity
from debitora.values.emails import is_address

NOTICE_HEADER: Final = "X-Debitora-Notice"
_MESSAGE_ID: Final = re.compile(r"<[A-Za-z0-9.\-]+@[A-Za-z0-9.\-]+>")
_NOT_IN_FILE_NAMES: Final = re.compile(r"[^\w.\-]+")


class AddressRefused(Exception):
    """The address is not exactly one that every mail server can deliver to; carries a code and the address."""

    def __init__(self, code: str, address: str) -> None:
        super().__init__(f"{code}: {address!r}")
        self.code = code
        self.address = address


class HeaderRefused(Exception):
    """A header value would break its line, or is no Message-ID."""


class WrongAttachment(Exception):
    """The PDF belongs to another notice or company than the mail."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sends to whom: `recipient` is the address that the intent recorded, `message_id` the intent's own.

    `sent_at` is aware and becomes the Date header.
    """

    recipient: str
    sender_name: str
    sender_address: str
    message_id: str
    sent_at: datetime
    reply_to: str = ""


MOST_BEFORE_AT: Final = 64
"""Characters of an address before its @ (RFC 5321, 4.5.3.1.1)."""


def reply_address(*, answers: str, sender: str, mark: str) -> str:
    """Where an answer goes: to `answers`, "" for the sender's own address; with a mark to name+mark@domain (RFC 5233).

    Without the mark where the address has one already, or would become longer than servers take.
    """
    local, _, domain = (answers or sender).rpartition("@")
    marked = f"{local}+{mark}"
    fits = bool(mark and local) and "+" not in local and '"' not in local and len(marked) <= MOST_BEFORE_AT
    return f"{marked}@{domain}" if fits else answers


def compose_mail(
    letter: Letter,
    *,
    body: tuple[str, ...],
    pdf: bytes,
    envelope: Envelope,
    copies: Sequence[tuple[str, bytes]] = (),
) -> bytes:
    """The mail as it goes over the wire (CRLF): subject of the letter, `body` paragraphs, sum, items, PDF attached.

    `copies` are PDFs of invoices by their numbers, attached behind it.

    Raises AddressRefused, HeaderRefused, WrongAttachment, and NoIdentity when the PDF is no letter of ours.
    """
    return written(
        mail_words(letter, body),
        identity=letter.identity,
        number=letter.notice_number,
        pdf=pdf,
        envelope=envelope,
        logo=letter.sender.logo,
        copies=copies,
    )


def written(
    words: MailWords,
    *,
    identity: Identity,
    number: str,
    pdf: bytes,
    envelope: Envelope,
    logo: bytes = b"",
    copies: Sequence[tuple[str, bytes]] = (),
) -> bytes:
    """A mail of these words (mail_words.py) with its PDF attached under the name of `number`. Raises as compose_mail.

    `logo` (PNG) travels inside the mail; nothing is loaded from anywhere.
    """
    if read_identity(pdf) != identity:
        raise WrongAttachment(f"{read_identity(pdf)} for {identity}")
    html = mail_html({**words, "logo": LOGO_ID if logo else ""})
    return assemble(
        _heads(words, identity, envelope),
        text=mail_text(words),
        html=html,
        pdfs=[(attachment_name(number), pdf), *_named_apart(copies, {attachment_name(number)})],
        logo=logo,
        seed=envelope.message_id,
    )


def _named_apart(copies: Sequence[tuple[str, bytes]], taken: set[str]) -> Iterator[tuple[str, bytes]]:
    """The copies under file names of their numbers; where one is taken, with a counter behind it."""
    for number, data in copies:
        plain, place = number.encode("ascii", "replace").decode().replace("?", "-"), 1
        while attachment_name(plain if place == 1 else f"{plain}-{place}") in taken:
            place += 1
        name = attachment_name(plain if place == 1 else f"{plain}-{place}")
        taken.add(name)
        yield name, data


def deliverable_address(address: str) -> str:
    """The address in the form for SMTP: its domain in ASCII.

    Raises AddressRefused with code `not_one_address`, `local_part_not_ascii` or `domain_ambiguous`: a domain that does
    not survive the way to ASCII and back names another one (by IDNA 2003 straße.de becomes strasse.de); its xn-- form
    can be used instead.
    """
    if not is_address(address):
        raise AddressRefused("not_one_address", address)
    local, _, domain = address.rpartition("@")
    if not local.isascii():
        raise AddressRefused("local_part_not_ascii", address)
    if domain.isascii():
        return address
    try:
        ascii_domain = domain.encode("idna").decode()
        same = ascii_domain.encode().decode("idna") == domain.lower()
    except UnicodeError:
        same = False
    if not same:
        raise AddressRefused("domain_ambiguous", address)
    return f"{local}@{ascii_domain}"


def attachment_name(notice_number: str) -> str:
    """A file name that every system accepts: M-2026-0815.pdf."""
    return f"{_NOT_IN_FILE_NAMES.sub('-', notice_number).strip('-.')[:80] or 'letter'}.pdf"


def _heads(words: MailWords, identity: Identity, envelope: Envelope) -> list[bytes]:
    """The mail's own headers."""
    sender = deliverable_address(envelope.sender_address)
    heads = [
        sender_header("From", _one_line(envelope.sender_name), sender),
        header("To", deliverable_address(envelope.recipient)),
        header("Subject", _one_line(words["subject"])),
        header("Date", format_datetime(envelope.sent_at)),
        header("Message-ID", _message_id(envelope.message_id)),
        header(NOTICE_HEADER, _one_line(identity.notice)),
    ]
    if envelope.reply_to:
        heads.insert(2, header("Reply-To", deliverable_address(envelope.reply_to)))
    return heads


def _one_line(value: str) -> str:
    """Control characters, line breaks among them, would begin another header (RFC 5322, 2.2)."""
    if any(unicodedata.category(letter) in ("Cc", "Zl", "Zp", "Cs") for letter in value):
        raise HeaderRefused(repr(value))
    return value


def _message_id(value: str) -> str:
    if not _MESSAGE_ID.fullmatch(value):
        raise HeaderRefused(repr(value))
    return value
