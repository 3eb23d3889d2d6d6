"""Send what is due, each message at most once (docs/decisions/0010).

Claim in batches with a random token -> per message: name sender and recipient to the server -> in one transaction under the
customer's lock look again at the conditions and commit `data_started` -> DATA -> commit what the server said. Every write
carries the token, so a worker that woke too late writes nothing. What died after `data_started` becomes `uncertain`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction

from debitora.documents.queries import read_bytes
from debitora.kit import journal
from debitora.kit.abreast import abreast
from debitora.kit.failpoints import failpoint
from debitora.kit.pace import Pace, alone
from debitora.kit.smtp import Conversation, NotTaken, Outcome, Patience
from debitora.kit.store import BytesDiffer, BytesMissing
from debitora.messaging.actions.claims import BATCH, claim, give_back, still_mine
from debitora.messaging.actions.intents import about, follow_up, move, move_mine, stop
from debitora.messaging.actions.locks import place_lock
from debitora.messaging.actions.sender import mail_server
from debitora.messaging.models import Intent
from debitora.messaging.queries.edge import Calendar, calendar_of, conditions_of_all, facts_now
from debitora.messaging.queries.journal import Sent
from debitora.messaging.queries.sender import lock_in_force, missing_before_sending, sender_of
from debitora.messaging.rules.mail import AddressRefused, deliverable_address
from debitora.messaging.rules.recheck import Conditions, Stop, headline, only_passing, recheck
from debitora.messaging.rules.replies import Blame, Phase, Reply, Silence, Verdict, classify
from debitora.messaging.rules.states import Event, State, retry_at
from debitora.receivables.actions.locks import hold_customer
from debitora.trail.actions import record
from debitora.trail.rules import system

LOOK_AGAIN = timedelta(minutes=30)
"""After a reason that passes by itself."""
_SPENT = (State.ACCEPTED, State.UNCERTAIN)
"""States after which a message counts against the daily bound."""
_BY = system("messaging.send")
_PATIENCE = Patience()
Clock = Callable[[], datetime]


class MessageWithoutBytes(Exception):
    """A mail was queued without its composed bytes."""


@dataclass(frozen=True, slots=True)
class _Terms:
    """On which conditions a claimed message may go, and on whose calendar; `bound_reached`: not today."""

    conditions: Conditions
    calendar: Calendar
    bound_reached: bool


@dataclass(frozen=True, slots=True)
class _Mail:
    """A claimed message with what goes over the wire, and on which terms."""

    intent: Intent
    sender: str
    recipient: str
    data: bytes
    terms: _Terms


@dataclass(slots=True)
class _Line:
    """One line to the server, and what went over it: who writes, the clock, its pace, how many messages ended in which state."""

    company: int
    sender: str
    conversation: Conversation
    clock: Clock
    pace: Pace
    ended: Counter[str] = field(default_factory=Counter)


def send_due(*, company: int, clock: Clock, patience: Patience = _PATIENCE) -> dict[str, int]:
    """Send all mails of a company that are due; returns how many ended in which state. Nothing is sent while locked.

    A line ends early when the mail server fails it: what is left stays queued for the next round. Where the server takes only
    so many mails a second (MAILS_PER_SECOND), one worker sends at a time, over one line, and another one's round ends at once.
    """
    with transaction.atomic():
        if missing_before_sending(company=company):
            return {}
        sender = sender_of(company=company)
        server = mail_server(sender)

    def line() -> _Line:
        return _Line(
            company,
            sender.email,
            Conversation(server, patience=patience),
            clock,
            Pace(settings.MAILS_PER_SECOND),
        )

    if not settings.MAILS_PER_SECOND:
        return _send_all([line() for _ in range(settings.MAIL_LINES)])
    with alone(company) as mine:
        return _send_all([line()]) if mine else {}


def _send_all(lines: list[_Line]) -> dict[str, int]:
    """The first message finds out whether the server is there at all; what is more than a batch goes over all lines."""
    try:
        if _send_claimed(lines[0], most=1) and (sent := _send_claimed(lines[0], most=BATCH)):
            abreast([partial(_send_rest, line) for line in (lines if sent == BATCH else lines[:1])])
    finally:
        for line in lines:
            line.conversation.close()
    return dict(sum((line.ended for line in lines), Counter()))


def _send_rest(line: _Line) -> None:
    while _send_claimed(line, most=BATCH):
        pass


def _send_claimed(line: _Line, *, most: int) -> int:
    """Claim so many messages and send them one by one; how many, or 0 if the server failed us and the rest was given back."""
    claimed = claim(company=line.company, by=_BY, at=line.clock(), most=most)
    batch, left = claimed.intents, claimed.allowed
    if not batch:
        return 0
    with transaction.atomic():
        conditions, calendar = conditions_of_all(batch), calendar_of(company=line.company)
    alive = True
    for place, intent in enumerate(batch, 1):
        terms = _Terms(conditions[intent.id], calendar, bound_reached=left <= 0)
        blame, state = _send_one(line, intent, terms)
        line.ended[state] += 1
        left -= state in _SPENT
        if blame in (Blame.SERVER, Blame.SENDER):
            give_back(batch[place:], by=_BY, at=line.clock())
            alive = False
            break
    with transaction.atomic():
        follow_up(line.company)
    return len(batch) if alive else 0


def _send_one(line: _Line, intent: Intent, terms: _Terms) -> tuple[Blame, str]:
    """Take one message as far as it goes: whose fault it is that it went no further, and its state."""
    conversation = line.conversation
    try:
        mail = _prepared(intent, line.sender, terms)
    except AddressRefused:
        return _stop_unsendable(intent, "address_refused", line.clock())
    except (MessageWithoutBytes, BytesMissing, BytesDiffer):
        return _stop_unsendable(intent, "document_missing", line.clock())
    line.pace.wait()
    try:
        _announce(mail, conversation)
        failpoint("pre_send_recheck")
        if not _start_data(mail, line.clock()):
            conversation.reset()
            return Blame.NOBODY, _state(intent)
        failpoint("data_committed")
        reply = conversation.data(mail.data)
    except NotTaken as refusal:
        return _write_refusal(intent, refusal.outcome, line.clock()), _state(intent)
    return Blame.NOBODY, _write_accepted(intent, reply, line.clock())


def _prepared(intent: Intent, sender: str, terms: _Terms) -> _Mail:
    """The bytes are read, and held against their hash, before anything is said to the server."""
    if intent.body is None:
        raise MessageWithoutBytes(str(intent.id))
    return _Mail(
        intent=intent,
        sender=deliverable_address(sender),
        recipient=deliverable_address(intent.recipient),
        data=read_bytes(intent.body),
        terms=terms,
    )


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


def _start_data(mail: _Mail, at: datetime) -> bool:
    """The last look, under the customer's lock; commits `data_started` and answers True if the message may go."""
    intent, terms = mail.intent, mail.terms
    conditions = terms.conditions
    with transaction.atomic():
        hold_customer(company=intent.company_id, customer=intent.customer_id)
        facts = facts_now(
            intent,
            at=at,
            items=conditions.items,
            calendar=terms.calendar,
            bound_reached=terms.bound_reached,
        )
        stops = recheck(conditions, facts)
        if not stops:
            return move_mine(intent, Event.START_DATA, by=_BY, at=at, leased=True)
        mine = still_mine(intent, State.CLAIMED)
        if mine is not None:
            _stop(mine, stops, at)
    return False


def _stop(intent: Intent, stops: tuple[Stop, ...], at: datetime) -> None:
    if only_passing(stops):
        move(intent, Event.RELEASE, by=_BY, at=at, reason=headline(stops), due_at=at + LOOK_AGAIN)
        return
    stop(intent, stops, by=_BY, at=at)
    follow_up(intent.company_id)


def _stop_unsendable(intent: Intent, reason: str, at: datetime) -> tuple[Blame, str]:
    """A message that cannot be put on the wire at all waits for nobody: it stops and says so."""
    with transaction.atomic():
        mine = still_mine(intent, State.CLAIMED)
        if mine is not None:
            move(mine, Event.STOP, by=_BY, at=at, reason=reason)
            _record(mine, at, {"reasons": [reason]})
            follow_up(intent.company_id)
    return Blame.MESSAGE, _state(intent)


def _write_accepted(intent: Intent, reply: str, at: datetime) -> str:
    """The journal comes before the commit: what it knows and the database does not is found; the other way round nothing is."""
    with transaction.atomic():
        if move_mine(intent, Event.ACCEPT, by=_BY, at=at, reply=reply):
            _record(intent, at)
            write_journal(intent, at)
            failpoint("journal_written")
            return intent.state
    return _state(intent)


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
            follow_up(intent.company_id)
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


def _state(intent: Intent) -> str:
    with transaction.atomic():
        return Intent.objects.values_list("state", flat=True).get(company_id=intent.company_id, id=intent.id)
