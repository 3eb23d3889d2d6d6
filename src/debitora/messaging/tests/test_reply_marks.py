"""Answers to addresses of their own: what they answer is known even where a mail program leaves out every other trace."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest

from debitora.documents.queries import read_bytes
from debitora.messaging.actions.segments import add_segment, make_segment, save_segment, start_segment
from debitora.messaging.actions.telling import mail_person
from debitora.messaging.models import Intent, Sender
from debitora.messaging.rules.mail import MOST_BEFORE_AT, reply_address
from debitora.messaging.rules.segments import Wording
from debitora.messaging.testing import MOMENT, TESTS, a_sender
from debitora.messaging.tests.test_incoming_pages import taken
from debitora.messaging.tests.test_segments import ON
from debitora.people.models import Company
from debitora.receivables.testing import a_customer
from tests.smtp_server import SmtpServer

UUID = "018f6b7e-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("answers", "mark", "expected"),
    [
        ("ar@x.example", UUID, f"ar+{UUID}@x.example"),
        ("", UUID, f"mails+{UUID}@own.example"),
        ("ar@x.example", "", "ar@x.example"),
        ("", "", ""),
        ("ar+team@x.example", UUID, "ar+team@x.example"),
        ('"a b"@x.example', UUID, '"a b"@x.example'),
        ("a-very-long-name-of-a-mailbox@x.example", UUID, "a-very-long-name-of-a-mailbox@x.example"),
        ("", "x" * MOST_BEFORE_AT, ""),
    ],
)
def test_where_answers_go(answers: str, mark: str, expected: str) -> None:
    assert reply_address(answers=answers, sender="mails@own.example", mark=mark) == expected


@pytest.fixture
def marked(company: Company) -> Sender:
    a_sender(company.id)
    Sender.objects.update(reply_marked=True, reply_to="ar@acme.example")
    return Sender.objects.get()


@pytest.fixture
def sent(company: Company, marked: Sender) -> Intent:
    """A message to one customer, made and taken by a server."""
    a_customer(company.id, "10001", name="Berg", email="berg@x.example", language="de")
    segment = add_segment(company=company, name="News", query="", by=TESTS, at=MOMENT)
    texts = {"de": Wording("Neues", "Guten Tag.")}
    save_segment(segment=segment.id, name="News", quiet_days=0, texts=texts, by=TESTS, at=MOMENT)
    start_segment(company=company, segment=segment.id, on=ON, by=TESTS, at=MOMENT)
    make_segment(company=company, segment=segment.id, by=TESTS, clock=lambda: MOMENT)
    Intent.objects.update(state="accepted")
    return Intent.objects.select_related("body").get()


def test_an_answer_is_known_by_its_address_alone(company: Company, sent: Intent) -> None:
    assert sent.body is not None
    to = message_from_bytes(read_bytes(sent.body), policy=policy.default)["Reply-To"]
    assert to == f"ar+{sent.public_id}@acme.example"
    hers = f"From: berg@x.example\nTo: {to}\nSubject: Thanks\n\nI see."
    copied = f"From: berg@x.example\nTo: boss@x.example\nCc: {to.upper()}\nSubject: fyi\n\nI see."
    foreign = f"From: eve@evil.example\nTo: {to}\nSubject: Thanks\n\nNever."
    forged = f"From: berg@x.example\nTo: ar+{UUID}@acme.example\nSubject: Thanks\n\nGuess."
    mails = taken(company, *(one.encode() for one in (hers, copied, foreign, forged)))
    assert [mail.intent_id for mail in mails] == [sent.id, sent.id, None, None]
    sent.refresh_from_db()
    assert sent.state == "accepted"


def test_a_mail_to_one_of_us_asks_for_answers_to_its_own_address(company: Company, marked: Sender) -> None:
    known = {
        "company": company,
        "address": "anna@acme.example",
        "subject": "Price",
        "lines": ["?"],
        "at": MOMENT,
    }
    with SmtpServer() as server:
        a_sender(company.id, port=server.port)
        assert mail_person(**known, name="case-7-aaaaaaaaaaaaaaaaaaaaaaaaaa")
        Sender.objects.update(reply_marked=False)
        assert mail_person(**known, name="case-8-aaaaaaaaaaaaaaaaaaaaaaaaaa")
        Sender.objects.update(reply_to="")
        assert mail_person(**known)
    told = [message_from_bytes(mail.data, policy=policy.default)["Reply-To"] for mail in server.mails]
    assert told == ["ar+case-7-aaaaaaaaaaaaaaaaaaaaaaaaaa@acme.example", "ar@acme.example", None]
