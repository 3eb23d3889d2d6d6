"""Make intents and move them by hand: queue, cancel, print, settle. Sending itself is in sending.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from debitora.documents.models import Blob
from debitora.kit.queue import defer
from debitora.kit.runtime import new_uuid
from debitora.messaging.models import Attempt, Intent, IntentItem
from debitora.messaging.rules.states import Event, State, next_state
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject


class IntentMoved(Exception):
    """The message is no longer in the state in which it was shown."""


@dataclass(frozen=True, slots=True)
class Condition:
    """An item with the open sum (minor units) for which the message was made; `due` if it is demanded."""

    item: int
    open_minor: int
    due: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A message ready to go: to whom, over which channel, with which bytes, on which conditions."""

    kind: str
    subject: int
    customer: int
    party: int
    channel: str
    recipient: str
    language: str
    mail_subject: str
    document: Blob
    body: Blob | None
    data_as_of: datetime
    approved_by: str
    due_at: datetime
    conditions: Sequence[Condition]


def queue_intent(
    *, company: int, draft: Draft, by: Actor, at: datetime, public_id: object = None
) -> Intent | None:
    """Queue a message once; None if this subject already has one over this channel to this recipient.

    A mail is sent by the job "messaging.send" from `due_at` on; a letter waits to be printed.
    """
    with transaction.atomic():
        intent, made = Intent.objects.get_or_create(
            company_id=company,
            kind=draft.kind,
            subject_id=draft.subject,
            channel=draft.channel,
            recipient=draft.recipient,
            defaults={
                "public_id": public_id or new_uuid(),
                "customer_id": draft.customer,
                "party_id": draft.party,
                "language": draft.language,
                "mail_subject": draft.mail_subject,
                "document": draft.document,
                "body": draft.body,
                "data_as_of": draft.data_as_of,
                "approved_by_label": draft.approved_by,
                "due_at": draft.due_at,
                "state": State.QUEUED,
                "state_at": at,
                "created_at": at,
            },
        )
        if not made:
            return None
        IntentItem.objects.bulk_create(
            IntentItem(
                company_id=company, intent=intent, item_id=one.item, open_minor=one.open_minor, due=one.due
            )
            for one in draft.conditions
        )
        _note(intent, State.QUEUED, by=by, at=at)
        if draft.channel == "mail":
            defer(
                "messaging.send", company=company, once=f"messaging.send:{company}", at=max(at, draft.due_at)
            )
    return intent


def _ask_to_send(company: int, due_at: datetime, at: datetime) -> None:
    """One waiting job per moment of sending, so that one set for Monday does not stand for one that is due now."""
    if due_at <= at:
        defer("messaging.send", company=company, once=f"messaging.send:{company}")
    else:
        defer(
            "messaging.send",
            company=company,
            once=f"messaging.send:{company}:{due_at.isoformat()}",
            at=due_at,
        )


def cancel_intents(
    *, company: int, kind: str, subjects: Iterable[int], reason: str, by: Actor, at: datetime
) -> list[int]:
    """Withdraw messages that have not left: returns the ids of those that were still to be had."""
    with transaction.atomic():
        found = list(
            Intent.objects.select_for_update()
            .filter(company_id=company, kind=kind, subject_id__in=list(subjects))
            .filter(state__in=(State.QUEUED, State.REFUSED_TEMP))
            .order_by("id")
        )
        for intent in found:
            move(intent, Event.CANCEL, by=by, at=at, reason=reason)
    return [intent.id for intent in found]


def mark_printed(*, company: int, intents: Sequence[int], by: Actor, at: datetime) -> list[int]:
    """Note that letters were handed out for posting; one that is printed already, or cancelled, is passed over."""
    printed = []
    with transaction.atomic():
        letters = Intent.objects.select_for_update().filter(
            company_id=company, channel="letter", id__in=intents
        )
        for intent in letters.filter(state=State.QUEUED).order_by("id"):
            move(intent, Event.CLAIM, by=by, at=at)
            move(intent, Event.PRINT, by=by, at=at)
            printed.append(intent.id)
        if printed:
            defer("dunning.follow", company=company, once=f"dunning.follow:{company}")
            record(
                company=company,
                by=by,
                at=at,
                verb="letters.printed",
                subjects=[
                    Subject("intent", one.id, one.customer_id) for one in letters.filter(id__in=printed)
                ],
                facts={"count": len(printed)},
            )
    return printed


_SETTLEMENTS: Mapping[str, Event] = {
    "sent": Event.SETTLE_SENT,
    "resend": Event.SETTLE_UNSENT,
    "dropped": Event.SETTLE_DROPPED,
}


def settle(*, company: int, intent: int, finding: str, note: str, by: Actor, at: datetime) -> Intent:
    """A person says what became of an uncertain message: sent, resend (same Message-ID) or dropped. Raises IntentMoved."""
    event = _SETTLEMENTS[finding]
    with transaction.atomic():
        found = Intent.objects.select_for_update().get(company_id=company, id=intent)
        if found.state != State.UNCERTAIN:
            raise IntentMoved(found.state)
        move(found, event, by=by, at=at, reason="settled_by_person")
        record(
            company=company,
            by=by,
            at=at,
            verb="delivery.settled",
            subjects=[Subject("intent", found.id, found.customer_id), Subject(found.kind, found.subject_id)],
            facts={"finding": finding},
            wording=note,
        )
        name = "messaging.send" if event is Event.SETTLE_UNSENT else "dunning.follow"
        defer(name, company=company, once=f"{name}:{company}")
    return found


def move(
    intent: Intent,
    event: Event,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    reply: str = "",
    due_at: datetime | None = None,
) -> None:
    """Take a locked intent one legal step further and keep what happened. Raises rules.states.IllegalTransition."""
    intent.state = next_state(State(intent.state), event)
    intent.state_at = at
    intent.stop_reason = reason if intent.state in (State.STOPPED, State.CANCELLED) else ""
    intent.due_at = due_at or intent.due_at
    intent.save(update_fields=["state", "state_at", "stop_reason", "due_at"])
    _note(intent, State(intent.state), by=by, at=at, reason=reason, reply=reply)


def _note(
    intent: Intent, state: State, *, by: Actor, at: datetime, reason: str = "", reply: str = ""
) -> None:
    Attempt.objects.create(
        company_id=intent.company_id,
        intent=intent,
        state=state,
        token=intent.token,
        reply=reply[:300],
        reason=reason,
        actor_label=by.label,
        recorded_at=at,
    )
