"""One SMTP conversation in named phases, so that the caller can commit what it knows between any two of them.

Phases: connect, hello, mail, rcpt, data, dot. A phase that is not passed raises NotTaken with the server's reply or the
kind of silence. Nothing is retried here.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from debitora.kit.failpoints import failpoint

_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_FORGETTING: Final = ("mail", "rcpt", "data")
"""Phases after whose refusal the envelope is reset, so that the connection is good for the next message."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait: for any reply, for the message to be taken over the wire, for the reply to the dot.

    Ten minutes at the dot (RFC 5321, 4.5.3.2.6), because silence there can never be told from success.
    """

    reply: float = 60.0
    body: float = 120.0
    dot: float = 600.0


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where to hand in mail. `security` is none, starttls or tls; with the last two nothing is ever sent in clear."""

    host: str
    port: int
    security: str = "starttls"
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        """Without the password, which must stand in no log."""
        return f"MailServer({self.host!r}, {self.port}, {self.security!r}, {self.user!r})"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back in a phase: a reply (code and text), or a silence.

    Silences: timeout, cut, unreachable, insecure (TLS not to be had), no_login (a user is set, the server knows none).
    """

    phase: str
    code: int = 0
    text: str = ""
    silence: str = ""

    def __str__(self) -> str:
        return f"{self.phase}: {self.silence or f'{self.code} {self.text}'}"[:300]


class NotTaken(Exception):
    """The conversation ended in this phase."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(str(outcome))
        self.outcome = outcome


class Conversation:
    """A connection on which several messages can be handed in, one after the other."""

    def __init__(self, server: MailServer, *, patience: Patience = Patience()) -> None:
        self._server = server
        self._patience = patience
        self._smtp: smtplib.SMTP | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is a connection, as far as we know."""
        return self._smtp is not None

    def open(self) -> bool:
        """Connect, greet, secure and sign in; False if that was done before. Raises NotTaken (connect, hello)."""
        if self._smtp is not None:
            return False
        self._smtp = self._connected()
        try:
            self._greet(self._smtp)
        except NotTaken:
            self.close()
            raise
        return True

    def envelope(self, sender: str, recipient: str) -> None:
        """Name sender and recipient, both in ASCII. Raises NotTaken (mail, rcpt) and is ready for the next message then."""
        smtp = self._opened()
        self._say("mail", lambda: smtp.docmd("MAIL", f"FROM:<{sender}>"))
        self._say("rcpt", lambda: smtp.docmd("RCPT", f"TO:<{recipient}>"))

    def data(self, message: bytes) -> str:
        """Hand in the message; returns the server's reply.

        Raises NotTaken: in phase data the message was not taken for sure, in phase dot the reply or silence decides.
        """
        smtp = self._opened()
        self._say("data", lambda: smtp.docmd("DATA"), wanted=(354,))
        failpoint("data_started")
        self._sent("data", smtp, wire_form(message), self._patience.body)
        self._sent("dot", smtp, b".\r\n", self._patience.dot)
        failpoint("post_dot")
        _code, text = self._say("dot", smtp.getreply)
        failpoint("post_reply")
        _wait_at_most(smtp, self._patience.reply)
        return text

    def reset(self) -> None:
        """Forget the envelope."""
        if self._smtp is not None:
            try:
                self._smtp.rset()
            except (OSError, smtplib.SMTPException):
                self.close()

    def close(self) -> None:
        """End the connection without waiting for anything."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    def _connected(self) -> smtplib.SMTP:
        server, patience = self._server, self._patience.reply
        try:
            if server.security == "tls":
                return _sending_at_once(
                    smtplib.SMTP_SSL(
                        server.host, server.port, own_name(), timeout=patience, context=_context()
                    )
                )
            return _sending_at_once(smtplib.SMTP(server.host, server.port, own_name(), timeout=patience))
        except (OSError, smtplib.SMTPException, UnicodeError) as problem:
            raise NotTaken(_of_problem("connect", problem)) from None

    def _greet(self, smtp: smtplib.SMTP) -> None:
        self._say("hello", smtp.ehlo)
        if self._server.security == "starttls":
            self._start_tls(smtp)
        if self._server.user:
            self._sign_in(smtp)

    def _start_tls(self, smtp: smtplib.SMTP) -> None:
        if not smtp.has_extn("starttls"):
            raise NotTaken(Outcome("hello", silence="insecure"))
        self._say("hello", lambda: smtp.starttls(context=_context()))
        self._say("hello", smtp.ehlo)

    def _sign_in(self, smtp: smtplib.SMTP) -> None:
        if not smtp.has_extn("auth"):
            raise NotTaken(Outcome("hello", silence="no_login"))
        self._say("hello", lambda: smtp.login(self._server.user, self._server.password))

    def _sent(self, phase: str, smtp: smtplib.SMTP, data: bytes, patience: float) -> None:
        _wait_at_most(smtp, patience)
        try:
            smtp.send(data)
        except (OSError, smtplib.SMTPException) as problem:
            self.close()
            raise NotTaken(_of_problem(phase, problem)) from None

    def _say(
        self, phase: str, ask: Callable[[], tuple[int, bytes]], wanted: tuple[int, ...] = ()
    ) -> tuple[int, str]:
        try:
            code, raw = ask()
        except (OSError, smtplib.SMTPException, UnicodeError) as problem:
            self.close()
            raise NotTaken(_of_problem(phase, problem)) from None
        text = raw.decode("utf-8", "replace")
        if code in wanted or (not wanted and 200 <= code <= 299):
            return code, text
        self._after_refusal(phase, code)
        raise NotTaken(Outcome(phase, code=code, text=text))

    def _after_refusal(self, phase: str, code: int) -> None:
        """A server that says 421, or answers something else than it was asked, is not spoken to again."""
        if not 400 <= code <= 599 or code == 421:
            self.close()
        elif phase in _FORGETTING:
            self.reset()
        elif self._smtp is not None:
            _wait_at_most(self._smtp, self._patience.reply)

    def _opened(self) -> smtplib.SMTP:
        if self._smtp is None:
            raise NotTaken(Outcome("connect", silence="cut"))
        return self._smtp


def wire_form(message: bytes) -> bytes:
    """A message as DATA wants it (RFC 5321, 4.5.2): lines end with CRLF, the last one too, leading dots are doubled."""
    whole = message.count(b"\r\n")
    lines = message
    if not whole == message.count(b"\r") == message.count(b"\n"):
        lines = _LINE_END.sub(b"\r\n", message)
    lines = lines.replace(b"\n.", b"\n..")
    if lines.startswith(b"."):
        lines = b"." + lines
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def own_name() -> str:
    """How we greet: this machine's name where it has a domain, else an address literal. Asks no name server."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "[127.0.0.1]"


def _sending_at_once(smtp: smtplib.SMTP) -> smtplib.SMTP:
    """The final dot goes alone, since it is the point of no return: it must not wait for the message to be acknowledged.

    Without this the system holds so small a piece back until then, 40 ms a mail where the receiver is in no hurry.
    """
    if smtp.sock is not None:
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return smtp


def _wait_at_most(smtp: smtplib.SMTP, seconds: float) -> None:
    if smtp.sock is not None:
        smtp.sock.settimeout(seconds)


def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


def _of_problem(phase: str, problem: Exception) -> Outcome:
    if isinstance(problem, smtplib.SMTPResponseException):
        return Outcome(phase, code=problem.smtp_code, text=_text(problem.smtp_error))
    return Outcome(phase, silence=_silence(problem), text=str(problem))


def _text(error: bytes | str) -> str:
    return error.decode("utf-8", "replace") if isinstance(error, bytes) else error


def _silence(problem: Exception) -> str:
    """Which of the silences an exception is; the order matters, since some are kinds of others."""
    if isinstance(problem, ssl.SSLCertVerificationError):
        return "insecure"
    if isinstance(problem, TimeoutError) or "timed out" in str(problem):
        return "timeout"
    if isinstance(problem, smtplib.SMTPServerDisconnected | ConnectionResetError | BrokenPipeError):
        return "cut"
    if isinstance(problem, ssl.SSLError):
        return "insecure"
    return "unreachable" if isinstance(problem, OSError | UnicodeError) else "cut"
