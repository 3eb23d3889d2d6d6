"""Builders for tests: a company that may send, and messages that are queued."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

import pikepdf
from django.db import transaction

from debitora.documents.actions import store_bytes
from debitora.kit.runtime import new_uuid
from debitora.messaging.actions import confirm_installation, save_sender
from debitora.messaging.actions.intents import Condition, Draft, queue_intent
from debitora.messaging.models import Intent, Sender
from debitora.receivables.models import Customer, Item, ItemState
from debitora.trail.rules import system

TESTS = system("tests")
MOMENT = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
SENDER = {
    "name": "Acme Werkzeuge GmbH",
    "street": "Speicherstraße 14",
    "postcode": "20457",
    "city": "Hamburg",
    "contact_name": "Lena Petersen",
    "phone": "+49 40 123456-17",
    "email": "rechnung@acme.example",
    "iban": "DE02120300000000202051",
    "imprint": "Amtsgericht Hamburg, HRB 123456",
    "smtp_host": "127.0.0.1",
    "smtp_security": "none",
}


def a_sender(company: int, *, port: int = 2525, **changes: object) -> Sender:
    """A complete sender whose server counts as tested, in an installation that is at home: messages may go."""
    confirm_installation(at=MOMENT)
    with transaction.atomic():
        save_sender(company=company, changes={**SENDER, "smtp_port": port, **changes}, by=TESTS, at=MOMENT)
        Sender.objects.filter(company_id=company).update(smtp_tested_at=MOMENT)
        return Sender.objects.get(company_id=company)


def a_queued_mail(
    company: int,
    customer: int,
    items: Iterable[Item] = (),
    *,
    subject: int = 1,
    recipient: str = "",
    mail_subject: str = "Zahlungserinnerung",
    due_at: datetime = MOMENT,
) -> Intent:
    """A mail to a customer about items with the open sums they have now."""
    return _queued(company, customer, items, "mail", subject, recipient, mail_subject, due_at)


def a_queued_letter(
    company: int, customer: int, items: Iterable[Item] = (), *, subject: int = 1, due_at: datetime = MOMENT
) -> Intent:
    """A letter that waits to be printed."""
    return _queued(company, customer, items, "letter", subject, "", "Zahlungserinnerung", due_at)


def _queued(
    company: int,
    customer: int,
    items: Iterable[Item],
    channel: str,
    subject: int,
    recipient: str,
    mail_subject: str,
    due_at: datetime,
) -> Intent:
    public_id = new_uuid()
    with transaction.atomic():
        party = Customer.objects.select_related("party").get(company_id=company, id=customer).party
        to = recipient or party.email
        pdf = _one_page(str(public_id))
        body = None
        if channel == "mail":
            data = _mail(f"<{public_id}@acme.example>", to, mail_subject, pdf)
            body = store_bytes(company=company, data=data, media_type="message/rfc822", at=MOMENT)
        draft = Draft(
            kind="notice",
            subject=subject,
            customer=customer,
            party=party.id,
            channel=channel,
            recipient=to if channel == "mail" else "",
            language="de",
            mail_subject=mail_subject,
            document=store_bytes(company=company, data=pdf, media_type="application/pdf", at=MOMENT),
            body=body,
            data_as_of=MOMENT,
            approved_by="manager-acme",
            due_at=due_at,
            conditions=[_condition(item) for item in items],
        )
        queued = queue_intent(company=company, draft=draft, by=TESTS, at=MOMENT, public_id=public_id)
        return queued or Intent.objects.get(subject_id=subject, channel=channel, recipient=draft.recipient)


def _one_page(title: str) -> bytes:
    """A PDF of one empty page, unlike any other."""
    pdf, out = pikepdf.Pdf.new(), io.BytesIO()
    pdf.add_blank_page()
    pdf.docinfo["/Title"] = title
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _condition(item: Item) -> Condition:
    state = ItemState.objects.get(company_id=item.company_id, item_id=item.id)
    return Condition(item=item.id, open_minor=state.open_minor, due=True)


def _mail(message_id: str, to: str, subject: str, pdf: bytes) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = "Acme Werkzeuge GmbH <rechnung@acme.example>"
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = message_id
    message.set_content("Guten Tag,\r\n\r\n.ein Punkt am Zeilenanfang bleibt einer.\r\n")
    message.add_alternative("<p>Guten Tag,</p>", subtype="html")
    message.add_attachment(pdf, maintype="application", subtype="pdf", filename="M-1.pdf")
    return message.as_bytes()


def a_report(
    message_id: str,
    recipient: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    words: str = "550 5.1.1 no such user here",
    remark: str = "",
) -> bytes:
    """A delivery report as a mail server writes it (RFC 3464), with the headers of the mail that it is about.

    `message_id` with its brackets; `remark` makes one report unlike another.
    """
    lines = [
        "Return-Path: <>",
        "From: Mail Delivery System <MAILER-DAEMON@mx.example>",
        f"To: {SENDER['email']}",
        "Subject: Undelivered Mail Returned to Sender",
        "Auto-Submitted: auto-replied",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"',
        "",
        "--=_b",
        "Content-Type: text/plain; charset=utf-8",
        "",
        f"Your message could not be delivered. {remark}",
        "--=_b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example",
        "",
        f"Final-Recipient: rfc822; {recipient}",
        f"Action: {action}",
        f"Status: {status}",
        f"Diagnostic-Code: smtp; {words}",
        "",
        "--=_b",
        "Content-Type: text/rfc822-headers",
        "",
        f"From: {SENDER['email']}",
        f"To: {recipient}",
        f"Message-ID: {message_id}",
        "",
        "--=_b--",
        "",
    ]
    return "\r\n".join(lines).encode()
