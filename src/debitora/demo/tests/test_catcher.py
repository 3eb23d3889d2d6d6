"""The mail catcher keeps what it accepted, byte for byte, and listens nowhere else."""

import smtplib
from email.message import EmailMessage
from pathlib import Path

import pytest

from debitora.demo.catcher import CatcherDidNotStart, MailCatcher, messages, summary

RAW = b"Subject: dots\r\nMessage-ID: <1@kelnaholt.example>\r\n\r\n.leading dot\r\n..two\r\n\xc3\xa4\xff\r\n"


def a_notice(subject: str = "Zahlungserinnerung für Kelnaholt") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@x.example", "b@y.example", subject
    mail["Message-ID"] = "<7@x.example>"
    mail.set_content("Guten Tag")
    mail.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="Mahnung.pdf")
    return mail


def test_a_message_is_kept_as_it_came(tmp_path: Path) -> None:
    with MailCatcher(tmp_path / "mail") as catcher:
        with smtplib.SMTP("127.0.0.1", catcher.port) as client:
            client.sendmail("a@x.example", ["b@y.example", "c@z.example"], RAW)
        (mail,) = catcher.messages()
    assert (mail.sender, mail.recipients) == ("a@x.example", ("b@y.example", "c@z.example"))
    assert (mail.subject, mail.message_id, mail.size) == ("dots", "<1@kelnaholt.example>", len(RAW))
    assert mail.path.read_bytes().endswith(RAW)


def test_a_notice_can_be_read_back(tmp_path: Path) -> None:
    with MailCatcher(tmp_path) as catcher:
        with smtplib.SMTP("127.0.0.1", catcher.port) as client:
            client.send_message(a_notice())
        (mail,) = catcher.messages()
    assert mail.subject == "Zahlungserinnerung für Kelnaholt"
    assert [part.get_content() for part in mail.message().iter_attachments()] == [b"%PDF-"]


def test_a_second_start_goes_on_counting(tmp_path: Path) -> None:
    for round_of in ("one", "two", "two"):
        with MailCatcher(tmp_path) as catcher, smtplib.SMTP("127.0.0.1", catcher.port) as client:
            client.send_message(a_notice(round_of))
    kept = messages(tmp_path)
    assert [mail.path.name for mail in kept] == ["00000001.eml", "00000002.eml", "00000003.eml"]
    said = summary(kept)
    assert (said.count, said.recipients, said.subjects) == (3, {"b@y.example": 3}, {"two": 2, "one": 1})


def test_a_taken_port_is_said_and_nothing_stays_behind(tmp_path: Path) -> None:
    with (
        MailCatcher(tmp_path) as first,
        pytest.raises(CatcherDidNotStart),
        MailCatcher(tmp_path, port=first.port),
    ):
        pass


def test_it_ends_while_a_client_hangs_on(tmp_path: Path) -> None:
    with MailCatcher(tmp_path) as catcher:
        client = smtplib.SMTP("127.0.0.1", catcher.port)
        client.ehlo()
    client.close()
    assert messages(tmp_path / "nowhere") == ()
