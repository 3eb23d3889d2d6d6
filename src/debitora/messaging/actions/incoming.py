"""Take mails that came in, each exactly once: a report about a message of ours brings that message back.

Everything that a mail changes is committed together with its row, and its row is unique by the hash of its bytes. So a mail whose
file was not moved out of the way, because the machine died, is found to be known and changes nothing.

Nothing here answers a mail.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from debitora.documents.actions import store_all
from debitora.formats.mail.incoming import Incoming, MailKind, read_beginning, read_incoming
from debitora.kit.failpoints import failpoint
from debitora.kit.queue import defer
from debitora.messaging.actions.intents import about, follow_up, move
from debitora.messaging.actions.locks import place_lock
from debitora.messaging.actions.sending import write_journal
from debitora.messaging.models import IncomingMail, Intent
from debitora.messaging.queries.incoming import returned_lately
from debitora.messaging.queries.sender import lock_in_force
from debitora.messaging.rules.returns import (
    Found,
    IncomingState,
    found_about,
    found_without_message,
    is_answer,
    is_storm,
    own_ids,
    reason_of,
)
from debitora.messaging.rules.states import Event, State
from debitora.people.models import Company
from debitora.receivables.actions.locks import lock_customers
from debitora.trail.actions import Entry, record, record_all
from debitora.trail.rules import Actor

MAIL = "message/rfc822"
_KEPT = (IncomingState.RETURNED, IncomingState.OTHER)


@dataclass(frozen=True, slots=True)
class Brought:
    """A mail as its file holds it. Of one that is too large to be kept `data` is None, and `beginning` how it begins."""

    name: str
    sha256: str
    size: int
    data: bytes | None
    beginning: bytes = b""


@dataclass(frozen=True, slots=True)
class _Judged:
    """A mail, what it says, what it was found to be, and the message of ours that it is about."""

    brought: Brought
    read: Incoming
    found: Found
    intent: Intent | None


def take_mails(*, company: int, brought: Sequence[Brought], by: Actor, at: datetime) -> dict[str, str]:
    """Take mails of a company; returns the state of each by its hash, those included that were taken before.

    A mail that is left out has to wait: the message that it is about is just being handed over.
    """
    once = {one.sha256: one for one in brought}
    read = {one.sha256: _read(one) for one in once.values()}
    with transaction.atomic():
        messages = _locked(company, read.values())
        states = dict(IncomingMail.objects.filter(sha256__in=once).values_list("sha256", "state"))
        fresh = [one for one in once.values() if one.sha256 not in states]
        judged = list(_judged(fresh, read, messages, by, at))
        if judged:
            _keep(company, judged, by, at)
            _record(company, judged, by, at)
        failpoint("mails_taken")
    return states | {one.brought.sha256: str(one.found.state) for one in judged}


def _read(one: Brought) -> Incoming:
    return read_beginning(one.beginning) if one.data is None else read_incoming(one.data)


def _locked(company: int, read: Iterable[Incoming]) -> dict[UUID, Intent]:
    """The messages that the mails name, by their public ids, locked after their customers."""
    named = {own for one in read for own in own_ids(one)}
    asked = Intent.objects.filter(company_id=company, public_id__in=named)
    lock_customers(company=company, customers=asked.values_list("customer_id", flat=True))
    found = asked.select_for_update(of=("self",)).select_related("document").order_by("id")
    return {intent.public_id: intent for intent in found}


def _judged(
    fresh: Iterable[Brought],
    read: Mapping[str, Incoming],
    messages: Mapping[UUID, Intent],
    by: Actor,
    at: datetime,
) -> Iterator[_Judged]:
    """What each mail is, one after the other: of two reports about one message the first brings it back."""
    for one in fresh:
        said = read[one.sha256]
        intent = _about(said, messages)
        found = _found(said, intent)
        if found is None:
            continue
        if intent is not None and found.report is not None and found.state is IncomingState.RETURNED:
            _bring_back(intent, reason_of(found.report), found.report.words, by, at)
        yield _Judged(one, said, found, intent)


def _about(said: Incoming, messages: Mapping[UUID, Intent]) -> Intent | None:
    """The message that a report names, or that its recipient answers. What anybody else answers is about none."""
    named = [messages[own] for own in own_ids(said) if own in messages]
    if said.kind is not MailKind.REPORT:
        named = [intent for intent in named if is_answer(said, recipient=intent.recipient)]
    return next(iter(named), None)


def _found(said: Incoming, intent: Intent | None) -> Found | None:
    if intent is None or said.kind is not MailKind.REPORT:
        return found_without_message(said)
    return found_about(said, recipient=intent.recipient, state=intent.state)


def _bring_back(intent: Intent, reason: str, words: str, by: Actor, at: datetime) -> None:
    """A report about an uncertain message settles that it had left."""
    if intent.state == State.UNCERTAIN:
        move(intent, Event.SETTLE_SENT, by=by, at=at, reason="came_back")
        write_journal(intent, at)
    move(intent, Event.RETURN, by=by, at=at, reason=reason, reply=words)


def _keep(company: int, judged: Sequence[_Judged], by: Actor, at: datetime) -> None:
    """A row each. Bytes are kept of what changed a message, and of what a person wrote; all others lie where the folder's owner
    keeps them."""
    wanted = [one for one in judged if one.found.state in _KEPT and one.brought.data is not None]
    kept = store_all(company=company, kept=[(one.brought.data or b"", MAIL) for one in wanted], at=at)
    documents = {one.brought.sha256: blob for one, blob in zip(wanted, kept, strict=True)}
    IncomingMail.objects.bulk_create(
        (
            IncomingMail(
                company_id=company,
                sha256=one.brought.sha256,
                name=one.brought.name[:255],
                size=one.brought.size,
                state=one.found.state,
                reason=one.read.reason,
                intent=one.intent,
                document=documents.get(one.brought.sha256),
                sender=one.read.sender,
                subject=one.read.subject,
                mark=next(iter(one.read.marks), "")[:60],
                taken_at=at,
                **_said(one),
            )
            for one in judged
        ),
        ignore_conflicts=True,
    )


def _said(one: _Judged) -> dict[str, str]:
    """What the report says of a recipient; of another mail the beginning of what its author wrote."""
    report = one.found.report
    if report is None:
        return {"words": one.read.words}
    return {"status": report.status, "recipient": report.addresses[-1][:254], "words": report.words}


def _record(company: int, judged: Sequence[_Judged], by: Actor, at: datetime) -> None:
    back = [
        (one.intent, one.found.report)
        for one in judged
        if one.intent and one.found.report and one.found.state is IncomingState.RETURNED
    ]
    entries = [
        Entry(
            verb="delivery.returned",
            subjects=about(intent),
            facts={"reason": reason_of(report), "status": report.status},
        )
        for intent, report in back
    ]
    record_all(company=company, by=by, at=at, entries=entries)
    counts = {"count": len(judged), "returned": len(back)}
    record(company=company, by=by, at=at, verb="mails.taken", facts=counts)
    defer("disputes.sort", company=company, once=f"disputes.sort:{company}")
    if back:
        follow_up(company)


def pause_in_storm(*, company: int, by: Actor, at: datetime) -> bool:
    """Lock sending if more mails came back within the hour than can be right (RETURNS_LEAST, RETURNS_PERCENT).

    What came back before the last lock was lifted is not counted again: somebody has looked at it.
    """
    with transaction.atomic():
        Company.objects.select_for_update().get(pk=company)
        if lock_in_force(company=company) is not None:
            return False
        counted = returned_lately(company=company, at=at)
        if not is_storm(
            returned=counted.returned,
            left=counted.left,
            least=settings.RETURNS_LEAST,
            percent=settings.RETURNS_PERCENT,
        ):
            return False
        facts = {"returned": counted.returned, "left": counted.left}
        place_lock(company=company, reason="many_returned", note="", by=by, at=at, facts=facts)
    return True
