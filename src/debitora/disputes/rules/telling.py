"""Whom a step of a case concerns by mail, and until when the mail's link answers for her."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from debitora.disputes.rules.steps import CaseStatus

TOLD: Final = ("opened", "assigned", "moved", "reopened", "reminded", "escalated")
"""Kinds of steps of which whoever answers is told by mail, those included that other rules may add."""
NEWS: Final = timedelta(days=2)
"""A step that could not be told for so long is no news any more: it stands on the board."""
LINK: Final = timedelta(days=14)
"""So long after the mail its link answers for her."""


class MailState(StrEnum):
    """How far the mail about a step is."""

    CLAIMED = "claimed"
    """It is being handed over: committed before the server is spoken to."""
    SENT = "sent"
    WAITING = "waiting"
    """No server took it: the next round tries again."""
    UNCERTAIN = "uncertain"
    """Nobody knows whether the server took it: it is not sent again."""
    RETURNED = "returned"
    """It left, and a mail server reported that it did not arrive."""


class LinkEnd(StrEnum):
    """Why the link of a mail answers no more."""

    EXPIRED = "expired"
    PERSON = "person"
    """She may not answer here any more."""
    REASSIGNED = "reassigned"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Link:
    """What the link of a mail stands on: until when it counts, whether the case is still hers whom it was sent to, or of one
    she stands in for, and its state."""

    until: datetime
    is_hers: bool
    status: CaseStatus
    may_answer: bool
    """Whether she is still there, with a role that answers and a view of the customer."""


def link_end(link: Link, *, at: datetime) -> LinkEnd | None:
    """Why the link answers no more at a moment; None while it does. Whoever lost her rights is told nothing of the case."""
    if not link.may_answer:
        return LinkEnd.PERSON
    if at >= link.until:
        return LinkEnd.EXPIRED
    if not link.is_hers:
        return LinkEnd.REASSIGNED
    return LinkEnd.CLOSED if link.status is CaseStatus.CLOSED else None
