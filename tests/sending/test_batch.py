"""S14: over a batch of real letters, each mail carries the letter of its own notice, company and recipient."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes
from email.policy import default

from django.db import transaction

from debitora.documents.actions import store_bytes
from debitora.kit.runtime import new_uuid
from debitora.messaging.actions.intents import Draft, queue_intent
from debitora.messaging.models import Intent
from debitora.messaging.rules.letter import Identity
from debitora.messaging.rules.mail import NOTICE_HEADER, Envelope, compose_mail
from debitora.messaging.rules.pdf import read_identity, render_letter
from debitora.messaging.testing import MOMENT, TESTS
from debitora.messaging.tests.letters import a_letter, a_line
from debitora.people.models import Company
from debitora.receivables.models import Customer
from tests.sending.scenes import a_debtor, hold_invariants, reading, send
from tests.smtp_server import SmtpServer

MANY = 60


def a_real_mail(company: Company, number: str) -> None:
    customer, _item = a_debtor(company, number)
    public_id = new_uuid()
    letter = a_letter(
        a_line(f"R-{number}"),
        identity=Identity(company.code, f"notice-{number}", date(2026, 11, 17)),
        customer_number=number,
        notice_number=f"M-{number}",
    )
    pdf = render_letter(letter, created_at=MOMENT)
    to = f"k{number}@kunde.example"
    envelope = Envelope(
        recipient=to,
        sender_name="Acme",
        sender_address="rechnung@acme.example",
        message_id=f"<{public_id}@acme.example>",
        sent_at=MOMENT,
    )
    mail = compose_mail(letter, body=("Bitte zahlen Sie.",), pdf=pdf, envelope=envelope)
    with transaction.atomic():
        party = Customer.objects.get(id=customer).party_id
        queue_intent(
            company=company.id,
            draft=Draft(
                kind="notice",
                subject=int(number),
                customer=customer,
                party=party,
                channel="mail",
                recipient=to,
                language="de",
                mail_subject=letter.subject,
                document=store_bytes(company=company.id, data=pdf, media_type="application/pdf", at=MOMENT),
                body=store_bytes(company=company.id, data=mail, media_type="message/rfc822", at=MOMENT),
                data_as_of=MOMENT,
                approved_by="manager-acme",
                due_at=MOMENT,
                conditions=[],
            ),
            by=TESTS,
            at=MOMENT,
            public_id=public_id,
        )


def test_s14_every_mail_carries_its_own_letter(acme: Company, sink: SmtpServer) -> None:
    for number in range(MANY):
        a_real_mail(acme, str(20_000 + number))
    assert send(acme) == {"accepted": MANY}
    with reading():
        intents = {
            f"<{one.public_id}@acme.example>": one for one in Intent.objects.select_related("document")
        }
    assert len(sink.mails) == MANY
    for mail in sink.mails:
        message = message_from_bytes(mail.data, policy=default)
        intent = intents.pop(message["Message-ID"])
        (attached,) = message.iter_attachments()
        pdf = attached.get_content()
        assert mail.recipients == (intent.recipient,)
        assert read_identity(pdf) == Identity(acme.code, message[NOTICE_HEADER], date(2026, 11, 17))
        assert message[NOTICE_HEADER] == f"notice-{intent.subject_id}"
        text = message.get_body(("plain",))
        assert text is not None
        assert f"R-{intent.subject_id}" in text.get_content()
    assert not intents
    hold_invariants(acme, sink)
