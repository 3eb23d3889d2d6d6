"""Send what is due, each message at most once (docs/decisions/0009).

Claim in batches with a random token -> per message: name sender and recipient to the server -> in one transaction under the
customer's lock look again at the conditions and commit `data_started` -> DATA -> commit what the server said. Every write
carries the token, so a worker that woke too late writes nothing. What died after `data_started` becomes `uncertain`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction

from debitora.documents.queries import read_bytes
from debitora.kit import journal
from debitora.kit.failpoints import failpoint
from debitora.kit.queue import defer
from debitora.kit.runtime import new_token
from debitora.kit.smtp import Conversation, NotTaken, Outcome
from debitora.messaging.actions.intents import move
from debitora.messaging.actions.sender import mail_server
from debitora.messaging.models import Intent, Sender
from debitora.messaging.queries.edge import conditions_of, facts_now
from debitora.messaging.queries.sender import missing_before_sending, sender_of
from debitora.messaging.rules.mail import deliverable_address
from debitora.messaging.rules.recheck import Stop, only_passing, recheck
from debitora.messaging.rules.replies import Phase, Reply, Silence, classify
from debitora.messaging.rules.states import Event, State, abandoned, retry_at
from debitora.receivables.models import Customer
from debitora.trail.actions import record
from debitora.trail.rules import Subject, system

BATCH = 20
STALL_MINUTES = 15
"""A claim older than this belongs to a dead worker: longer than the ten minutes that the reply to the dot may take."""
_BY = system("messaging.send")
Clock = Callable[[], datetime]


def send_due(*, company: int, clock: Clock) -> dict[str, int]:
    """Send all mails of a company that are due; returns how many ended in which state. Nothing is sent while locked."""
    ended: dict[str, int] = {}
    with transaction.atomic():
        if missing_before_sending(company=company):
            return ended
        sender = sender_of(company=company)
    conversation = Conversation(mail_server(sender))
    try:
        while batch := _claim(company, clock()):
            for intent in batch:
                state = _send_one(intent, sender, conversation, clock)
                ended[state] = ended.get(state, 0) + 1
    finally:
        conversation.close()
    return ended


def _claim(company: int, at: datetime) -> list[Intent]:
    """Take the next due mails under a fresh token; rows that another worker holds are passed over."""
    token = new_token()
    with transaction.atomic():
        due = (
            Intent.objects.select_for_update(skip_locked=True)
            .filter(
                company_id=company,
                channel="mail",
                state__in=(State.QUEUED, State.REFUSED_TEMP),
                due_at__lte=at,
            )
            .order_by("due_at", "id")[:BATCH]
        )
        claimed = list(due)
        for intent in claimed:
            intent.token = token
            intent.attempts += 1
            Intent.objects.filter(company_id=company, id=intent.id).update(
                token=token, attempts=intent.attempts
            )
            move(intent, Event.CLAIM, by=_BY, at=at)
        _stamp([intent.id for intent in claimed])
    failpoint("claimed")
    return claimed


def _stamp(ids: list[int]) -> None:
    """Leases alone are kept in database time: the clocks of two workers may differ."""
    with connection.cursor() as cursor:
        cursor.execute("update messaging_intent set claimed_at = clock_timestamp() where id = any(%s)", [ids])


def _send_one(intent: Intent, sender: Sender, conversation: Conversation, clock: Clock) -> str:
    try:
        conversation.open()
        failpoint("pre_connect")
        conversation.envelope(deliverable_address(sender.email), deliverable_address(intent.recipient))
        failpoint("pre_send_recheck")
        if not _start_data(intent, clock()):
            conversation.reset()
            return _state(intent)
        reply = conversation.data(_message(intent))
    except NotTaken as refusal:
        return _write_refusal(intent, refusal.outcome, clock())
    _write_accepted(intent, reply, clock())
    return _state(intent)


def _message(intent: Intent) -> bytes:
    with transaction.atomic():
        if intent.body is None:
            raise MessageWithoutBytes(str(intent.id))
        return read_bytes(intent.body)


class MessageWithoutBytes(Exception):
    """A mail was queued without its composed bytes."""


def _start_data(intent: Intent, at: datetime) -> bool:
    """The last look, under the customer's lock; commits `data_started` and answers True if the message may go."""
    with transaction.atomic():
        Customer.objects.select_for_update().get(company_id=intent.company_id, id=intent.customer_id)
        mine = _still_mine(intent, State.CLAIMED)
        if mine is None:
            return False
        stops = recheck(conditions_of(mine), facts_now(mine, at=at))
        if stops:
            _stop(mine, stops, at)
            return False
        move(mine, Event.START_DATA, by=_BY, at=at)
    failpoint("data_committed")
    return True


def _stop(intent: Intent, stops: tuple[Stop, ...], at: datetime) -> None:
    reason = stops[0].reason
    if only_passing(stops):
        move(intent, Event.RELEASE, by=_BY, at=at, reason=reason, due_at=at + timedelta(minutes=30))
        return
    move(intent, Event.STOP, by=_BY, at=at, reason=reason)
    record(
        company=intent.company_id,
        by=_BY,
        at=at,
        verb="delivery.stopped",
        subjects=_subjects(intent),
        facts={
            "reasons": [stop.reason for stop in stops],
            "items": [stop.item for stop in stops if stop.item],
        },
    )
    defer("dunning.follow", company=intent.company_id, once=f"dunning.follow:{intent.company_id}")


def _write_accepted(intent: Intent, reply: str, at: datetime) -> None:
    with transaction.atomic():
        mine = _still_mine(intent, State.DATA_STARTED)
        if mine is None:
            return
        journal.write_line(
            company=intent.company_id, line=f"{at.isoformat()} {intent.public_id} {intent.recipient}"
        )
        move(mine, Event.ACCEPT, by=_BY, at=at, reply=reply)
        record(company=mine.company_id, by=_BY, at=at, verb="delivery.accepted", subjects=_subjects(mine))
        defer("dunning.follow", company=intent.company_id, once=f"dunning.follow:{intent.company_id}")


def _write_refusal(intent: Intent, outcome: Outcome, at: datetime) -> str:
    said = Silence(outcome.silence) if outcome.silence else Reply(outcome.code, outcome.text)
    verdict = classify(Phase(outcome.phase), said)
    if verdict.event is None:
        raise NotTaken(outcome)
    with transaction.atomic():
        mine = _still_mine(intent, State.CLAIMED, State.DATA_STARTED)
        if mine is None:
            return _state(intent)
        again = (
            retry_at(attempts=mine.attempts, refused_at=at) if verdict.event is Event.REFUSE_TEMP else None
        )
        reason = "address_is_dead" if verdict.address_is_dead else verdict.blame
        move(mine, verdict.event, by=_BY, at=at, reason=reason, reply=str(outcome), due_at=again)
        if verdict.event is Event.REFUSE_TEMP and again is None:
            move(mine, Event.GIVE_UP, by=_BY, at=at, reason="attempts_used_up")
        if mine.state != State.REFUSED_TEMP:
            record(
                company=mine.company_id,
                by=_BY,
                at=at,
                verb=f"delivery.{mine.state}",
                subjects=_subjects(mine),
            )
            defer("dunning.follow", company=mine.company_id, once=f"dunning.follow:{mine.company_id}")
        return mine.state


def _still_mine(intent: Intent, *states: State) -> Intent | None:
    """The row, locked, if this worker's claim still stands; else None, and nothing may be written."""
    return (
        Intent.objects.select_for_update()
        .filter(company_id=intent.company_id, id=intent.id, token=intent.token, state__in=states)
        .first()
    )


def _state(intent: Intent) -> str:
    with transaction.atomic():
        return Intent.objects.values_list("state", flat=True).get(company_id=intent.company_id, id=intent.id)


def _subjects(intent: Intent) -> list[Subject]:
    return [
        Subject("intent", intent.id, intent.customer_id),
        Subject(intent.kind, intent.subject_id, intent.customer_id),
    ]


def rescue_abandoned(*, company: int, at: datetime) -> dict[str, int]:
    """Take back what dead workers hold: a claim is free again, what had begun its DATA is uncertain. Safe to repeat."""
    rescued: dict[str, int] = {}
    with transaction.atomic():
        for intent in (
            Intent.objects.select_for_update(skip_locked=True)
            .filter(company_id=company, channel="mail", state__in=(State.CLAIMED, State.DATA_STARTED))
            .extra(
                where=["claimed_at < clock_timestamp() - make_interval(mins => %s)"], params=[STALL_MINUTES]
            )
            .order_by("id")
        ):
            move(
                intent,
                abandoned(State(intent.state)),
                by=system("messaging.rescue"),
                at=at,
                reason="worker_gone",
            )
            if intent.state == State.UNCERTAIN:
                record(company=company, by=_BY, at=at, verb="delivery.uncertain", subjects=_subjects(intent))
            rescued[intent.state] = rescued.get(intent.state, 0) + 1
    return rescued
