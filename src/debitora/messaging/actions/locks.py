"""Locks of all sending: a person's, and the one that falls by itself when the database is not where it belongs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from debitora.kit.instance import instance_id
from debitora.messaging.models import Installation, SendLock, SendUnlock
from debitora.messaging.queries.sender import lock_in_force
from debitora.people.models import Company
from debitora.trail.actions import put_wording, record
from debitora.trail.rules import Actor, Subject


class SendingNotLocked(Exception):
    """There is no lock to lift."""


class SendingLockedAlready(Exception):
    """Sending is locked already."""


def lock_sending(*, company: int, note: str, by: Actor, at: datetime) -> SendLock:
    """Stop all sending of a company at once; what is queued stays queued. Raises SendingLockedAlready."""
    with transaction.atomic():
        Company.objects.select_for_update().get(pk=company)
        if lock_in_force(company=company):
            raise SendingLockedAlready
        return place_lock(company=company, reason="person", note=note, by=by, at=at)


def place_lock(
    *,
    company: int,
    reason: str,
    note: str,
    by: Actor,
    at: datetime,
    facts: Mapping[str, object] | None = None,
) -> SendLock:
    """Lock for a reason, with what speaks for it: "person", "sender_refused" when the mail server refuses the sender's own
    address, "many_returned" when more mails come back than can be right."""
    lock = SendLock.objects.create(
        company_id=company,
        reason=reason,
        wording=put_wording(company=company, text=note) if note else None,
        locked_by_id=by.id,
        locked_by_label=by.label,
        recorded_at=at,
    )
    record(
        company=company,
        by=by,
        at=at,
        verb="sending.locked",
        subjects=[Subject("lock", lock.id)],
        facts={"reason": reason, **(facts or {})},
        wording=note,
    )
    return lock


def unlock_sending(*, company: int, by: Actor, at: datetime) -> None:
    """Let queued messages go again. Raises SendingNotLocked."""
    with transaction.atomic():
        Company.objects.select_for_update().get(pk=company)
        lock = lock_in_force(company=company)
        if lock is None:
            raise SendingNotLocked
        SendUnlock.objects.create(
            company_id=company, lock=lock, unlocked_by_id=by.id, unlocked_by_label=by.label, recorded_at=at
        )
        record(company=company, by=by, at=at, verb="sending.unlocked", subjects=[Subject("lock", lock.id)])


def confirm_installation(*, at: datetime) -> None:
    """Bind this database to this home folder: an operator confirms that it is no copy that would send again."""
    Installation.objects.update_or_create(instance_id=instance_id(), defaults={"confirmed_at": at})
    Installation.objects.exclude(instance_id=instance_id()).delete()
