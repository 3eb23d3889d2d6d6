"""Append what happened to a notice."""

from __future__ import annotations

from datetime import date, datetime

from debitora.documents.models import Blob
from debitora.dunning.models import Notice, NoticeEvent
from debitora.trail.rules import Actor


def add_event(notice: Notice, kind: str, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Append an event; the caller holds the customer's lock."""
    an_event(notice, kind, by=by, at=at, reason=reason).save(force_insert=True)


def an_event(
    notice: Notice,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    document: Blob | None = None,
    party_id: int | None = None,
    deadline_on: date | None = None,
) -> NoticeEvent:
    """The event's row, not yet written."""
    return NoticeEvent(
        company_id=notice.company_id,
        notice=notice,
        kind=kind,
        document=document,
        party_id=party_id,
        deadline_on=deadline_on,
        reason=reason,
        actor_id=by.id,
        actor_label=by.label,
        recorded_at=at,
    )
