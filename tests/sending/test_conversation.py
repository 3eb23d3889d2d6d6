"""kit.smtp against the scripted server: what is never said in clear, what goes over the wire, and what silence is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debitora.kit.smtp import Conversation, MailServer, NotTaken, Patience, wire_form
from tests.smtp_server import Cut, Reply, Script, SmtpServer

PATIENCE = Patience(reply=1, body=1, dot=1)


def outcome_of(server: SmtpServer, **options: str) -> str:
    """How opening a conversation fails."""
    conversation = Conversation(
        MailServer(server.host, server.port, **{"security": "none", **options}), patience=PATIENCE
    )
    with pytest.raises(NotTaken) as caught:
        conversation.open()
    assert not conversation.is_open
    return str(caught.value)


@pytest.mark.parametrize(("security", "told"), [("starttls", "hello: insecure"), ("tls", "connect: ")])
def test_s21_without_tls_nothing_is_said_in_clear(security: str, told: str) -> None:
    """Also where somebody on the way has cut STARTTLS out of the greeting. A TLS client gets no greeting it can read."""
    with SmtpServer(Script(greeting=Reply(220) if security == "starttls" else Cut())) as server:
        assert outcome_of(server, security=security, user="acme", password="s3cr3t").startswith(told)
        said = " ".join(server.commands())
    assert "s3cr3t" not in said
    assert not any(word in said for word in ("AUTH", "MAIL", "RCPT"))


def test_a_password_is_not_given_to_a_server_that_asks_for_none() -> None:
    with SmtpServer() as server:
        assert outcome_of(server, user="acme", password="s3cr3t") == "hello: no_login"


def test_a_refused_login_is_told_with_the_servers_words() -> None:
    with SmtpServer(Script(auth=Reply(535, "5.7.8 wrong")), extensions=("AUTH PLAIN",)) as server:
        assert outcome_of(server, user="acme", password="wrong") == "hello: 535 5.7.8 wrong"


@pytest.mark.parametrize("host", ["", "nowhere.invalid", "a..b", "ä" * 80])
def test_a_host_that_is_none_is_unreachable(host: str) -> None:
    with pytest.raises(NotTaken, match="unreachable"):
        Conversation(MailServer(host or "nowhere.invalid", 25, "none"), patience=PATIENCE).open()


def test_several_mails_use_one_connection_also_after_a_refusal() -> None:
    with SmtpServer(Script(rcpt=(None, Reply(550), None))) as server:
        conversation = Conversation(MailServer(server.host, server.port, "none"), patience=PATIENCE)
        for recipient, taken in (("a@x.example", True), ("b@x.example", False), ("c@x.example", True)):
            conversation.open()
            if taken:
                conversation.envelope("me@x.example", recipient)
                conversation.data(b"Subject: x\r\n\r\nx\r\n")
            else:
                with pytest.raises(NotTaken):
                    conversation.envelope("me@x.example", recipient)
        conversation.close()
        assert [mail.recipients for mail in server.wait_for(2)] == [("a@x.example",), ("c@x.example",)]
        assert server.connections == 1


@settings(print_blob=True)
@given(st.lists(st.text(alphabet=".a\t ", max_size=8), max_size=8), st.sampled_from(["\r\n", "\n", "\r"]))
def test_what_is_unstuffed_is_what_was_meant(lines: list[str], end: str) -> None:
    wire = wire_form(end.join(lines).encode())
    assert wire.endswith(b"\r\n")
    sent = wire[:-2].split(b"\r\n")
    assert b"." not in sent  # no line that would end the message early
    unstuffed = [line[1:] if line.startswith(b".") else line for line in sent]
    assert [line.encode() for line in lines or [""]] in (unstuffed, [*unstuffed, b""])


def test_a_password_stands_in_no_log() -> None:
    assert "s3cr3t" not in repr(MailServer("mx.example", 587, user="acme", password="s3cr3t"))
