"""Delivery reports (RFC 3464): what became of a mail, per recipient, and which mail it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum
from typing import Final

from debitora.formats.mail.opening import Part, heads_in, kind_of, own_parts, text_of, value

MOST_RECIPIENTS: Final = 100
MOST_NAMES: Final = 20
"""A list of references may be long; the mail itself stands first, or last."""
WORDS: Final = 300
_STATUS: Final = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_NAME: Final = re.compile(r"<[^<>\s]{1,250}>")
_HEADS: Final = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global")


class Outcome(StrEnum):
    """What a server says of a mail to one recipient."""

    FAILED = "failed"
    """It was not delivered, and nobody tries any more."""
    DELAYED = "delayed"
    """It was not delivered yet."""
    PASSED = "passed"
    """It was delivered, or handed to a server that reports nothing."""


_OUTCOMES: Final = {
    "failed": Outcome.FAILED,
    "delayed": Outcome.DELAYED,
    "delivered": Outcome.PASSED,
    "relayed": Outcome.PASSED,
    "expanded": Outcome.PASSED,
}


@dataclass(frozen=True, slots=True)
class Report:
    """One recipient's fate: the addresses that mean her (as first named, as written to last), `status` such as 5.1.1 (RFC
    3463, "" where none was told) and the server's own words, at most 300 characters."""

    addresses: tuple[str, ...]
    outcome: Outcome
    status: str
    words: str


def is_report(mail: Part) -> bool:
    """Whether the mail calls itself a report about a delivery, or holds one."""
    return any(kind_of(part) == "message/delivery-status" for part in own_parts(mail))


def reports_of(mail: Part) -> list[Report]:
    """What the mail reports, per recipient."""
    fields = (block for part in own_parts(mail) for block in _blocks(part))
    found = [report for block in fields if (report := _report(block)) is not None]
    return found[:MOST_RECIPIENTS]


def _blocks(part: Part) -> Iterator[Part]:
    """The groups of fields of a report; some servers write all of them in one."""
    if kind_of(part) in ("message/delivery-status", "message/global-delivery-status"):
        blocks = part.get_payload()
        yield from (
            (block for block in blocks if isinstance(block, Message)) if isinstance(blocks, list) else ()
        )


def _report(block: Part) -> Report | None:
    named = [_of_type(value(block, name)).strip("<>") for name in ("Original-Recipient", "Final-Recipient")]
    addresses = tuple(dict.fromkeys(one for one in named if "@" in one))
    outcome = _OUTCOMES.get(value(block, "Action").lower().partition(" ")[0])
    if not addresses or outcome is None:
        return None
    words = _of_type(value(block, "Diagnostic-Code"))
    return Report(addresses, outcome, status_in(value(block, "Status")), words[:WORDS])


def _of_type(text: str) -> str:
    """The value behind its type: "rfc822; a@b.example" and "smtp; 550 no such user"."""
    kind, mark, rest = text.partition(";")
    return (rest if mark and " " not in kind.strip() else text).strip()


def status_in(text: str) -> str:
    """The first status code (RFC 3463) in a text, "" without one."""
    found = _STATUS.search(text)
    return found[0] if found else ""


def names_of(mail: Part) -> tuple[str, ...]:
    """The Message-IDs of the mail that a report is about: of what it carries back, else those that it answers."""
    carried = [
        name
        for part in own_parts(mail)
        for head in _carried(part)
        for name in ids_in(value(head, "Message-ID"))
    ]
    answered = [name for header in ("In-Reply-To", "References") for name in ids_in(value(mail, header))]
    return tuple(dict.fromkeys([*carried, *answered]))[:MOST_NAMES]


def _carried(part: Part) -> Iterator[Part]:
    if kind_of(part) not in _HEADS:
        return
    inside = part.get_payload()
    if isinstance(inside, list):
        yield from (one for one in inside[:1] if isinstance(one, Message))
    else:
        yield heads_in(text_of(part))


def ids_in(text: str) -> list[str]:
    """All Message-IDs in a text, with their angle brackets."""
    return _NAME.findall(text)
