"""Mails that come in: reports with a part for machines and without, what machines answer, and broken bytes."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debitora.formats.mail.incoming import MailKind, read_incoming
from debitora.formats.mail.opening import MAX_BYTES
from debitora.formats.mail.reports import WORDS, Outcome
from debitora.formats.mail.wrote import own_words

REPORT = """From: MAILER-DAEMON@mx.example
Subject: =?utf-8?q?Nicht_zugestellt=3A_Zahlungserinnerung?=
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not work.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Original-Recipient: rfc822;first@a.example
Final-Recipient: rfc822; <last@b.example>
Action: failed (expired)
Status: 5.1.1 (no such user)
Diagnostic-Code: smtp; 550 5.1.1 nobody
 here

Final-Recipient: RFC822;second@a.example
Action: Delayed
Status: 4.4.1

--b
Content-Type: message/rfc822

Message-ID: <m1@acme.example>
Subject: Zahlungserinnerung

Guten Tag
--b--
"""
EXIM = """From: Mail Delivery System <Mailer-Daemon@mx.example>
X-Failed-Recipients: payer@debtor.example
Auto-Submitted: auto-replied
Subject: Mail delivery failed: returning message to sender

A message that you sent could not be delivered. The following address(es) failed:

  payer@debtor.example
    SMTP error from remote mail server after RCPT TO:<payer@debtor.example>:
    host mx.debtor.example: 550 5.1.1 User unknown

------ This is a copy of the message, including all the headers. ------

Return-path: <rechnung@acme.example>
Message-ID: <m1@acme.example>
Subject: Zahlungserinnerung

The text may name <another@mail.example>.
Message-ID: <forged@mail.example>
"""
QMAIL = """Return-Path: <>
From: MAILER-DAEMON@mx.example
Subject: failure notice

Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.

<payer@debtor.example>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 no mailbox here by that name
Giving up on 192.0.2.1.

--- Below this line is a copy of the message.

Message-ID: <m1@acme.example>
"""


def test_each_recipient_has_a_report_of_her_own() -> None:
    read = read_incoming(REPORT.encode())
    assert (read.kind, read.names, read.sender) == (
        MailKind.REPORT,
        ("<m1@acme.example>",),
        "MAILER-DAEMON@mx.example",
    )
    assert read.subject == "Nicht zugestellt: Zahlungserinnerung"
    first, second = read.reports
    assert first.addresses == ("first@a.example", "last@b.example")
    assert (first.outcome, first.status, first.words) == (Outcome.FAILED, "5.1.1", "550 5.1.1 nobody here")
    assert (second.addresses, second.outcome) == (("second@a.example",), Outcome.DELAYED)


@pytest.mark.parametrize("lines", ["\n", "\r\n"])
@pytest.mark.parametrize("text", [EXIM, QMAIL], ids=["exim", "qmail"])
def test_reports_without_a_part_for_machines_are_read_where_they_are_plain(text: str, lines: str) -> None:
    read = read_incoming(text.replace("\n", lines).encode())
    assert (read.kind, read.names) == (MailKind.REPORT, ("<m1@acme.example>",))
    assert [one.addresses for one in read.reports] == [("payer@debtor.example",)]
    assert (read.reports[0].outcome, read.reports[0].status) == (Outcome.FAILED, "5.1.1")
    assert "550 5.1.1" in read.reports[0].words


def test_a_delay_in_plain_words_is_no_failure() -> None:
    later = EXIM.replace("could not be delivered", "has not yet been delivered").replace("550 5.1.1", "451")
    assert [one.outcome for one in read_incoming(later.encode()).reports] == [Outcome.DELAYED]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("Final-Recipient", "X-Recipient"), ""),
        (("Message-ID", "X-Message"), "no_name"),
        (("Action", "X-Action"), "no_recipient"),
    ],
)
def test_a_report_that_does_not_say_what_counts_is_left_to_a_person(
    change: tuple[str, str], reason: str
) -> None:
    read = read_incoming(REPORT.replace(*change).encode())
    assert read.reason == reason
    assert read.kind is (MailKind.UNREAD if reason else MailKind.REPORT)


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; owner=x",
        "Precedence: bulk",
        "Precedence: auto_reply",
        "X-Autoreply: yes",
        "List-Id: <list.example>",
        "Return-Path: <>",
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"',
    ],
)
def test_s10_what_a_machine_says_of_itself_is_believed(header: str) -> None:
    read = read_incoming(f"From: a@b.example\n{header}\nSubject: Away until May\n\nSee you.\n".encode())
    assert (read.kind, read.reports) == (MailKind.AUTOMATIC, ())


def test_s10_a_person_who_says_that_she_is_none_is_a_person() -> None:
    read = read_incoming(b"From: a@b.example\nAuto-Submitted: no\nSubject: Re: Notice\n\nPaid.\n")
    assert read.kind is MailKind.OTHER


def test_a_person_who_quotes_a_report_writes_no_report() -> None:
    said = f"From: Erika <erika@debtor.example>\nSubject: Fwd: failure\n\n{QMAIL}"
    assert read_incoming(said.encode()).kind is MailKind.OTHER


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\0"[:3], "empty"),
        (b"x" * (MAX_BYTES + 1), "too_large"),
        (
            b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(2000)),
            "too_many_parts",
        ),
    ],
    ids=["nothing", "blanks", "large", "nested"],
)
def test_bytes_that_cannot_be_taken_apart_say_why(data: bytes, reason: str) -> None:
    read = read_incoming(data)
    assert (read.kind, read.reason) == (MailKind.UNREAD, reason)


@pytest.mark.parametrize(
    "data",
    [
        b"Content-Type: text/plain" + b";a=b" * 1_000_000 + b"\n\nx",
        b"Subject: " + b"=?utf-8?q?" * 400_000 + b"\n\nx",
        b"From: " + b'"(<' * 1_000_000 + b"\n\nx",
        b"X-Failed-Recipients: " + b"a@b.example," * 400_000 + b"\n\nfailed",
        b"From: postmaster@a.example\n\nundeliverable\n" + b"-" * 4_000_000,
        b"From: postmaster@a.example\n\nundeliverable\n" + b"<a@b.example>:\n" * 250_000,
        b"References: " + b"<a@b>" * 900_000 + b"\n\nx",
        b"A: b\n" * 900_000,
    ],
    ids=["parameters", "words", "quotes", "recipients", "dashes", "addresses", "references", "headers"],
)
def test_no_mail_takes_long(data: bytes) -> None:
    began = time.process_time()
    read_incoming(data)
    assert time.process_time() - began < 5


@settings(max_examples=200, deadline=None, print_blob=True)
@given(
    place=st.integers(min_value=0, max_value=len(REPORT)),
    junk=st.binary(max_size=60),
    length=st.integers(min_value=0, max_value=200),
    text=st.sampled_from([REPORT, EXIM, QMAIL]),
)
def test_no_damage_raises(place: int, junk: bytes, length: int, text: str) -> None:
    data = text.encode()
    read = read_incoming(data[:place] + junk + data[place + length :])
    assert read.reason == "" or read.kind is MailKind.UNREAD


@pytest.mark.parametrize(
    ("text", "hers"),
    [
        (
            "Paid on Monday.\n\nAm 3.11.2026 um 10:00 schrieb Acme <a@b.example>:\n\n> Please pay",
            "Paid on Monday.",
        ),
        ("Payé.\n\nLe 3 nov. 2026 à 10:00, Acme <a@b.example> a\nécrit :\n\n> Veuillez payer", "Payé."),
        ("Betaald.\nOp 3 nov 2026 schreef Acme:\n> Betaal", "Betaald."),
        ("Paid.\nOn Monday I called.\nOn 3 Nov 2026 Acme wrote:\n> x", "Paid.\nOn Monday I called."),
        ("> Item 1\nPaid.\n> Item 2\nDisputed.", "Paid.\nDisputed."),
        ("Bezahlt.\n\nVon: Acme\nGesendet: heute\nAn: Wald\nBetreff: Mahnung\n\nSehr", "Bezahlt."),
        ("Bezahlt.\n-----Ursprüngliche Nachricht-----\nText", "Bezahlt."),
        ("Bezahlt.\n-- \nErika Wald", "Bezahlt."),
        ("Bezahlt.\n\nVon meinem iPhone gesendet", "Bezahlt."),
        (
            "From: the price list it follows that\n40 is right.",
            "From: the price list it follows that\n40 is right.",
        ),
        ("On the phone we agreed on this:\n40 less.", "On the phone we agreed on this:\n40 less."),
        ("The app says\nSent from my iPhone", "The app says\nSent from my iPhone"),
        ("", ""),
    ],
)
def test_what_a_person_wrote_is_told_from_what_she_quotes(text: str, hers: str) -> None:
    assert own_words(text) == hers


def test_the_text_of_html_holds_no_script_and_no_quotation() -> None:
    html = (
        "<html><head><title>x</title></head><body><script>alert(1)</script><p>Paid &amp; done<br>Eva</p>"
        "<blockquote>Please <b>pay</blockquote><style>p{}</style><img src=x onerror=alert(2)></body></html>"
    )
    mail = f"From: a@b.example\nContent-Type: text/html\n\n{html}"
    assert read_incoming(mail.encode()).words == "Paid & done Eva"


@pytest.mark.parametrize(
    "broken", ["Paid<![foo[x", "Paid<!x [", "Paid<", "Paid<!--", "<blockquote>x</p>", "</p></style>Paid"]
)
def test_broken_html_is_never_more_than_text(broken: str) -> None:
    said = read_incoming(f"From: a@b.example\nContent-Type: text/html\n\n{broken}".encode())
    assert said.kind is MailKind.OTHER
    assert said.words in ("", "Paid", "Paid<", "Paid<!", "Paid<!--", "Paid<!x [")


@pytest.mark.parametrize("charset", ["idna", "punycode", "undefined", "base64", "utf-7", "nothing"])
def test_a_strange_set_of_characters_is_no_error(charset: str) -> None:
    data = f"From: a@b.example\nContent-Type: text/plain; charset={charset}\n\nPaid \xff.".encode("latin-1")
    assert read_incoming(data).kind is MailKind.OTHER


def test_a_long_mail_is_read_in_bounded_time_and_words_are_cut() -> None:
    hostile = "On " * 6_000 + "\n" + "x@y <" * 3_000
    began = time.monotonic()
    assert len(read_incoming(f"From: a@b.example\n\n{hostile}".encode()).words) <= WORDS
    assert time.monotonic() - began < 5
