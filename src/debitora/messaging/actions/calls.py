"""Log a call to a customer with its outcome, and take that word back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from debitora.messaging.models import Call, CallUndo
from debitora.trail.actions import put_wording, record
from debitora.trail.rules import Actor, Subject


class CallUndone(Exception):
    """The word about this call was taken back already."""


def log_call(
    *,
    company: int,
    customer: int,
    kind: str,
    subject: int,
    outcome: str,
    promised_on: date | None,
    note: str,
    by: Actor,
    at: datetime,
) -> Call:
    """Note that a customer was called about something, and what came of it.

    Whoever was reached has been contacted: the call counts against the contact cap (queries.touches).
    """
    with transaction.atomic():
        call = Call.objects.create(
            company_id=company,
            customer_id=customer,
            kind=kind,
            subject_id=subject,
            outcome=outcome,
            promised_on=promised_on,
            wording=put_wording(company=company, text=note) if note else None,
            called_at=at,
            called_by_id=by.id,
            called_by_label=by.label[:64],
        )
        _record(call, "call.logged", by, at, note)
    return call


def undo_call(*, company: int, call: int, by: Actor, at: datetime) -> Call:
    """Take the word about a call back: it never counts again. Raises Call.DoesNotExist, CallUndone."""
    found = Call.objects.get(company_id=company, id=call)
    try:
        with transaction.atomic():
            CallUndo.objects.create(
                company_id=company,
                call=found,
                undone_at=at,
                undone_by_id=by.id,
                undone_by_label=by.label[:64],
            )
            _record(found, "call.undone", by, at)
    except IntegrityError:
        raise CallUndone from None
    return found


def _record(call: Call, verb: str, by: Actor, at: datetime, note: str = "") -> None:
    facts: dict[str, object] = {"outcome": call.outcome}
    if call.promised_on:
        facts["promised_on"] = call.promised_on.isoformat()
    record(
        company=call.company_id,
        by=by,
        at=at,
        verb=verb,
        subjects=[
            Subject("call", call.id, call.customer_id),
            Subject(call.kind, call.subject_id, call.customer_id),
        ],
        facts=facts,
        wording=note,
    )
