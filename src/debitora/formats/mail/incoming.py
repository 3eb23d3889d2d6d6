"""What a mail that comes in is: a report about a delivery, what a machine answers, anything else, or unreadable.

A report counts only together with the name of the mail that it is about; whether that is ours is for messaging to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from debitora.formats.mail.opening import (
    BEGINNING,
    MailUnreadable,
    Part,
    address,
    one_line,
    opened,
    shown,
    value,
)
from debitora.formats.mail.plain import is_plain_report, plain_names, plain_reports
from debitora.formats.mail.reports import WORDS, Report, ids_in, is_report, names_of, reports_of
from debitora.formats.mail.wrote import written


class MailKind(StrEnum):
    """What a mail is."""

    REPORT = "report"
    """A mail server reports on a delivery."""
    AUTOMATIC = "automatic"
    """A machine wrote it: an absence, a receipt, a list. It is never answered (RFC 3834, 2)."""
    OTHER = "other"
    UNREAD = "unread"
    """A report of which we miss what we need, or no mail at all: `reason` says which."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A mail as far as it was understood. `names` are the Message-IDs, with their brackets, that a report is about, or another mail answers;
    `words` the beginning of what the author of any other mail wrote, in one line and without what she quotes.

    `reason` of an unread one: empty, too_large, too_many_parts, no_recipient (a report that names nobody), no_name (a report that
    does not say on which mail).
    """

    kind: MailKind
    sender: str = ""
    subject: str = ""
    names: tuple[str, ...] = ()
    reports: tuple[Report, ...] = ()
    reason: str = ""
    words: str = ""
    marks: tuple[str, ...] = ()
    """Names with a signature ("case-17-...") that it is addressed to, answers, or reports on; whether they are ours is for others."""


def read_incoming(data: bytes) -> Incoming:
    """What a raw mail is. Never raises, whatever the bytes."""
    try:
        mail = opened(data)
    except MailUnreadable as problem:
        return Incoming(MailKind.UNREAD, reason=problem.code)
    sender, subject = address(shown(mail, "From"))[:254], shown(mail, "Subject")[:200]
    if is_report(mail):
        return _report(sender, subject, names_of(mail), reports_of(mail))
    if is_plain_report(mail):
        return _report(sender, subject, plain_names(mail), plain_reports(mail))
    kind = MailKind.AUTOMATIC if _is_automatic(mail) else MailKind.OTHER
    names = (*_answered(mail), *_named_by_address(mail))
    marks = _marks([*names, *(value(mail, header) for header in _ADDRESSED)])
    return Incoming(kind, sender, subject, names, words=one_line(written(mail))[:WORDS], marks=marks)


def read_beginning(data: bytes) -> Incoming:
    """The same of a mail that is too large, from how it begins: what is attached, and whatever it reports, is not read."""
    read = read_incoming(data[:BEGINNING])
    kind = MailKind.UNREAD if read.kind is MailKind.REPORT else read.kind
    return replace(read, kind=kind, reason="too_large", reports=())


_PLUS: Final = re.compile(r"(?i)\+([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@([a-z0-9.-]{1,253})")


def _named_by_address(mail: Part) -> tuple[str, ...]:
    """The mails whose Message-IDs stand in the addresses that a mail was sent to (name+id@domain, RFC 5233), as names of them."""
    found = (one for header in _ADDRESSED[:-1] for one in _PLUS.findall(value(mail, header)))
    return tuple(dict.fromkeys(f"<{own.lower()}@{domain.lower()}>" for own, domain in found))


_ADDRESSED: Final = ("To", "Cc", "Delivered-To", "X-Original-To", "Subject")
_MARK: Final = re.compile(r"(?i)(?<![a-z0-9])([a-z]{1,12}-[0-9]{1,19}-[a-z2-7]{26})(?![a-z0-9])")


def _marks(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mark.lower() for text in texts for mark in _MARK.findall(text)))


def _answered(mail: Part) -> tuple[str, ...]:
    """The mails that a mail answers (RFC 5322, 3.6.4), the one right before it first."""
    named = [
        name for header in ("In-Reply-To", "References") for name in reversed(ids_in(value(mail, header)))
    ]
    return tuple(dict.fromkeys(named))


def _report(sender: str, subject: str, names: tuple[str, ...], reports: list[Report]) -> Incoming:
    missing = "no_recipient" if not reports else "" if names else "no_name"
    kind = MailKind.UNREAD if missing else MailKind.REPORT
    return Incoming(kind, sender, subject, names, tuple(reports), missing, marks=_marks(names))


def _is_automatic(mail: Part) -> bool:
    """By what a machine says of itself (RFC 3834, 5), and by what has become a habit."""
    submitted = value(mail, "Auto-Submitted").lower().partition(";")[0].strip()
    return (
        submitted not in ("", "no")
        or value(mail, "Precedence").lower() in ("bulk", "junk", "list", "auto_reply")
        or any(value(mail, name) for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponse", "List-Id"))
        or value(mail, "Return-Path") == "<>"
        or mail.get_content_type() == "multipart/report"
    )
