"""One SMTP conversation in named phases, so that the caller can commit what it knows between any two of them.

Phases: connect, hello, mail, rcpt, data, dot. A phase that is not passed raises NotTaken with the server's reply or the
kind of silence. Nothing is retried here.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from debitora.kit.failpoints import failpoint

PATIENCE = 60.0
"""Seconds to wait for a reply before the dot."""
PATIENCE_AT_THE_DOT = 600.0
"""Seconds to wait for the reply to the dot (RFC 5321 4.5.3.2.6): silence there can never be told from success."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where to hand in mail. `security` is none, starttls or tls; with the last two nothing is ever sent in clear."""

    host: str
    port: int
    security: str = "starttls"
    user: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back in a phase: a reply (code and text), or a silence (timeout, cut, unreachable, insecure)."""

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

    def __init__(self, server: MailServer, *, patience: float = PATIENCE) -> None:
        self._server = server
        self._patience = patience
        self._smtp: smtplib.SMTP | None = None

    def open(self) -> None:
        """Connect, greet, secure and sign in, unless that is done. Raises NotTaken (connect, hello)."""
        if self._smtp is None:
            self._smtp = self._connected()
            try:
                self._greet(self._smtp)
            except NotTaken:
                self.close()
                raise

    def envelope(self, sender: str, recipient: str) -> None:
        """Name sender and recipient. Raises NotTaken (mail, rcpt) and is ready for the next message then."""
        smtp = self._opened()
        utf8 = ["SMTPUTF8"] if not (sender + recipient).isascii() and smtp.has_extn("smtputf8") else []
        self._say("mail", lambda: smtp.mail(sender, utf8))
        self._say("rcpt", lambda: smtp.rcpt(recipient))

    def data(self, message: bytes) -> str:
        """Hand in the message; returns the server's reply. Raises NotTaken (data: not taken for sure; dot: see there)."""
        smtp = self._opened()
        self._say("data", lambda: smtp.docmd("DATA"), wanted=(354,))
        failpoint("data_started")
        if smtp.sock is not None:
            smtp.sock.settimeout(PATIENCE_AT_THE_DOT if self._patience == PATIENCE else self._patience)
        _code, text = self._say("dot", lambda: self._dot(smtp, message))
        failpoint("post_reply")
        if smtp.sock is not None:
            smtp.sock.settimeout(self._patience)
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
        server = self._server
        try:
            if server.security == "tls":
                return smtplib.SMTP_SSL(server.host, server.port, timeout=self._patience, context=_context())
            return smtplib.SMTP(server.host, server.port, timeout=self._patience)
        except (OSError, smtplib.SMTPException) as problem:
            raise NotTaken(_of_problem("connect", problem)) from None

    def _greet(self, smtp: smtplib.SMTP) -> None:
        self._say("hello", lambda: smtp.ehlo())
        if self._server.security == "starttls":
            self._start_tls(smtp)
        if self._server.user:
            self._say("hello", lambda: smtp.login(self._server.user, self._server.password))

    def _start_tls(self, smtp: smtplib.SMTP) -> None:
        if not smtp.has_extn("starttls"):
            raise NotTaken(Outcome("hello", silence="insecure"))
        self._say("hello", lambda: smtp.starttls(context=_context()))
        self._say("hello", lambda: smtp.ehlo())

    @staticmethod
    def _dot(smtp: smtplib.SMTP, message: bytes) -> tuple[int, bytes]:
        quoted = smtplib._quote_periods(smtplib._fix_eols(message.decode("latin-1")).encode("latin-1"))  # type: ignore[attr-defined]
        smtp.send(quoted if quoted.endswith(b"\r\n") else quoted + b"\r\n")
        smtp.send(b".\r\n")
        failpoint("post_dot")
        return smtp.getreply()

    def _say(
        self, phase: str, ask: Callable[[], tuple[int, bytes]], wanted: tuple[int, ...] = ()
    ) -> tuple[int, str]:
        try:
            code, raw = ask()
        except (OSError, smtplib.SMTPException) as problem:
            self.close()
            raise NotTaken(_of_problem(phase, problem)) from None
        text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
        if code in wanted or (not wanted and 200 <= code <= 299):
            return code, text
        if phase in ("mail", "rcpt", "data"):
            self.reset()
        raise NotTaken(Outcome(phase, code=code, text=text))

    def _opened(self) -> smtplib.SMTP:
        if self._smtp is None:
            raise NotTaken(Outcome("connect", silence="cut"))
        return self._smtp


def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


def _of_problem(phase: str, problem: Exception) -> Outcome:
    if isinstance(problem, smtplib.SMTPResponseException):
        text = problem.smtp_error
        return Outcome(
            phase,
            code=problem.smtp_code,
            text=text.decode("utf-8", "replace") if isinstance(text, bytes) else text,
        )
    if isinstance(problem, smtplib.SMTPNotSupportedError | ssl.SSLError):
        return Outcome(phase, silence="insecure", text=str(problem))
    if isinstance(problem, TimeoutError):
        return Outcome(phase, silence="timeout")
    if isinstance(problem, smtplib.SMTPServerDisconnected | ConnectionResetError | BrokenPipeError):
        return Outcome(phase, silence="timeout" if "timed out" in str(problem) else "cut", text=str(problem))
    if isinstance(problem, OSError | socket.gaierror):
        return Outcome(phase, silence="unreachable", text=str(problem))
    return Outcome(phase, silence="cut", text=str(problem))
