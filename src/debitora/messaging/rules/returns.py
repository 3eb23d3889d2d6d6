"""What a delivery report that came in means for the message it is about; and when so many come in that sending has to stop.

A report counts if it names the random Message-ID of one of our messages **and** the recipient of just that message. All else in
it can be written by anybody: neither the address that it came to, nor its sender, nor a number in its subject is believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from debitora.formats.mail.incoming import Incoming, MailKind
from debitora.formats.mail.reports import Outcome, Report, status_in
from debitora.messaging.rules.mail import AddressRefused, deliverable_address
from debitora.messaging.rules.states import State


class IncomingState(StrEnum):
    """What a mail that came in was found to be."""

    RETURNED = "returned"
    DELAYED = "delayed"
    PASSED = "passed"
    NOTHING = "nothing"
    """It reports on a message of ours that has come to another end already."""
    OTHER_RECIPIENT = "other_recipient"
    NOT_OURS = "not_ours"
    AUTOMATIC = "automatic"
    OTHER = "other"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Found:
    """What a mail was found to be; of a report, what it says of our recipient, else of the first that it names."""

    state: IncomingState
    report: Report | None = None


_OWN_ID: Final = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@", re.IGNORECASE)
_ADDRESSING: Final = "1"
_OF_THE_SENDER: Final = frozenset({"7", "8"})
"""X.1.7 and X.1.8: the sender's address is at fault."""
_DEAD: Final = frozenset({"5.2.1", "5.4.4", "5.4.310"})
"""Mailbox disabled; no such domain (as Postfix and Exchange Online put it)."""
_UNSPECIFIC: Final = frozenset({"", "5.0.0", "5.5.0"})
_NOBODY: Final = re.compile(
    r"(?i)\b(?:unknown|no such|invalid|non-?existent) (?:local )?(?:user|mailbox|recipient|address|account)\b"
    r"|\b(?:user|mailbox|recipient|address|account) (?:is )?(?:unknown|not found|does not exist|doesn't exist)\b"
)
_BY_KIND: Final = {
    MailKind.AUTOMATIC: IncomingState.AUTOMATIC,
    MailKind.OTHER: IncomingState.OTHER,
    MailKind.UNREAD: IncomingState.UNREAD,
}


def own_ids(incoming: Incoming) -> list[UUID]:
    """The ids of messages of ours that a mail may be about: those in its Message-IDs that have the shape of one."""
    marks = (_OWN_ID.match(name) for name in incoming.names)
    return [UUID(mark[1]) for mark in marks if mark]


def found_without_message(incoming: Incoming) -> Found:
    """What a mail is that is about no message of ours."""
    return Found(_BY_KIND.get(incoming.kind, IncomingState.NOT_OURS), _first(incoming))


def is_answer(incoming: Incoming, *, recipient: str) -> bool:
    """Whether a person or her machine answers a message that went to this recipient: from that very address, nobody else."""
    answers = incoming.kind in (MailKind.OTHER, MailKind.AUTOMATIC)
    return answers and bool(incoming.sender) and _comparable(incoming.sender) == _comparable(recipient)


def found_about(incoming: Incoming, *, recipient: str, state: str) -> Found | None:
    """What a report is that names a message of ours to this recipient, in this state.

    None: the worker that hands the message over has not said yet how that ended, so look again later.
    """
    report = _about(incoming.reports, recipient)
    if report is None:
        return Found(IncomingState.OTHER_RECIPIENT, _first(incoming))
    if report.outcome is not Outcome.FAILED:
        return Found(IncomingState(report.outcome), report)
    if state == State.DATA_STARTED:
        return None
    returnable = state in (State.ACCEPTED, State.UNCERTAIN)
    return Found(IncomingState.RETURNED if returnable else IncomingState.NOTHING, report)


def _first(incoming: Incoming) -> Report | None:
    """What a report says of the first recipient, for people to read."""
    return next(iter(incoming.reports), None)


def _about(reports: Iterable[Report], recipient: str) -> Report | None:
    wanted = _comparable(recipient)
    return next((one for one in reports if wanted in map(_comparable, one.addresses)), None)


def _comparable(address: str) -> str:
    """The address as servers write it, in lower case: their reports do not keep capitals."""
    try:
        return deliverable_address(address).lower()
    except AddressRefused:
        return address.lower()


def reason_of(report: Report) -> str:
    """Why it came back, as a code: address_is_dead (nobody writes there again), in_vain (tried too long), not_accepted."""
    if report.status.startswith("4"):
        return "in_vain"
    return "address_is_dead" if _names_nobody(report) else "not_accepted"


def _names_nobody(report: Report) -> bool:
    """Whether there is no such mailbox: by its status, else by a status in the server's words, else by the words themselves."""
    status = status_in(report.words) if report.status in _UNSPECIFIC else report.status
    if status in _UNSPECIFIC:
        return bool(_NOBODY.search(report.words))
    _class, subject, detail = status.split(".")
    return status in _DEAD or (subject == _ADDRESSING and detail not in _OF_THE_SENDER)


def is_storm(*, returned: int, left: int, least: int, percent: int) -> bool:
    """Whether more comes back than can be right: at least `least` mails, and at least `percent` of a hundred that left."""
    return returned >= least and returned * 100 >= percent * left
