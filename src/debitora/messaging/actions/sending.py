"""Send what is due, each message at most once (docs/decisions/0010).

Claim in batches with a random token -> per message: name sender and recipient to the server -> in one transaction under the
customer's lock look again at the conditions and commit `data_started` -> DATA -> commit what the server said. Every write
carries the token, so a worker that woke too late writes nothing. What died after `data_started` becomes `uncertain`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from debitora.documents.queries import read_bytes
from debitora.kit import journal
from debitora.kit.failpoints import failpoint
from debitora.kit.smtp import Conversation, NotTaken, Outcome, Patience
from debitora.kit.store import BytesDiffer, BytesMissing
from debitora.messaging.actions.claims import claim, give_back, renew_lease, still_mine
from debitora.messaging.actions.intents import about, follow_up, move
from debitora.messaging.actions.locks import place_lock
from debitora.messaging.actions.sender import lock_sender, mail_server
from debitora.messaging.models import Intent
from debitora.messaging.queries.edge import conditions_of, facts_now
from debitora.messaging.queries.journal import Sent
from debitora.messaging.queries.sender import lock_in_force, missing_before_sending, sender_of
from debitora.messaging.rules.mail import AddressRefused, deliverable_address
from debitora.messaging.rules.recheck import Stop, headline, only_passing, recheck
from debitora.messaging.rules.replies import Blame, Phase, Reply, Silence, Verdict, classify
from debitora.messaging.rules.states import Event, State, retry_at
from debitora.receivables.actions import lock_customer
from debitora.trail.actions import record
from debitora.trail.rules import system

LOOK_AGAIN = timedelta(minutes=30)
"""After a reason that passes by itself."""
_BY = system("messaging.send")
_PATIENCE = Patience()
Clock = Callable[[], datetime]


class MessageWithoutBytes(Exception):
    """A mail was queued without its composed bytes."""


@dataclass(frozen=True, slots=True)
class _Mail:
    """A claimed message with what goes over the wire."""

    intent: Intent
    sender: str
    recipient: str
    data: bytes


def send_due(*, company: int, clock: Clock, patience: Patience = _PATIENCE) -> dict[str, int]:
    """Send all mails of a company that are due; returns how many ended in which state. Nothing is sent while locked.

    The round ends early when the mail server fails us: what is left stays queued for the next round.
    """
    ended: dict[str, int] = {}
    with transaction.atomic():
        if missing_before_sending(company=company):
            return ended
        sender = sender_of(company=company)
    conversation = Conversation(mail_server(sender), patience=patience)
    try:
        most = {"most": 1}  # the first message finds out whether the server is there at all
        while batch := claim(company=company, by=_BY, at=clock(), **most):
            if not _send_batch(batch, sender.email, conversation, clock, ended):
                break
            most = {}
    finally:
        conversation.close()
    return ended


def _send_batch(
    batch: list[Intent], sender: str, conversation: Conversation, clock: Clock, ended: dict[str, int]
) -> bool:
    """Send claimed messages one by one; False if the server failed us and the rest was given back."""
    for place, intent in enumerate(batch, 1):
        blame = _send_one(intent, sender, conversation, clock)
        state = _state(intent)
        ended[state] = ended.get(state, 0) + 1
        if blame in (Blame.SERVER, Blame.SENDER):
            give_back(batch[place:], by=_BY, at=clock())
            return False
    return True


def _send_one(intent: Intent, sender: str, conversation: Conversation, clock: Clock) -> Blame:
    """Take one message as far as it goes; whose fault it is that it went no further."""
    try:
        mail = _prepared(intent, sender)
    except AddressRefused:
        return _stop_unsendable(intent, "address_refused", clock())
    except (MessageWithoutBytes, BytesMissing, BytesDiffer):
        return _stop_unsendable(intent, "document_missing", clock())
    try:
        _announce(mail, conversation)
        failpoint("pre_send_recheck")
        if not _start_data(intent, clock()):
            conversation.reset()
            return Blame.NOBODY
        failpoint("data_committed")
        reply = conversation.data(mail.data)
    except NotTaken as refusal:
        return _write_refusal(intent, refusal.outcome, clock())
    _write_accepted(intent, reply, clock())
    return Blame.NOBODY


def _prepared(intent: Intent, sender: str) -> _Mail:
    """The bytes are read, and held against their hash, before anything is said to the server."""
    with transaction.atomic():
        found = Intent.objects.select_related("body").get(company_id=intent.company_id, id=intent.id)
        if found.body is None:
            raise MessageWithoutBytes(str(intent.id))
        data = read_bytes(found.body)
    return _Mail(intent, deliverable_address(sender), deliverable_address(intent.recipient), data)


def _announce(mail: _Mail, conversation: Conversation) -> None:
    """Name sender and recipient; a connection that the server has closed since the last message is opened again once."""
    failpoint("pre_connect")
    fresh = conversation.open()
    try:
        conversation.envelope(mail.sender, mail.recipient)
    except NotTaken:
        if fresh or conversation.is_open:
            raise
        conversation.open()
        conversation.envelope(mail.sender, mail.recipient)


def _start_data(intent: Intent, at: datetime) -> bool:
    """The last look, under the customer's lock; commits `data_started` and answers True if the message may go."""
    with transaction.atomic():
        lock_sender(company=intent.company_id)
        lock_customer(company=intent.company_id, customer=intent.customer_id)
        mine = still_mine(intent, State.CLAIMED)
        if mine is None:
            return False
        stops = recheck(conditions_of(mine), facts_now(mine, at=at))
        if stops:
            _stop(mine, stops, at)
            return False
        move(mine, Event.START_DATA, by=_BY, at=at)
        renew_lease([mine.id])
    return True


def _stop(intent: Intent, stops: tuple[Stop, ...], at: datetime) -> None:
    if only_passing(stops):
        move(intent, Event.RELEASE, by=_BY, at=at, reason=headline(stops), due_at=at + LOOK_AGAIN)
        return
    move(intent, Event.STOP, by=_BY, at=at, reason=headline(stops))
    record(
        company=intent.company_id,
        by=_BY,
        at=at,
        verb="delivery.stopped",
        subjects=about(intent),
        facts={
            "reasons": [stop.reason for stop in stops],
            "items": [stop.item for stop in stops if stop.item],
        },
    )
    follow_up(intent.company_id)


def _stop_unsendable(intent: Intent, reason: str, at: datetime) -> Blame:
    """A message that cannot be put on the wire at all waits for nobody: it stops and says so."""
    with transaction.atomic():
        mine = still_mine(intent, State.CLAIMED)
        if mine is not None:
            move(mine, Event.STOP, by=_BY, at=at, reason=reason)
            _record(mine, at, {"reasons": [reason]})
    return Blame.MESSAGE


def _write_accepted(intent: Intent, reply: str, at: datetime) -> None:
    """The journal comes first: what it knows and the database does not is found; the other way round nothing is."""
    with transaction.atomic():
        mine = still_mine(intent, State.DATA_STARTED)
        if mine is None:
            return
        write_journal(mine, at)
        failpoint("journal_written")
        move(mine, Event.ACCEPT, by=_BY, at=at, reply=reply)
        _record(mine, at)


def write_journal(intent: Intent, at: datetime) -> None:
    """Note outside the database that a mail left the house. Raises OSError and journal.JournalNotWritten."""
    sent = Sent(
        at=at,
        public_id=intent.public_id,
        kind=intent.kind,
        subject=intent.subject_id,
        customer=intent.customer_id,
        document=intent.document.sha256 if intent.document else "-",
    )
    journal.write_line(company=intent.company_id, line=str(sent))


def _write_refusal(intent: Intent, outcome: Outcome, at: datetime) -> Blame:
    verdict = _verdict(outcome)
    if verdict.event is None:
        raise NotTaken(outcome)
    with transaction.atomic():
        mine = still_mine(intent, State.CLAIMED, State.DATA_STARTED)
        if mine is None:
            return verdict.blame
        if verdict.event is Event.REFUSE_TEMP:
            _wait_for_another_try(mine, verdict, outcome, at)
        else:
            reason = "address_is_dead" if verdict.address_is_dead else verdict.blame
            move(mine, verdict.event, by=_BY, at=at, reason=reason, reply=str(outcome))
        if mine.state != State.REFUSED_TEMP:
            _record(mine, at)
    if verdict.event is Event.REFUSE_PERM and verdict.blame is Blame.SENDER:
        _lock_refused_sender(intent.company_id, at)
    return verdict.blame


def _verdict(outcome: Outcome) -> Verdict:
    said = Silence(outcome.silence) if outcome.silence else Reply(outcome.code, outcome.text)
    return classify(Phase(outcome.phase), said)


def _wait_for_another_try(intent: Intent, verdict: Verdict, outcome: Outcome, at: datetime) -> None:
    intent.attempts += 1
    intent.save(update_fields=["attempts"])
    again = retry_at(attempts=intent.attempts, refused_at=at)
    move(
        intent,
        Event.REFUSE_TEMP,
        by=_BY,
        at=at,
        reason=verdict.blame,
        reply=str(outcome),
        due_at=again,
    )
    if again is None:
        move(intent, Event.GIVE_UP, by=_BY, at=at, reason="attempts_used_up")


def _lock_refused_sender(company: int, at: datetime) -> None:
    """A server that refuses our own address for good would refuse every mail: one is enough."""
    with transaction.atomic():
        if lock_in_force(company=company) is None:
            place_lock(company=company, reason="sender_refused", note="", by=_BY, at=at)


def _record(intent: Intent, at: datetime, facts: dict[str, int | str | list[object]] | None = None) -> None:
    record(
        company=intent.company_id,
        by=_BY,
        at=at,
        verb=f"delivery.{intent.state}",
        subjects=about(intent),
        facts=facts or {},
    )
    follow_up(intent.company_id)


def _state(intent: Intent) -> str:
    with transaction.atomic():
        return Intent.objects.values_list("state", flat=True).get(company_id=intent.company_id, id=intent.id)
