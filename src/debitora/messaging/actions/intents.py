"""Make intents, take them back, and move them one legal step. Sending is in sending.py, a person's word in settling.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from debitora.documents.models import Blob
from debitora.kit.pg.bulk import execute
from debitora.kit.queue import defer
from debitora.kit.runtime import new_uuid
from debitora.messaging.models import Attempt, Intent
from debitora.messaging.rules.recheck import Stop, headline
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
    contact: int | None = None
    """The customer's contact whose address it goes to; None: the customer's own."""
    via: int | None = None
    """The parent company that it goes to in her place; then party and contact are the parent's."""


def queue_intent(
    *, company: int, draft: Draft, by: Actor, at: datetime, public_id: UUID | None = None
) -> Intent | None:
    """Queue a message once; None if this subject already has one over this channel to this recipient.

    A mail is sent by the job "messaging.send" from `due_at` on; a letter waits to be printed.
    """
    made = queue_intents(company=company, drafts={public_id or new_uuid(): draft}, by=by, at=at)
    return made[0] if made else None


def queue_intents(*, company: int, drafts: Mapping[UUID, Draft], by: Actor, at: datetime) -> list[Intent]:
    """Queue messages by their public ids, each as `queue_intent` does; returns those that are new."""
    with transaction.atomic():
        asked = {_key(draft): (public_id, draft) for public_id, draft in drafts.items()}
        known = Intent.objects.filter(
            company_id=company, subject_id__in={draft.subject for draft in drafts.values()}
        )
        for key in known.values_list("kind", "subject_id", "channel", "recipient"):
            asked.pop(key, None)
        made = Intent.objects.bulk_create(
            _queued(company, public_id, draft, at) for public_id, draft in asked.values()
        )
        new = list(zip(made, (draft for _id, draft in asked.values()), strict=True))
        _keep_conditions(company, [(intent, one) for intent, draft in new for one in draft.conditions])
        Attempt.objects.bulk_create(_attempt(intent, State.QUEUED, by=by, at=at) for intent in made)
        for due_at in sorted({draft.due_at for _intent, draft in new if draft.channel == "mail"}):
            ask_to_send(company=company, due_at=due_at, at=at)
    return made


def _keep_conditions(company: int, carried: Sequence[tuple[Intent, Condition]]) -> None:
    """What messages were made for, in one statement: a batch of notices has some hundred conditions."""
    execute(
        _KEEP_CONDITIONS,
        company=company,
        intents=[intent.id for intent, _one in carried],
        items=[one.item for _intent, one in carried],
        minor=[one.open_minor for _intent, one in carried],
        due=[one.due for _intent, one in carried],
    )


def _key(draft: Draft) -> tuple[str, int, str, str]:
    return draft.kind, draft.subject, draft.channel, draft.recipient


def _queued(company: int, public_id: UUID, draft: Draft, at: datetime) -> Intent:
    return Intent(
        company_id=company,
        public_id=public_id,
        kind=draft.kind,
        subject_id=draft.subject,
        customer_id=draft.customer,
        party_id=draft.party,
        channel=draft.channel,
        recipient=draft.recipient,
        contact_id=draft.contact,
        via_id=draft.via,
        language=draft.language,
        mail_subject=draft.mail_subject,
        document=draft.document,
        body=draft.body,
        data_as_of=draft.data_as_of,
        approved_by_label=draft.approved_by,
        due_at=draft.due_at,
        state=State.QUEUED,
        state_at=at,
        created_at=at,
    )


def ask_to_send(*, company: int, due_at: datetime, at: datetime) -> None:
    """One waiting job per moment of sending, so that one set for Monday does not stand for one that is due now."""
    if due_at <= at:
        defer("messaging.send", company=company, once=f"messaging.send:{company}")
    else:
        moment = due_at.isoformat(timespec="minutes")
        defer("messaging.send", company=company, once=f"messaging.send:{company}:{moment}", at=due_at)


def follow_up(company: int) -> None:
    """Ask dunning to look how its notices ended."""
    defer("dunning.follow", company=company, once=f"dunning.follow:{company}")


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


_KEEP_CONDITIONS = """insert into messaging_intentitem (company_id, intent_id, item_id, open_minor, due)
    select %(company)s, carried.*
    from unnest(%(intents)s::bigint[], %(items)s::bigint[], %(minor)s::bigint[], %(due)s::boolean[]) as carried"""

_MOVE = """with moved as (
        update messaging_intent
        set state = %(state)s, state_at = %(at)s, stop_reason = %(stop_reason)s, due_at = %(due_at)s,
            claimed_at = case when %(leased)s then clock_timestamp() else claimed_at end
        where company_id = %(company)s and id = %(intent)s
            and (%(before)s::text is null or (state = %(before)s and token = %(token)s))
        returning id
    )
    insert into messaging_attempt (company_id, intent_id, state, token, reply, reason, actor_label, recorded_at)
    select %(company)s, id, %(state)s, %(token)s, %(reply)s, %(reason)s, %(actor)s, %(at)s from moved"""
"""A step and its trace in one statement: three of them are all that sending a mail writes of the message itself."""


def move(
    intent: Intent,
    event: Event,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    reply: str = "",
    due_at: datetime | None = None,
    leased: bool = False,
) -> None:
    """Take a locked intent one legal step further and keep what happened; `leased` lets the claim's lease begin anew.

    Raises rules.states.IllegalTransition.
    """
    intent.state = next_state(State(intent.state), event)
    intent.state_at = at
    intent.stop_reason = reason if intent.state in (State.STOPPED, State.CANCELLED) else ""
    intent.due_at = due_at or intent.due_at
    _write(intent, None, by=by, at=at, reason=reason, reply=reply, leased=leased)


def move_mine(
    intent: Intent, event: Event, *, by: Actor, at: datetime, reply: str = "", leased: bool = False
) -> bool:
    """As `move`, for a message that is not locked but claimed: False, and nothing is written, if it is no longer in this state
    under this token. The row is locked from here on.

    Raises rules.states.IllegalTransition.
    """
    before = State(intent.state)
    intent.state, intent.state_at = next_state(before, event), at
    return _write(intent, before, by=by, at=at, reply=reply, leased=leased)


def _write(
    intent: Intent,
    before: State | None,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    reply: str = "",
    leased: bool = False,
) -> bool:
    """Write the state that an intent has come to; given `before`, only if it still stands there under its token."""
    moved = execute(
        _MOVE,
        company=intent.company_id,
        intent=intent.id,
        before=None if before is None else str(before),
        state=str(intent.state),
        at=at,
        stop_reason=str(intent.stop_reason),
        due_at=intent.due_at,
        leased=leased,
        token=intent.token,
        reply=reply[:300],
        reason=str(reason),
        actor=by.label,
    )
    return moved == 1


def move_all(intents: Sequence[Intent], event: Event, *, by: Actor, at: datetime) -> None:
    """Take locked intents one legal step further, all to the same state, in two statements."""
    after = {intent.id: next_state(State(intent.state), event) for intent in intents}
    for state in sorted(set(after.values())):
        ids = [intent for intent, found in after.items() if found is state]
        Intent.objects.filter(id__in=ids).update(state=state, state_at=at, stop_reason="")
    for intent in intents:
        intent.state, intent.state_at, intent.stop_reason = after[intent.id], at, ""
    Attempt.objects.bulk_create(_attempt(intent, State(intent.state), by=by, at=at) for intent in intents)


def stop(intent: Intent, stops: tuple[Stop, ...], *, by: Actor, at: datetime) -> None:
    """End a locked intent whose grounds have gone, and record which; dunning is for the caller to tell (follow_up)."""
    move(intent, Event.STOP, by=by, at=at, reason=headline(stops))
    record(
        company=intent.company_id,
        by=by,
        at=at,
        verb="delivery.stopped",
        subjects=about(intent),
        facts={
            "reasons": [one.reason for one in stops],
            "items": [one.item for one in stops if one.item],
        },
    )


def about(intent: Intent) -> list[Subject]:
    """What a record on a message is about: the message and what it was made for, in its customer's timeline."""
    return [
        Subject("intent", intent.id, intent.customer_id),
        Subject(intent.kind, intent.subject_id, intent.customer_id),
    ]


def _attempt(intent: Intent, state: State, *, by: Actor, at: datetime) -> Attempt:
    return Attempt(
        company_id=intent.company_id,
        intent=intent,
        state=state,
        token=intent.token,
        actor_label=by.label,
        recorded_at=at,
    )
