"""Hand a pile to a letter service: a PDF and its index, in a folder that the service fetches from, at most once.

Claim the letters under a random token -> write both files under hidden names, synced -> in one transaction under the customers'
locks look at every letter again and commit `data_started` -> rename, the index last -> commit that they are printed. What dies
before `data_started` is done again; afterwards the index tells: where it lies the pile was handed over, where it does not the
service may have fetched it, and the letters are `uncertain` for a person to settle (docs/decisions/0021).
"""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection, transaction

from debitora.documents.queries import read_bytes
from debitora.kit import outbox
from debitora.kit.failpoints import failpoint
from debitora.kit.pg.bulk import rows
from debitora.kit.queue import defer
from debitora.kit.runtime import new_token
from debitora.kit.store import BytesDiffer, BytesMissing
from debitora.messaging.actions.intents import about, follow_up, move, move_all, stop
from debitora.messaging.actions.sender import lock_sender
from debitora.messaging.actions.settling import SendingIsLocked
from debitora.messaging.models import Intent, Pile, PileDrop, PileLetter
from debitora.messaging.queries.edge import conditions_of_all, facts_now
from debitora.messaging.queries.sender import is_home, lock_in_force
from debitora.messaging.rules.merging import merged
from debitora.messaging.rules.recheck import headline, only_passing, recheck
from debitora.messaging.rules.service import Enclosed, file_names, index_of
from debitora.messaging.rules.states import Event, State
from debitora.people.models import Company
from debitora.receivables.actions.locks import lock_customers
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject, system

PURPOSE = "letters"
STALL = timedelta(minutes=15)
"""A claim older than this belongs to a dead worker."""
_RESCUE = system("messaging.rescue")
Clock = Callable[[], datetime]


class PileDropped(Exception):
    """The pile is with the service, or on its way there."""


class NothingToDrop(Exception):
    """No letter of the pile waits any more."""


@dataclass(frozen=True, slots=True)
class _Files:
    """What lies, still hidden, in the folder."""

    place: Path
    names: tuple[str, str]

    def discard(self) -> None:
        """Take it away again."""
        outbox.discard(self.place, list(self.names))


def to_service(*, company_code: str) -> Path | None:
    """The folder from which a letter service fetches the company's piles; None: it has none, or it is no folder."""
    try:
        return outbox.folder(company_code=company_code, purpose=PURPOSE)
    except outbox.NoOutbox:
        return None


def ask_to_drop(*, company: int, pile: int, by: Actor, at: datetime) -> None:
    """Let the pile be handed over by a job: its states are committed one after the other."""
    with transaction.atomic():
        record(company=company, by=by, at=at, verb="pile.asked", subjects=[Subject("pile", pile)])
        defer("messaging.drop", company=company, once=f"messaging.drop:{company}:{pile}", pile=pile)


def drop_pile(*, company: Company, pile: int, by: Actor, clock: Clock) -> PileDrop:
    """Hand the pile's waiting letters to the service; returns how far it came: handed, or failed with a reason.

    Reasons: folder_missing, folder_full, folder_closed (not writable), document_missing, changed_meanwhile. A letter whose ground
    has gone is stopped and stays out. Raises PileDropped, NothingToDrop and SendingIsLocked.
    """
    drop = _claim(company, pile, by, clock())
    failpoint("drop_claimed")
    try:
        files = _prepare(company, drop)
    except outbox.NoOutbox:
        return _fail(drop, "folder_missing", by, clock())
    except (BytesMissing, BytesDiffer):
        return _fail(drop, "document_missing", by, clock())
    except OSError as problem:
        return _fail(drop, _reason(problem), by, clock())
    failpoint("drop_prepared")
    if not _start(drop, by, clock()):
        files.discard()
        return _fail(drop, "changed_meanwhile", by, clock())
    failpoint("drop_started")
    try:
        for name in files.names:  # the index last: what it names lies there
            outbox.publish(files.place, name)
            failpoint("drop_published")
    except OSError as problem:
        return _lose(drop, _reason(problem), by, clock())
    return _hand(drop, by, clock())


def rescue_drops(*, company: Company, at: datetime) -> dict[str, int]:
    """Take back what dead workers hold; returns how many piles came to which state. Safe to repeat."""
    rescued: dict[str, int] = {}
    with transaction.atomic():
        stalled = rows(
            """select id from messaging_piledrop where state in ('claimed', 'started')
               and claimed_at < clock_timestamp() - %(stall)s order by id""",
            stall=STALL,
        )
        drops = list(PileDrop.objects.filter(id__in=[row["id"] for row in stalled]).order_by("id"))
    for drop in drops:
        if drop.state == "claimed":
            end = _fail(drop, "worker_gone", _RESCUE, at)
        elif _lies_there(company, drop):
            end = _hand(drop, _RESCUE, at)
        else:
            end = _lose(drop, "worker_gone", _RESCUE, at)
        rescued[end.state] = rescued.get(end.state, 0) + 1
    return rescued


def _lies_there(company: Company, drop: PileDrop) -> bool:
    place = to_service(company_code=company.code)
    return place is not None and (place / drop.name).is_file()


def _claim(company: Company, pile: int, by: Actor, at: datetime) -> PileDrop:
    token = new_token()
    with transaction.atomic():
        lock_sender(company=company.id)
        if lock_in_force(company=company.id) is not None or not is_home():
            raise SendingIsLocked
        found = Pile.objects.get(company_id=company.id, id=pile)
        if PileDrop.objects.filter(pile=found).exclude(state="failed").exists():
            raise PileDropped(found.number)
        lying = PileLetter.objects.filter(pile=found).values_list("intent_id", flat=True)
        waiting = _locked(company.id, list(lying), State.QUEUED)
        for letter in waiting:
            letter.token = token
        leased = Intent.objects.filter(id__in=[letter.id for letter in waiting])
        leased.update(token=token, claimed_at=_database_now())
        move_all(waiting, Event.CLAIM, by=by, at=at)
        kept = _looked_at(waiting, by, at)
        if kept:
            return PileDrop.objects.create(
                company_id=company.id,
                pile=found,
                token=token,
                name=file_names(company_code=company.code, number=found.number, token=token)[1],
                intents=[letter.id for letter in kept],
                state="claimed",
                claimed_at=_database_now(),
                state_at=at,
                actor_id=by.id,
                actor_label=by.label,
            )
    raise NothingToDrop(pile)


def _database_now() -> datetime:
    """Leases alone are kept in database time."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def _locked(company: int, letters: Sequence[int], *states: State, token: str = "") -> list[Intent]:
    """Those of the letters that are in a state (and under the token), locked after their customers, in order of their ids."""
    asked = Intent.objects.filter(company_id=company, channel="letter", id__in=letters)
    lock_customers(company=company, customers=asked.values_list("customer_id", flat=True))
    found = asked.filter(state__in=states, **({"token": token} if token else {}))
    return list(found.select_for_update().order_by("id"))


def _looked_at(letters: Sequence[Intent], by: Actor, at: datetime) -> list[Intent]:
    """The letters that may go; one whose ground has gone is stopped, one that only has to wait is freed."""
    kept = []
    conditions = conditions_of_all(letters)
    for letter in letters:
        stops = recheck(conditions[letter.id], facts_now(letter, at=at, items=conditions[letter.id].items))
        if not stops:
            kept.append(letter)
        elif only_passing(stops):
            move(letter, Event.RELEASE, by=by, at=at, reason=headline(stops))
        else:
            stop(letter, stops, by=by, at=at)
            follow_up(letter.company_id)
    return kept


def _prepare(company: Company, drop: PileDrop) -> _Files:
    place = outbox.folder(company_code=company.code, purpose=PURPOSE)
    with transaction.atomic():
        number = drop.pile.number
        letters = list(
            PileLetter.objects.filter(pile_id=drop.pile_id, intent_id__in=drop.intents)
            .select_related("intent__document", "intent__party")
            .order_by("place")
        )
        parts = [read_bytes(one.intent.document) for one in letters]
    names = file_names(company_code=company.code, number=number, token=drop.token)
    joined = merged(parts, title=names[0], duplex=False)
    index = index_of(
        [_enclosed(one) for one in letters], file=names[0], sha256=hashlib.sha256(joined).hexdigest()
    )
    outbox.prepare(place, dict(zip(names, (joined, index), strict=True)))
    return _Files(place, names)


def _enclosed(one: PileLetter) -> Enclosed:
    letter = one.intent
    return Enclosed(
        key=letter.public_id,
        pages=one.pages,
        country=letter.party.country,
        postcode=letter.party.postcode,
        sha256=letter.document.sha256 if letter.document else "",
    )


def _start(drop: PileDrop, by: Actor, at: datetime) -> bool:
    """The last look, under the customers' locks; commits `data_started`. False if not all may go any more."""
    with transaction.atomic():
        mine = _locked(drop.company_id, drop.intents, State.CLAIMED, token=drop.token)
        kept = _looked_at(mine, by, at)
        locked = lock_in_force(company=drop.company_id) is not None or not is_home()
        if locked or len(kept) < len(drop.intents):
            return False
        move_all(kept, Event.START_DATA, by=by, at=at)
        _note(drop, "started", "", at)
        drop.claimed_at = _database_now()
        drop.save(update_fields=["claimed_at"])
    return True


def _hand(drop: PileDrop, by: Actor, at: datetime) -> PileDrop:
    """The index lies in the folder: the letters are out of the house."""
    return _end(drop, State.DATA_STARTED, Event.PRINT, "handed", "", by, at)


def _fail(drop: PileDrop, reason: str, by: Actor, at: datetime) -> PileDrop:
    """Nothing was shown to the service: the letters wait again."""
    return _end(drop, State.CLAIMED, Event.RELEASE, "failed", reason, by, at)


def _lose(drop: PileDrop, reason: str, by: Actor, at: datetime) -> PileDrop:
    """Nobody knows what the service has fetched."""
    return _end(drop, State.DATA_STARTED, Event.LOSE, "uncertain", reason, by, at)


def _end(
    drop: PileDrop, state: State, event: Event, end: str, reason: str, by: Actor, at: datetime
) -> PileDrop:
    """Move what is still under the drop's token; a worker that woke too late finds nothing and writes nothing."""
    with transaction.atomic():
        now = PileDrop.objects.select_for_update().get(company_id=drop.company_id, id=drop.id)
        if now.state not in ("claimed", "started"):
            return now
        mine = _locked(drop.company_id, drop.intents, state, token=drop.token)
        move_all(mine, event, by=by, at=at)
        _note(now, end, reason, at)
        subjects = [subject for letter in mine for subject in about(letter)]
        record(
            company=drop.company_id,
            by=by,
            at=at,
            verb=f"pile.{end}",
            subjects=[Subject("pile", drop.pile_id), *subjects],
            facts={"count": len(mine), "file": drop.name, "reason": reason},
        )
        follow_up(drop.company_id)
    return now


def _note(drop: PileDrop, state: str, reason: str, at: datetime) -> None:
    drop.state, drop.reason, drop.state_at = state, reason, at
    drop.save(update_fields=["state", "reason", "state_at"])


def _reason(problem: OSError) -> str:
    full = (errno.ENOSPC, errno.EDQUOT)
    return "folder_full" if problem.errno in full else "folder_closed"
