"""Who works on a message: claims under random tokens, given back, or taken back from workers that are gone.

Leases alone are kept in database time, since the clocks of two workers may differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from debitora.kit.failpoints import failpoint
from debitora.kit.pg.bulk import execute
from debitora.kit.queue import defer
from debitora.kit.runtime import new_token
from debitora.messaging.actions.intents import about, follow_up, move, move_all
from debitora.messaging.actions.sender import lock_sender
from debitora.messaging.models import Intent
from debitora.messaging.queries.edge import left_today
from debitora.messaging.queries.journal import journalled
from debitora.messaging.rules.states import CLAIMABLE, Event, State, abandoned
from debitora.trail.actions import record
from debitora.trail.rules import Actor, system

BATCH = 50
STALL_MINUTES = 15
"""A lease older than this belongs to a dead worker: longer than one message may take, silence at the dot included."""
RESCUE = system("messaging.rescue")


@dataclass(frozen=True, slots=True)
class Claimed:
    """Messages under one token, with their document and body; `allowed` of them may go before the daily bound is reached."""

    intents: list[Intent]
    allowed: int


def claim(*, company: int, by: Actor, at: datetime, most: int = BATCH) -> Claimed:
    """Take the next due mails under a fresh token; rows that another worker holds are passed over.

    The daily bound is shared out here, to one worker at a time: what others hold counts as sent.
    """
    token = new_token()
    with transaction.atomic():
        lock_sender(company=company)
        allowed = left_today(company=company, at=at)
        claimed = list(
            Intent.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("document", "body")
            .filter(company_id=company, channel="mail", state__in=tuple(CLAIMABLE), due_at__lte=at)
            .order_by("due_at", "id")[:most]
        )
        for intent in claimed:
            intent.token = token
        move_all(claimed, Event.CLAIM, by=by, at=at)
        _hold([one.id for one in claimed], token)
    failpoint("claimed")
    return Claimed(claimed, allowed)


def _hold(intents: list[int], token: str) -> None:
    """Put the token on claimed messages; their leases begin."""
    execute(
        "update messaging_intent set token = %(token)s, claimed_at = clock_timestamp() where id = any(%(ids)s)",
        token=token,
        ids=intents,
    )


def still_mine(intent: Intent, *states: State) -> Intent | None:
    """The row, locked, if this worker's claim still stands; else None, and nothing may be written."""
    return (
        Intent.objects.select_for_update()
        .filter(company_id=intent.company_id, id=intent.id, token=intent.token, state__in=states)
        .first()
    )


def give_back(intents: Iterable[Intent], *, by: Actor, at: datetime) -> None:
    """Free claims that were not come to, for the next round."""
    with transaction.atomic():
        for intent in intents:
            mine = still_mine(intent, State.CLAIMED)
            if mine is not None:
                move(mine, Event.RELEASE, by=by, at=at)


def rescue_abandoned(*, company: int, at: datetime) -> dict[str, int]:
    """Take back what dead workers hold; returns how many came to which state. Safe to repeat.

    A claim is free again. What had begun its DATA is uncertain, unless the sent journal knows that it was accepted.
    """
    rescued: dict[str, int] = {}
    with transaction.atomic():
        for intent in _abandoned(company):
            _take_back(intent, at)
            rescued[intent.state] = rescued.get(intent.state, 0) + 1
        if State.QUEUED in rescued:
            defer("messaging.send", company=company, once=f"messaging.send:{company}")
        if State.ACCEPTED in rescued:
            follow_up(company)
    return rescued


def _abandoned(company: int) -> list[Intent]:
    held = Intent.objects.select_for_update(skip_locked=True).filter(
        company_id=company, channel="mail", state__in=(State.CLAIMED, State.DATA_STARTED)
    )
    stalled = held.extra(
        where=["claimed_at < clock_timestamp() - make_interval(mins => %s)"], params=[STALL_MINUTES]
    )
    return list(stalled.order_by("id"))


def _take_back(intent: Intent, at: datetime) -> None:
    event, reason = abandoned(State(intent.state)), "worker_gone"
    if event is Event.LOSE and intent.public_id in journalled(company=intent.company_id):
        event, reason = Event.ACCEPT, "in_journal"
    move(intent, event, by=RESCUE, at=at, reason=reason)
    if intent.state != State.QUEUED:
        record(
            company=intent.company_id,
            by=RESCUE,
            at=at,
            verb=f"delivery.{intent.state}",
            subjects=about(intent),
            facts={"reason": reason},
        )
