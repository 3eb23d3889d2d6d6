"""The scripted server does what its scripts say, seen through the standard library's client."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest

from tests.smtp_server import Cut, Gate, Reply, Script, SmtpServer, Stall

BODY = b"Subject: x\r\n\r\n.dot\r\n..two\r\nend\r\n"
ANSWER_SECONDS = 0.2


@contextmanager
def client(server: SmtpServer, *, seconds: float = 5.0) -> Iterator[smtplib.SMTP]:
    """A connected client that closes without a word of farewell."""
    link = smtplib.SMTP(server.host, server.port, local_hostname="here.test", timeout=seconds)
    try:
        yield link
    finally:
        link.close()


def send(server: SmtpServer, *recipients: str, seconds: float = 5.0) -> dict[str, tuple[int, bytes]]:
    with client(server, seconds=seconds) as link:
        return link.sendmail("a@b.example", recipients or ("c@d.example",), BODY)


def test_a_good_server_keeps_envelope_and_bytes() -> None:
    with SmtpServer() as server:
        assert send(server, "c@d.example", "e@f.example") == {}
        (mail,) = server.wait_for(1)
    assert (mail.sender, mail.recipients) == ("a@b.example", ("c@d.example", "e@f.example"))
    assert (mail.data, mail.connection) == (BODY, 1)
    assert [line[:4] for line in server.commands(1)] == ["ehlo", "mail", "rcpt", "rcpt", "data"]


def test_several_messages_on_one_connection_and_several_connections() -> None:
    with SmtpServer() as server:
        with client(server) as link:
            for _ in range(3):
                link.sendmail("a@b.example", ["c@d.example"], BODY)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: send(server), range(8)))
        assert len(server.wait_for(11)) == 11
        assert server.connections == 9


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (Script(greeting=Reply(554)), smtplib.SMTPConnectError),
        (Script(mail=Reply(451)), smtplib.SMTPSenderRefused),
        (Script(rcpt=Reply(550)), smtplib.SMTPRecipientsRefused),
        (Script(rcpt=Reply(451)), smtplib.SMTPRecipientsRefused),
        (Script(data=Reply(421)), smtplib.SMTPDataError),
        (Script(dot=Reply(554)), smtplib.SMTPDataError),
        (Script(dot=Reply(451)), smtplib.SMTPDataError),
        (Script(dot=Cut(Reply(451))), smtplib.SMTPDataError),
    ],
)
def test_a_refusal_keeps_nothing(script: Script, error: type[Exception]) -> None:
    with SmtpServer(script) as server:
        with pytest.raises(error):
            send(server)
        assert server.mails == ()


@pytest.mark.parametrize("reset", [False, True])
@pytest.mark.parametrize("phase", ["greeting", "ehlo", "mail", "rcpt", "data", "body", "dot"])
def test_a_cut_in_each_phase_keeps_nothing(phase: str, reset: bool) -> None:
    with SmtpServer(Script(**{phase: Cut(reset=reset)})) as server:
        with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
            send(server)
        assert server.mails == ()


@pytest.mark.parametrize("phase", ["greeting", "ehlo", "mail", "rcpt", "data", "body", "dot"])
def test_a_stall_in_each_phase_lasts_until_the_client_gives_up(phase: str) -> None:
    with SmtpServer(Script(**{phase: Stall()})) as server:
        with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
            send(server, seconds=ANSWER_SECONDS)
        assert server.mails == ()


@pytest.mark.parametrize("action", [Stall(keep=True), Cut(keep=True), Cut(keep=True, reset=True)])
def test_kept_without_a_word(action: Stall | Cut) -> None:
    with SmtpServer(Script(dot=action)) as server:
        with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
            send(server, seconds=ANSWER_SECONDS)
        assert len(server.wait_for(1)) == 1


def test_a_cut_after_250_has_kept_the_message() -> None:
    with SmtpServer(Script(dot=Cut(Reply(250, "kept as 7")))) as server:
        with client(server) as link:
            assert link.sendmail("a@b.example", ["c@d.example"], BODY) == {}
            with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
                link.sendmail("a@b.example", ["c@d.example"], BODY)
        assert len(server.mails) == 1


def test_greylisted_then_welcome() -> None:
    with SmtpServer(Script(rcpt=Reply(451, "4.7.1 try again later")), Script()) as server:
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            send(server)
        assert refused.value.recipients["c@d.example"] == (451, b"4.7.1 try again later")
        assert send(server) == {}
        assert send(server) == {}
        assert [mail.connection for mail in server.wait_for(2)] == [2, 3]


def test_one_recipient_of_two_is_refused() -> None:
    with SmtpServer(Script(rcpt=(Reply(550), None))) as server:
        assert set(send(server, "c@d.example", "e@f.example")) == {"c@d.example"}
        assert server.wait_for(1)[0].recipients == ("e@f.example",)


def test_a_gate_lets_something_happen_in_between() -> None:
    gate = Gate()
    with SmtpServer(Script(dot=gate)) as server, ThreadPoolExecutor(1) as pool:
        sending = pool.submit(send, server)
        gate.wait_reached()
        assert server.mails == ()
        gate.open()
        assert sending.result() == {}
        assert len(server.mails) == 1


def test_login_and_several_lines() -> None:
    with (
        SmtpServer(Script(auth=(Reply(535), None)), extensions=("AUTH PLAIN",)) as server,
        client(server) as link,
    ):
        with pytest.raises(smtplib.SMTPAuthenticationError):
            link.login("anna", "wrong")
        assert link.login("anna", "right")[0] == 235
        assert link.noop()[0] == 250
        assert link.docmd("VRFY x")[0] == 502
        assert link.docmd("DATA")[0] == 503
        assert link.quit()[0] == 221


@pytest.mark.parametrize("action", [Stall, Gate], ids=["stall", "gate"])
def test_the_server_ends_while_a_conversation_hangs(action: Callable[[], Stall | Gate]) -> None:
    with ExitStack() as stack:
        with SmtpServer(Script(mail=action())) as server:
            link = stack.enter_context(client(server))
            link.ehlo()
            link.putcmd("mail", "FROM:<a@b.example>")
        with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
            link.getreply()


def test_scripts_can_change_while_it_runs() -> None:
    with SmtpServer() as server:
        send(server)
        server.play(Script(mail=Reply(451)))
        with pytest.raises(smtplib.SMTPSenderRefused):
            send(server)
        server.play(Script())
        send(server)
        assert len(server.wait_for(2)) == 2
