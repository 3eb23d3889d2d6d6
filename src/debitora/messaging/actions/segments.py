"""Write one message to many customers: its texts, a test, the start that fixes whom it reaches, and its making by batches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from debitora.documents.actions import store_all
from debitora.kit.pg.bulk import execute
from debitora.kit.queue import defer
from debitora.kit.runtime import new_uuid
from debitora.kit.smtp import Conversation
from debitora.messaging.actions.intents import Draft, cancel_intents, queue_intents
from debitora.messaging.actions.sender import mail_server
from debitora.messaging.models import Intent, Segment, SegmentReceiver, SegmentText
from debitora.messaging.queries import missing_before_sending
from debitora.messaging.queries.consents import consent_link
from debitora.messaging.queries.edge import suppressed_among
from debitora.messaging.queries.letterhead import letter_sender
from debitora.messaging.queries.optouts import declined_among, end_link
from debitora.messaging.queries.segments import contacted_among, customers_of, receivers, texts_of
from debitora.messaging.queries.sender import answers_to, may_write_to, sender_of
from debitora.messaging.rules.letter import Contact
from debitora.messaging.rules.letter import Sender as LetterSender
from debitora.messaging.rules.mail import AddressRefused, Envelope, deliverable_address
from debitora.messaging.rules.segment_mail import segment_mail
from debitora.messaging.rules.segments import (
    Receiver,
    Wording,
    filled,
    outcome_of,
    spoken_to,
    standing_of,
    wording_faults,
)
from debitora.messaging.rules.texts import TextFault, TextNotRenderable
from debitora.people.models import Company
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject

KIND = "segment"
_BATCH = 100


@dataclass(frozen=True, slots=True)
class _Made:
    """The mail to one customer, before its bytes are kept."""

    receiver: SegmentReceiver
    person: Receiver
    public_id: UUID
    data: bytes
    subject: str
    language: str


class SegmentNotADraft(Exception):
    """It has started; its texts and whom it reaches are fixed."""


class SegmentNotSending(Exception):
    """It has not started, or has come to its end."""


class NothingToSay(Exception):
    """There is no text in any language."""


class NobodyToWriteTo(Exception):
    """Its query finds no customer."""


class SendingNotReady(Exception):
    """Something is missing before messages may go; carries what."""


class WordingHasFaults(Exception):
    """The text cannot be filled; carries (language, field, fault)."""

    def __init__(self, faults: list[tuple[str, str, TextFault]]) -> None:
        super().__init__(str(faults))
        self.faults = faults


def add_segment(*, company: Company, name: str, query: str, by: Actor, at: datetime) -> Segment:
    """Begin a message to the customers that the query of their list finds."""
    with transaction.atomic():
        made = Segment.objects.create(
            company=company, name=name.strip(), query=query, created_by_label=by.label, created_at=at
        )
        _record(made, "segment.added", by, at)
    return made


def save_segment(
    *,
    segment: int,
    name: str,
    quiet_days: int,
    texts: Mapping[str, Wording],
    by: Actor,
    at: datetime,
    purpose: str = "optional",
) -> None:
    """Keep what a draft is called and says; a language without words goes. Raises SegmentNotADraft, WordingHasFaults.

    purpose: one of rules.segments.PURPOSES.
    """
    faults = [
        (language, where, fault) for language, one in texts.items() for where, fault in wording_faults(one)
    ]
    if faults:
        raise WordingHasFaults(faults)
    with transaction.atomic():
        found = _draft(segment)
        found.name, found.quiet_days, found.purpose = name.strip(), quiet_days, purpose
        found.save(update_fields=["name", "quiet_days", "purpose"])
        SegmentText.objects.filter(segment=found).delete()
        SegmentText.objects.bulk_create(
            SegmentText(
                company_id=found.company_id,
                segment=found,
                language=language,
                subject=one.subject,
                body=one.body,
            )
            for language, one in sorted(texts.items())
        )
        _record(found, "segment.saved", by, at)


def start_segment(*, company: Company, segment: int, on: date, by: Actor, at: datetime) -> int:
    """Fix whom it reaches and let it go; returns how many were chosen.

    Raises SegmentNotADraft (also of two who start it at once the second), NothingToSay, NobodyToWriteTo, SendingNotReady.
    """
    with transaction.atomic():
        missing = missing_before_sending(company=company.id)
        if missing:
            raise SendingNotReady([str(one) for one in missing])
        found = _draft(segment)
        if not texts_of(segment=segment):
            raise NothingToSay(segment)
        chosen = customers_of(company=company, query=found.query, on=on)
        if not chosen:
            raise NobodyToWriteTo(found.query)
        execute(_CHOOSE, company=company.id, segment=segment, customers=chosen)
        found.state, found.started_by_label, found.started_at = "sending", by.label, at
        found.save(update_fields=["state", "started_by_label", "started_at"])
        _record(found, "segment.started", by, at, customers=len(chosen))
        defer(
            "messaging.segment",
            company=company.id,
            once=f"messaging.segment:{company.id}:{segment}",
            segment=segment,
        )
    return len(chosen)


_CHOOSE: Final = """insert into messaging_segmentreceiver (company_id, segment_id, customer_id, outcome)
    select %(company)s, %(segment)s, chosen.id, 'waiting'
    from unnest(%(customers)s::bigint[]) with ordinality as chosen (id, place) order by chosen.place"""


def cancel_segment(*, segment: int, by: Actor, at: datetime) -> int:
    """Stop a message that is being sent; how many mails were still to be had. What has left has left. Raises SegmentNotSending."""
    with transaction.atomic():
        found = _locked(segment)
        if found.state != "sending" and not _leaves(found):
            raise SegmentNotSending(segment)
        found.state = "cancelled"
        found.save(update_fields=["state"])
        made = SegmentReceiver.objects.filter(segment=found, outcome="queued").values_list("id", flat=True)
        back = cancel_intents(
            company=found.company_id, kind=KIND, subjects=made, reason="segment_cancelled", by=by, at=at
        )
        _record(found, "segment.cancelled", by, at, count=len(back))
    return len(back)


def make_segment(*, company: Company, segment: int, by: Actor, clock: Callable[[], datetime]) -> None:
    """Make and queue the messages of a segment that has started, batch by batch, each customer's once.

    Whoever was chosen and may not be written to any more gets none, and it is kept why. A cancellation is seen between two batches.
    """
    while make_batch(company=company, segment=segment, by=by, at=clock()):
        pass


def try_segment(*, company: Company, segment: int, customer: int, address: str, at: datetime) -> bool:
    """Send what one customer would get to an address of ours instead; False where that may not be written to.

    Raises NothingToSay, TextNotRenderable, AddressRefused, kit.smtp.NotTaken, PasswordLost.
    """
    with transaction.atomic():
        texts, sender = texts_of(segment=segment), sender_of(company=company.id)
        found = receivers(customers=[customer])
        if not texts or not found:
            raise NothingToSay(segment)
        if not may_write_to(sender=sender, recipient=address):
            return False
        data, _subject, _language = _written(company, found[0], texts, new_uuid(), at, address)
    conversation = Conversation(mail_server(sender))
    try:
        conversation.open()
        conversation.envelope(deliverable_address(sender.email), deliverable_address(address))
        conversation.data(data)
    finally:
        conversation.close()
    return True


def make_batch(*, company: Company, segment: int, by: Actor, at: datetime) -> bool:
    """One batch; False when nothing is left or it was cancelled. Two workers take turns at the segment's lock."""
    with transaction.atomic():
        found = _locked(segment)
        if found.state != "sending":
            return False
        waiting = list(
            SegmentReceiver.objects.filter(segment=found, outcome="waiting").order_by("id")[:_BATCH]
        )
        if not waiting:
            found.state = "sent"
            found.save(update_fields=["state"])
            return False
        _make(company, found, waiting, by, at)
    return True


def _make(
    company: Company, segment: Segment, waiting: list[SegmentReceiver], by: Actor, at: datetime
) -> None:
    texts = texts_of(segment=segment.id)
    people = {one.customer: one for one in receivers(customers=[each.customer_id for each in waiting])}
    addresses = {one.email for one in people.values() if one.email}
    dead = suppressed_among(addresses)
    declined = declined_among(addresses) if segment.purpose == "optional" else frozenset()
    on = company.day_at(at)
    contacted = contacted_among(company=company, customers=list(people), on=on, days=segment.quiet_days)
    made: list[_Made] = []
    for each in waiting:
        person = people[each.customer_id]
        each.outcome = outcome_of(
            standing_of(person, dead=dead, declined=declined, contacted=contacted), languages=texts
        )
        if each.outcome == "queued":
            ending = end_link(company, each.id) if segment.purpose == "optional" else ""
            each.outcome = _made_or_why(company, each, person, texts, at, made, ending)
    _queue(company, segment, made, by, at)
    intents = dict(
        Intent.objects.filter(kind=KIND, subject_id__in=[each.id for each in waiting]).values_list(
            "subject_id", "id"
        )
    )
    for each in waiting:
        each.intent_id = intents.get(each.id)
    SegmentReceiver.objects.bulk_update(waiting, ["outcome", "intent"])


def _made_or_why(
    company: Company,
    receiver: SegmentReceiver,
    person: Receiver,
    texts: Mapping[str, Wording],
    at: datetime,
    made: list[_Made],
    ending: str,
) -> str:
    """ "queued" with the mail added to those made, or why it cannot be made."""
    public_id = new_uuid()
    try:
        made.append(
            _Made(
                receiver,
                person,
                public_id,
                *_written(
                    company,
                    person,
                    texts,
                    public_id,
                    at,
                    person.email,
                    link=consent_link(company, receiver.id),
                    ending=ending,
                ),
            )
        )
    except TextNotRenderable:
        return "no_text"
    except AddressRefused:
        return "no_address"
    return "queued"


def _queue(company: Company, segment: Segment, made: list[_Made], by: Actor, at: datetime) -> None:
    kept = store_all(company=company.id, kept=[(one.data, "message/rfc822") for one in made], at=at)
    drafts = {
        one.public_id: Draft(
            kind=KIND,
            subject=one.receiver.id,
            customer=one.person.customer,
            party=one.person.party,
            channel="mail",
            recipient=one.person.email,
            language=one.language,
            mail_subject=one.subject,
            document=blob,
            body=blob,
            data_as_of=at,
            approved_by=segment.started_by_label,
            due_at=at,
            conditions=(),
        )
        for one, blob in zip(made, kept, strict=True)
    }
    queue_intents(company=company.id, drafts=drafts, by=by, at=at)


def _written(
    company: Company,
    person: Receiver,
    texts: Mapping[str, Wording],
    public_id: UUID,
    at: datetime,
    address: str,
    *,
    link: str = "…",
    ending: str = "",
) -> tuple[bytes, str, str]:
    """The mail to one customer, its subject and its language."""
    own = sender_of(company=company.id)
    sender, contact = written_by(company)
    language = spoken_to(person, texts, usual=company.language)
    said = filled(texts[language], person, sender=sender, contact=contact, link=link)
    envelope = Envelope(
        recipient=address,
        sender_name=own.name,
        sender_address=own.email,
        reply_to=answers_to(own, public_id),
        message_id=f"<{public_id}@{deliverable_address(own.email).rpartition('@')[2]}>",
        sent_at=at,
    )
    data = segment_mail(
        said, sender=sender, contact=contact, envelope=envelope, language=language, end_link=ending
    )
    return data, said.subject, language


def written_by(company: Company) -> tuple[LetterSender, Contact]:
    """Who such a message comes from, and whom one may call about it."""
    own = sender_of(company=company.id)
    contact = Contact(name=own.contact_name, phone=own.phone, email=own.reply_to or own.email)
    return letter_sender(company, own), contact


def _draft(segment: int) -> Segment:
    found = _locked(segment)
    if found.state != "draft":
        raise SegmentNotADraft(segment)
    return found


def _locked(segment: int) -> Segment:
    return Segment.objects.select_for_update().get(id=segment)


def _leaves(segment: Segment) -> bool:
    """Whether mails of it that were made still wait to leave."""
    return bool(
        SegmentReceiver.objects.filter(
            segment=segment, intent__state__in=("queued", "refused_temp"), outcome="queued"
        ).exists()
    )


def _record(segment: Segment, verb: str, by: Actor, at: datetime, **facts: int) -> None:
    record(
        company=segment.company_id,
        by=by,
        at=at,
        verb=verb,
        subjects=[Subject("segment", segment.id)],
        facts=facts,
    )
