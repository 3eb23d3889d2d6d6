"""What a person does with a message: print it, take it back, or say what became of one that nobody is sure of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from debitora.kit.queue import defer
from debitora.messaging.actions.intents import IntentMoved, about, follow_up, move, stop
from debitora.messaging.actions.sending import write_journal
from debitora.messaging.models import Intent
from debitora.messaging.queries.edge import conditions_of, facts_now
from debitora.messaging.queries.journal import forgotten
from debitora.messaging.queries.sender import is_home, lock_in_force
from debitora.messaging.rules.recheck import only_passing, recheck
from debitora.messaging.rules.states import Event, State
from debitora.receivables.actions import lock_customer
from debitora.trail.actions import record
from debitora.trail.rules import Actor

_SETTLEMENTS: Mapping[str, Event] = {
    "sent": Event.SETTLE_SENT,
    "resend": Event.SETTLE_UNSENT,
    "dropped": Event.SETTLE_DROPPED,
}
FINDINGS = tuple(_SETTLEMENTS)


class SendingIsLocked(Exception):
    """While sending is locked, no letter is handed out either."""


@dataclass(slots=True)
class Handed:
    """What became of letters that were to be printed: ids that may be posted, that must not any more, that wait."""

    printed: list[int] = field(default_factory=list)
    stopped: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)


def mark_printed(*, company: int, intents: Sequence[int], by: Actor, at: datetime) -> Handed:
    """Note that letters were handed out for posting, each looked at once more under its customer's lock.

    One whose ground has gone is stopped and belongs out of the pile; one that is printed already, or cancelled, is passed
    over. Raises SendingIsLocked.
    """
    with transaction.atomic():
        if lock_in_force(company=company) is not None or not is_home():
            raise SendingIsLocked
        handed = hand_out(company=company, intents=intents, by=by, at=at)
        _record_handed(company, handed, by, at)
    return handed


def hand_out(*, company: int, intents: Sequence[int], by: Actor, at: datetime) -> Handed:
    """Move waiting letters on to printed or stopped, in the caller's transaction, which records the printed ones."""
    handed = Handed()
    letters = Intent.objects.filter(company_id=company, channel="letter", id__in=intents)
    for customer, letter in letters.order_by("customer_id", "id").values_list("customer_id", "id"):
        lock_customer(company=company, customer=customer)
        _print(company, letter, handed, by, at)
    if handed.stopped:
        follow_up(company)
    return handed


def _print(company: int, letter: int, handed: Handed, by: Actor, at: datetime) -> None:
    found = (
        Intent.objects.select_for_update().filter(company_id=company, id=letter, state=State.QUEUED).first()
    )
    if found is None:
        return
    stops = recheck(conditions_of(found), facts_now(found, at=at))
    if only_passing(stops):
        handed.waiting.append(letter)
        return
    move(found, Event.CLAIM, by=by, at=at)
    if stops:
        stop(found, stops, by=by, at=at)
        handed.stopped.append(letter)
    else:
        move(found, Event.PRINT, by=by, at=at)
        handed.printed.append(letter)


def _record_handed(company: int, handed: Handed, by: Actor, at: datetime) -> None:
    if handed.printed:
        follow_up(company)
        letters = Intent.objects.filter(company_id=company, id__in=handed.printed).order_by("id")
        record(
            company=company,
            by=by,
            at=at,
            verb="letters.printed",
            subjects=[subject for letter in letters for subject in about(letter)],
            facts={"count": len(handed.printed)},
        )


def settle(*, company: int, intent: int, finding: str, note: str, by: Actor, at: datetime) -> Intent:
    """A person says what became of an uncertain message: sent, resend (same Message-ID) or dropped. Raises IntentMoved."""
    event = _SETTLEMENTS[finding]
    with transaction.atomic():
        found = _in_state(company, intent, State.UNCERTAIN)
        if event is Event.SETTLE_SENT:
            write_journal(found, at)
        move(found, event, by=by, at=at, reason="settled_by_person")
        record(
            company=company,
            by=by,
            at=at,
            verb="delivery.settled",
            subjects=about(found),
            facts={"finding": finding},
            wording=note,
        )
        if event is Event.SETTLE_UNSENT:
            defer("messaging.send", company=company, once=f"messaging.send:{company}")
        else:
            follow_up(company)
    return found


def cancel_delivery(*, company: int, intent: int, note: str, by: Actor, at: datetime) -> Intent:
    """A person takes a message back that has not left yet. Raises IntentMoved."""
    with transaction.atomic():
        found = _in_state(company, intent, State.QUEUED, State.REFUSED_TEMP)
        move(found, Event.CANCEL, by=by, at=at, reason="cancelled_by_person")
        record(company=company, by=by, at=at, verb="delivery.cancelled", subjects=about(found), wording=note)
        follow_up(company)
    return found


def _in_state(company: int, intent: int, *states: State) -> Intent:
    found = Intent.objects.select_for_update(of=("self",)).get(company_id=company, id=intent)
    if found.state not in states:
        raise IntentMoved(found.state)
    return found


def adopt_journal(*, company: int, by: Actor, at: datetime) -> list[int]:
    """After a restore: mails that the sent journal knows as taken, and the database does not, become accepted.

    Returns their ids. What was withdrawn or refused since stays as it is, and is left to a person.
    """
    adopted = []
    with transaction.atomic():
        ids = forgotten(company=company).not_accepted
        for intent in (
            Intent.objects.select_for_update().filter(company_id=company, id__in=ids).order_by("id")
        ):
            steps = _WAYS_TO_ACCEPTED.get(State(intent.state), ())
            for event in steps:
                move(intent, event, by=by, at=at, reason="in_journal")
            if steps:
                adopted.append(intent.id)
                record(company=company, by=by, at=at, verb="delivery.accepted", subjects=about(intent))
        if adopted:
            follow_up(company)
    return adopted


_WAYS_TO_ACCEPTED: Mapping[State, tuple[Event, ...]] = {
    State.QUEUED: (Event.CLAIM, Event.START_DATA, Event.ACCEPT),
    State.REFUSED_TEMP: (Event.CLAIM, Event.START_DATA, Event.ACCEPT),
    State.CLAIMED: (Event.START_DATA, Event.ACCEPT),
    State.DATA_STARTED: (Event.ACCEPT,),
    State.UNCERTAIN: (Event.SETTLE_SENT,),
}
