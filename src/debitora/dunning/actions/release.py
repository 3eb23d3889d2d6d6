"""Turn the notices of an approved run into documents and queued messages, each in a transaction of its own.

Safe to repeat after any crash: what is rendered is passed over, and an intent exists once per notice, channel and recipient.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from debitora.documents.actions import store_bytes
from debitora.documents.models import Blob
from debitora.dunning.models import Notice, NoticeEvent, Run, RunApproval
from debitora.dunning.queries.notices import notice_facts, recipient_of, rendered, to_render
from debitora.dunning.queries.strategies import policies
from debitora.dunning.rules.composition import NoticeFacts, Recipient, letter_of
from debitora.dunning.rules.policy import Policy, debtor_kind
from debitora.dunning.rules.steps import deadline, sending_day
from debitora.kit.failpoints import failpoint
from debitora.kit.runtime import new_uuid
from debitora.messaging.actions.intents import Condition, Draft, queue_intent
from debitora.messaging.models import Sender
from debitora.messaging.queries import current_text, sender_of
from debitora.messaging.queries.edge import is_suppressed
from debitora.messaging.queries.texts import NoSuchText
from debitora.messaging.rules.girocode import Account
from debitora.messaging.rules.letter import Contact, Letter, LetterDoesNotAddUp
from debitora.messaging.rules.letter import Sender as LetterSender
from debitora.messaging.rules.mail import (
    AddressRefused,
    Envelope,
    HeaderRefused,
    WrongAttachment,
    compose_mail,
    deliverable_address,
)
from debitora.messaging.rules.notice_texts import FilledText, fill, with_text
from debitora.messaging.rules.pdf import LetterNotPrintable, render_letter
from debitora.messaging.rules.texts import TextNotRenderable
from debitora.messaging.rules.words import written_language
from debitora.people.actions import tell_progress
from debitora.people.models import Company
from debitora.receivables.models import Customer
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject

CHUNK = 50
_UNRENDERABLE = (
    LetterDoesNotAddUp,
    LetterNotPrintable,
    TextNotRenderable,
    NoSuchText,
    HeaderRefused,
    WrongAttachment,
)
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class _Composed:
    """A notice ready to be stored: the letter's bytes, the mail's bytes (None for a letter on paper)."""

    pdf: bytes
    mail: bytes | None
    subject: str
    language: str
    deadline_on: date
    sent_on: date
    public_id: object


def release_run(*, company: Company, run: int, by: Actor, clock: Clock) -> dict[str, int]:
    """Render and queue every notice of an approved run; returns how many ended how (rendered, no_recipient, render_failed).

    One notice that cannot be rendered is noted and does not stop the others.
    """
    ended: dict[str, int] = {}
    after = done = 0
    while True:
        with transaction.atomic():
            batch = to_render(run=run, after=after, most=CHUNK)
        if not batch:
            break
        for notice in batch:
            kind = release_notice(company=company, notice=notice, by=by, at=clock())
            ended[kind] = ended.get(kind, 0) + 1
        after = batch[-1]
        done += len(batch)
        with transaction.atomic():
            tell_progress(company=company.id, kind="run", subject=run, at=clock(), done=done)
    _finish(company, run, clock())
    return ended


def _finish(company: Company, run: int, at: datetime) -> None:
    with transaction.atomic():
        Run.objects.filter(company_id=company.id, id=run, state="approved").update(state="released")
        tell_progress(company=company.id, kind="run", subject=run, at=at, state="done")


def release_notice(*, company: Company, notice: int, by: Actor, at: datetime) -> str:
    """Render one notice of an approved run and queue its message; returns what happened to it."""
    with transaction.atomic():
        found = Notice.objects.select_related("run", "customer").get(company_id=company.id, id=notice)
        Customer.objects.select_for_update().get(company_id=company.id, id=found.customer_id)
        if rendered(notice=notice):
            return "rendered"
        facts, recipient = notice_facts(found), recipient_of(customer=found.customer_id)
        channel = channel_for(str(facts.step.get("channel", "mail")), recipient)
        if channel is None:
            return _note_once(found, "no_recipient", by, at)
        policy = policies([found.strategy_version_id])[found.strategy_version_id]
        sender = sender_of(company=company.id)
        try:
            composed = _compose(company, sender, facts, recipient, policy, channel, at)
        except _UNRENDERABLE as problem:
            return _note_once(found, "render_failed", by, at, reason=type(problem).__name__)
        _store(company, found, facts, recipient, channel, composed, by, at)
    failpoint("notice_released")
    return "rendered"


def channel_for(wanted: str, recipient: Recipient) -> str | None:
    """Mail or letter, as the step wants it and the customer can get it; None: a person has to complete the recipient."""
    mail = _can_mail(recipient)
    if wanted == "letter":
        return "letter" if recipient.has_address else None
    if mail:
        return "mail"
    return "letter" if wanted == "mail_else_letter" and recipient.has_address else None


def _can_mail(recipient: Recipient) -> bool:
    try:
        deliverable_address(recipient.email)
    except AddressRefused:
        return False
    return not is_suppressed(recipient.email)


def _compose(
    company: Company,
    sender: Sender,
    facts: NoticeFacts,
    recipient: Recipient,
    policy: Policy,
    channel: str,
    at: datetime,
) -> _Composed:
    language = written_language(recipient.language or policy.language or company.language)
    sent_on = sending_day(
        at.astimezone(ZoneInfo(company.time_zone)).date(), policy, company.country, company.subdivision
    )
    pay_until = deadline(sent_on, _DeadlineOf(facts), company.country, company.subdivision)
    bare = letter_of(
        facts,
        company_code=company.code,
        sender=letter_sender(company, sender),
        contact=Contact(name=sender.contact_name, phone=sender.phone, email=sender.reply_to or sender.email),
        recipient=recipient,
        language=language,
        issued_on=sent_on,
        deadline_on=pay_until,
    )
    filled = text_for(facts, bare, policy, language)
    letter = with_text(bare, filled)
    pdf = render_letter(letter, created_at=at)
    public_id = new_uuid()
    mail = _mail(letter, filled, pdf, sender, recipient, f"{public_id}", at) if channel == "mail" else None
    return _Composed(pdf, mail, filled.subject, language, pay_until, sent_on, public_id)


class _DeadlineOf:
    """The deadline's days as the notice's own copy of its step says; steps.deadline reads nothing else."""

    def __init__(self, facts: NoticeFacts) -> None:
        self.deadline_days = int(str(facts.step.get("deadline_days", 10)))


def text_for(facts: NoticeFacts, letter: Letter, policy: Policy, language: str) -> FilledText:
    """The step's wording in this language, filled. Raises NoSuchText and TextNotRenderable."""
    key = f"{facts.step.get('text', 'reminder')}.{debtor_kind(policy.debtor)}"
    return fill(current_text(key=key, language=language).sources, letter)


def letter_sender(company: Company, sender: Sender) -> LetterSender:
    """The company as it stands on its letters."""
    return LetterSender(
        name=sender.name or company.name,
        address=(sender.street, f"{sender.postcode} {sender.city}".strip()),
        phone=sender.phone,
        email=sender.email,
        imprint=tuple(line.strip() for line in sender.imprint.splitlines() if line.strip()),
        account=Account(
            holder=sender.name or company.name, iban=sender.iban, bic=sender.bic, bank=sender.bank
        )
        if sender.iban
        else None,
    )


def _mail(
    letter: Letter,
    filled: FilledText,
    pdf: bytes,
    sender: Sender,
    recipient: Recipient,
    public_id: str,
    at: datetime,
) -> bytes:
    domain = deliverable_address(sender.email).rpartition("@")[2]
    envelope = Envelope(
        recipient=recipient.email,
        sender_name=sender.name,
        sender_address=sender.email,
        reply_to=sender.reply_to,
        message_id=f"<{public_id}@{domain}>",
        sent_at=at,
    )
    return compose_mail(letter, body=filled.mail, pdf=pdf, envelope=envelope)


def _store(
    company: Company,
    notice: Notice,
    facts: NoticeFacts,
    recipient: Recipient,
    channel: str,
    composed: _Composed,
    by: Actor,
    at: datetime,
) -> None:
    document = store_bytes(company=company.id, data=composed.pdf, media_type="application/pdf", at=at)
    body = _store_mail(company, composed, at)
    NoticeEvent.objects.create(
        company_id=company.id,
        notice=notice,
        kind="rendered",
        document=document,
        party_id=recipient.party,
        deadline_on=composed.deadline_on,
        reason=channel,
        actor_id=by.id,
        actor_label=by.label,
        recorded_at=at,
    )
    approval = RunApproval.objects.get(company_id=company.id, run_id=notice.run_id)
    draft = Draft(
        kind="notice",
        subject=notice.id,
        customer=notice.customer_id,
        party=recipient.party,
        channel=channel,
        recipient=recipient.email if channel == "mail" else "",
        language=composed.language,
        mail_subject=composed.subject,
        document=document,
        body=body,
        data_as_of=notice.run.data_as_of,
        approved_by=approval.approved_by_label,
        due_at=_earliest(company, composed.sent_on, at),
        conditions=[
            Condition(line.item, line.open_minor, line.kind in ("due", "upcoming")) for line in facts.lines
        ],
    )
    queue_intent(company=company.id, draft=draft, by=by, at=at, public_id=composed.public_id)
    record(
        company=company.id,
        by=by,
        at=at,
        verb="notice.rendered",
        subjects=[Subject("notice", notice.id, notice.customer_id)],
        facts={"document": document.sha256, "channel": channel, "number": notice.number},
    )


def _store_mail(company: Company, composed: _Composed, at: datetime) -> Blob | None:
    if composed.mail is None:
        return None
    return store_bytes(company=company.id, data=composed.mail, media_type="message/rfc822", at=at)


def _earliest(company: Company, sent_on: date, at: datetime) -> datetime:
    """Now, or seven in the morning of the sending day where that is still ahead."""
    opening = datetime.combine(sent_on, time(7), ZoneInfo(company.time_zone))
    return at if sent_on <= at.astimezone(ZoneInfo(company.time_zone)).date() else opening


def _note_once(notice: Notice, kind: str, by: Actor, at: datetime, reason: str = "") -> str:
    if not NoticeEvent.objects.filter(company_id=notice.company_id, notice=notice, kind=kind).exists():
        NoticeEvent.objects.create(
            company_id=notice.company_id,
            notice=notice,
            kind=kind,
            reason=reason,
            actor_id=by.id,
            actor_label=by.label,
            recorded_at=at,
        )
        record(
            company=notice.company_id,
            by=by,
            at=at,
            verb=f"notice.{kind}",
            subjects=[Subject("notice", notice.id, notice.customer_id)],
            facts={"number": notice.number, "reason": reason},
        )
    return kind
