"""Mail a statement of account: once per confirmation, under the customer's lock, on the conditions of every message."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from debitora.documents.actions import store_bytes
from debitora.kit.runtime import new_uuid
from debitora.messaging.actions.intents import Condition, Draft, about, queue_intent
from debitora.messaging.models import Intent, Sender
from debitora.messaging.queries import Missing, missing_before_sending, sender_of
from debitora.messaging.queries.edge import conditions_of, facts_now
from debitora.messaging.queries.sender import answers_to
from debitora.messaging.queries.statements import statement_of
from debitora.messaging.rules.mail import Envelope, deliverable_address, written
from debitora.messaging.rules.pdf import render_statement
from debitora.messaging.rules.recheck import Stop, headline, only_passing, recheck
from debitora.messaging.rules.statement import Statement, file_name, statement_mail, statement_sheet
from debitora.people.models import Company
from debitora.receivables.actions import lock_customer
from debitora.receivables.models import Customer
from debitora.receivables.queries import conditions, open_items_as_of
from debitora.trail.actions import record
from debitora.trail.rules import Actor

KIND = "statement"
LETTERHEAD = frozenset({Missing.NAME, Missing.ADDRESS, Missing.EMAIL, Missing.IBAN, Missing.IMPRINT})
"""What must be known of the sender before a letter leaves the house."""


class DayToCome(Exception):
    """Nobody knows yet what will be open on that day."""


class LetterheadIncomplete(Exception):
    """The sender's name, address, e-mail, IBAN or imprint is missing."""


class StatementStopped(Exception):
    """Something speaks against sending now; `reason` is that of the last look before sending."""

    def __init__(self, stops: tuple[Stop, ...]) -> None:
        super().__init__(headline(stops).value)
        self.reason = headline(stops)


def mail_statement(
    *, company: Company, customer: int, on: date, confirmation: int, by: Actor, at: datetime
) -> Intent | None:
    """Queue the statement of a day to the customer's address; None if this confirmation has queued it already.

    A statement of today goes out only while its items stand as it lists them; one of a past day stays true. A hold, a
    parked customer, a dead address stop both. Raises DayToCome, LetterheadIncomplete, StatementStopped, AddressRefused,
    LetterNotPrintable, HeaderRefused and Customer.DoesNotExist.
    """
    today = company.day_at(at)
    if on > today:
        raise DayToCome(on.isoformat())
    if LETTERHEAD.intersection(missing_before_sending(company=company.id)):
        raise LetterheadIncomplete
    with transaction.atomic():
        lock_customer(company=company.id, customer=customer)
        found = Customer.objects.select_related("party").get(company_id=company.id, id=customer)
        statement = statement_of(company=company, customer=found, on=on, at=at)
        standing = _conditions(customer, on) if on == today else []
        draft, public_id = _drafted(company, found, statement, standing, confirmation, by, at)
        intent = queue_intent(company=company.id, draft=draft, by=by, at=at, public_id=public_id)
        if intent is None:
            return None
        stops = recheck(conditions_of(intent), facts_now(intent, at=at))
        if stops and not only_passing(stops):
            raise StatementStopped(stops)
        record(
            company=company.id,
            by=by,
            at=at,
            verb="statement.queued",
            subjects=about(intent),
            facts={"on": on.isoformat(), "document": draft.document.sha256},
        )
    return intent


def _conditions(customer: int, on: date) -> list[Condition]:
    """Each listed item with what is open and not held of it: the measure of the last look."""
    items = [item.item for item in open_items_as_of(customer=customer, on=on)]
    standing = conditions(customer=customer, items=items, on=on)
    return [Condition(one.item, one.free_minor, due=False) for one in standing.items]


def _drafted(
    company: Company,
    customer: Customer,
    statement: Statement,
    standing: list[Condition],
    confirmation: int,
    by: Actor,
    at: datetime,
) -> tuple[Draft, UUID]:
    public_id = new_uuid()
    pdf = render_statement(statement_sheet(statement), created_at=at)
    words = statement_mail(statement)
    mail = written(
        words,
        identity=statement.identity,
        number=file_name(statement),
        pdf=pdf,
        envelope=_envelope(sender_of(company=company.id), customer.party.email, f"{public_id}", at),
    )
    draft = Draft(
        kind=KIND,
        subject=confirmation,
        customer=customer.id,
        party=customer.party_id,
        channel="mail",
        recipient=customer.party.email,
        language=statement.language,
        mail_subject=words["subject"],
        document=store_bytes(company=company.id, data=pdf, media_type="application/pdf", at=at),
        body=store_bytes(company=company.id, data=mail, media_type="message/rfc822", at=at),
        data_as_of=at,
        approved_by=by.label,
        due_at=at,
        conditions=standing,
    )
    return draft, public_id


def _envelope(sender: Sender, recipient: str, public_id: str, at: datetime) -> Envelope:
    domain = deliverable_address(sender.email).rpartition("@")[2]
    return Envelope(
        recipient=recipient,
        sender_name=sender.name,
        sender_address=sender.email,
        reply_to=answers_to(sender, public_id),
        message_id=f"<{public_id}@{domain}>",
        sent_at=at,
    )
