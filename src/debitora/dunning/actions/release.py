"""Turn the notices of an approved run into documents and queued messages, each in a transaction of its own.

Safe to repeat after any crash: what is rendered is passed over, and an intent exists once per notice, channel and recipient.
What has changed since the run read its snapshot stops a notice here; what changes later is found at the edge.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from debitora.documents.actions import store_bytes
from debitora.dunning.actions.events import add_event
from debitora.dunning.models import Notice, Run, RunApproval
from debitora.dunning.queries.letters import Composed, Stock, compose
from debitora.dunning.queries.notices import left_to_render, needs_another_word, settled_as, to_render
from debitora.dunning.queries.standing import stop_reason
from debitora.kit.failpoints import failpoint
from debitora.kit.runtime import new_uuid
from debitora.messaging.actions.intents import Condition, Draft, queue_intent
from debitora.messaging.models import Sender
from debitora.messaging.queries import Missing, missing_before_sending
from debitora.messaging.queries.texts import NoSuchText
from debitora.messaging.rules.letter import LetterDoesNotAddUp
from debitora.messaging.rules.mail import (
    AddressRefused,
    Envelope,
    HeaderRefused,
    WrongAttachment,
    compose_mail,
    deliverable_address,
)
from debitora.messaging.rules.pdf import LetterNotPrintable, render_letter
from debitora.messaging.rules.texts import TextNotRenderable
from debitora.people.actions import tell_progress
from debitora.people.models import Company
from debitora.receivables.models import Customer
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject

CHUNK = 50
LETTERHEAD = frozenset({Missing.NAME, Missing.ADDRESS, Missing.EMAIL, Missing.IBAN, Missing.IMPRINT})
"""What must be known of the sender before a letter is made for good."""
_UNRENDERABLE = (
    LetterDoesNotAddUp,
    LetterNotPrintable,
    TextNotRenderable,
    NoSuchText,
    AddressRefused,
    HeaderRefused,
    WrongAttachment,
)
Clock = Callable[[], datetime]


class RunNotApproved(Exception):
    """Nobody has approved the run of this notice, or it was thrown away."""


def release_run(*, company: Company, run: int, by: Actor, clock: Clock) -> dict[str, int]:
    """Render and queue every notice of an approved run; returns how many ended how (rendered, no_recipient, ...).

    One notice that cannot be rendered is noted and does not stop the others. While the sender is not complete
    (LETTERHEAD) nothing is made, and the run waits. Raises RunNotApproved.
    """
    ended: dict[str, int] = {}
    with transaction.atomic():
        if waits_for_sender(company=company):
            return ended
        found = Run.objects.get(company_id=company.id, id=run)
        done = found.notice_count - left_to_render(run=run)
    if found.state not in ("approved", "released"):
        raise RunNotApproved(found.state)
    after = 0
    while batch := _batch(run, after):
        stock = Stock(company)
        for notice in batch:
            kind = release_notice(company=company, notice=notice, by=by, at=clock(), stock=stock)
            ended[kind] = ended.get(kind, 0) + 1
        after, done = batch[-1], done + len(batch)
        _tell(company, run, clock(), done)
    _finish(company, run, clock())
    return ended


def waits_for_sender(*, company: Company) -> list[Missing]:
    """What is still missing of the sender before letters can be made."""
    return [what for what in missing_before_sending(company=company.id) if what in LETTERHEAD]


def _batch(run: int, after: int) -> list[int]:
    with transaction.atomic():
        return to_render(run=run, after=after, most=CHUNK)


def _tell(company: Company, run: int, at: datetime, done: int) -> None:
    with transaction.atomic():
        tell_progress(company=company.id, kind="run", subject=run, at=at, done=done)


def _finish(company: Company, run: int, at: datetime) -> None:
    with transaction.atomic():
        Run.objects.filter(company_id=company.id, id=run, state="approved").update(state="released")
        tell_progress(company=company.id, kind="run", subject=run, at=at, state="done")


def release_notice(
    *, company: Company, notice: int, by: Actor, at: datetime, stock: Stock | None = None
) -> str:
    """Render one notice of an approved run and queue its message; returns what happened to it. Raises RunNotApproved.

    rendered, no_recipient, render_failed, stopped; withheld or ended if a person was faster. `stock` is what the letters
    of a batch share.
    """
    with transaction.atomic():
        found = Notice.objects.select_related("run", "customer").get(company_id=company.id, id=notice)
        if found.run.state not in ("approved", "released"):
            raise RunNotApproved(found.run.state)
        Customer.objects.select_for_update(no_key=True).get(company_id=company.id, id=found.customer_id)
        kind = settled_as(notice=notice) or _release(stock or Stock(company), found, by, at)
    failpoint("notice_released")
    return kind


def _release(stock: Stock, notice: Notice, by: Actor, at: datetime) -> str:
    stopped = stop_reason(notice=notice, on=at.astimezone(ZoneInfo(stock.company.time_zone)).date())
    if stopped:
        return _note(notice, "stopped", by, at, stopped)
    try:
        composed = compose(stock=stock, notice=notice, at=at)
        if composed.channel is None:
            return _note(notice, "no_recipient", by, at)
        pdf = render_letter(composed.letter, created_at=at)
        public_id = new_uuid()
        mail = _mail(composed, pdf, stock.sender(), f"{public_id}", at)
    except _UNRENDERABLE as problem:
        return _note(notice, "render_failed", by, at, type(problem).__name__)
    _store(stock.company, notice, composed, pdf, mail, public_id, by, at)
    return "rendered"


def _mail(composed: Composed, pdf: bytes, sender: Sender, public_id: str, at: datetime) -> bytes | None:
    """The mail's bytes; None for a letter on paper."""
    if composed.channel != "mail":
        return None
    domain = deliverable_address(sender.email).rpartition("@")[2]
    envelope = Envelope(
        recipient=composed.recipient.email,
        sender_name=sender.name,
        sender_address=sender.email,
        reply_to=sender.reply_to,
        message_id=f"<{public_id}@{domain}>",
        sent_at=at,
    )
    return compose_mail(composed.letter, body=composed.texts.mail, pdf=pdf, envelope=envelope)


def _store(
    company: Company,
    notice: Notice,
    composed: Composed,
    pdf: bytes,
    mail: bytes | None,
    public_id: UUID,
    by: Actor,
    at: datetime,
) -> None:
    document = store_bytes(company=company.id, data=pdf, media_type="application/pdf", at=at)
    body = mail and store_bytes(company=company.id, data=mail, media_type="message/rfc822", at=at)
    channel, recipient = composed.channel or "", composed.recipient
    add_event(
        notice,
        "rendered",
        by=by,
        at=at,
        reason=channel,
        document=document,
        party_id=recipient.party,
        deadline_on=composed.deadline_on,
    )
    draft = Draft(
        kind="notice",
        subject=notice.id,
        customer=notice.customer_id,
        party=recipient.party,
        channel=channel,
        recipient=recipient.email if channel == "mail" else "",
        language=composed.language,
        mail_subject=composed.texts.subject,
        document=document,
        body=body or None,
        data_as_of=notice.run.data_as_of,
        approved_by=_approver(notice),
        due_at=_earliest(company, composed.sent_on, at),
        conditions=[
            Condition(line.item, line.open_minor, line.kind in ("due", "upcoming"))
            for line in composed.facts.lines
        ],
    )
    queue_intent(company=company.id, draft=draft, by=by, at=at, public_id=public_id)
    record(
        company=company.id,
        by=by,
        at=at,
        verb="notice.rendered",
        subjects=[Subject("notice", notice.id, notice.customer_id)],
        facts={"document": document.sha256, "channel": channel, "number": notice.number},
    )


def _approver(notice: Notice) -> str:
    return RunApproval.objects.get(company_id=notice.company_id, run_id=notice.run_id).approved_by_label


def _earliest(company: Company, sent_on: date, at: datetime) -> datetime:
    """Now, or seven in the morning of the sending day where that is still ahead."""
    zone = ZoneInfo(company.time_zone)
    return at if sent_on <= at.astimezone(zone).date() else datetime.combine(sent_on, time(7), zone)


def _note(notice: Notice, kind: str, by: Actor, at: datetime, reason: str = "") -> str:
    """Note what became of a notice, unless the same was said already and nothing has changed since."""
    if needs_another_word(notice=notice, kind=kind, reason=reason):
        add_event(notice, kind, by=by, at=at, reason=reason)
        record(
            company=notice.company_id,
            by=by,
            at=at,
            verb=f"notice.{kind}",
            subjects=[Subject("notice", notice.id, notice.customer_id)],
            facts={"number": notice.number, "reason": reason},
        )
    return kind
