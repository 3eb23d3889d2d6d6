"""kit.smtp against the scripted server: what is never said in clear, what goes over the wire, and what silence is."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
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


def test_s21_a_certificate_that_nobody_vouches_for_ends_it_before_anything_is_said(tmp_path: Path) -> None:
    """STARTTLS is offered and begun, by somebody who is not the server: neither login nor envelope leaves."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_own_certificate(tmp_path))
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=_pose_as_server, args=(listening, context, heard))
        thread.start()
        server = MailServer("127.0.0.1", listening.getsockname()[1], "starttls", "acme", "s3cr3t")
        conversation = Conversation(server, patience=PATIENCE)
        with pytest.raises(NotTaken, match="hello: insecure"):
            conversation.open()
        thread.join()
    assert not conversation.is_open
    assert [line.split()[0].upper() for line in heard] == [b"EHLO", b"STARTTLS"]


def _pose_as_server(listening: socket.socket, context: ssl.SSLContext, heard: list[bytes]) -> None:
    """Greet, offer STARTTLS, begin it, and keep every line that is said, before and after."""
    connection, _sender = listening.accept()
    with connection, connection.makefile("rb") as lines:
        connection.sendall(b"220 mail.acme.example\r\n")
        heard.append(lines.readline())
        connection.sendall(b"250-mail.acme.example\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n")
        heard.append(lines.readline())
        connection.sendall(b"220 go on\r\n")
        with suppress(OSError), context.wrap_socket(connection, server_side=True) as secured:
            heard.extend(secured.makefile("rb"))


def _own_certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that its own key has signed, together with the key."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")]),
    )
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    written = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "own.pem").write_bytes(signed.public_bytes(Encoding.PEM) + written)
    return folder / "own.pem"


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
