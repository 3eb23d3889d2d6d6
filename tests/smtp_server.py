"""An SMTP server that misbehaves on demand: the outer wall of every sending test.

Each connection plays one `Script`: what to do in each phase. A phase left out answers as a good server does.

    with SmtpServer(Script(rcpt=Reply(451)), Script()) as server:  # greylisted, then welcome
        ...
    assert [mail.recipients for mail in server.mails] == [("a@b.example",)]

`server.mails` is the truth of what arrived: exactly what this server took responsibility for, in order. After
the dot a server may have kept a message without the client learning so; `keep=True` on `Stall` and `Cut` is for
that. Nothing here sleeps: a stall lasts until the client hangs up or the server ends.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Condition, Event, Thread
from types import TracebackType
from typing import BinaryIO, Self

HOST = "127.0.0.1"
PATIENCE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer with this code; 2xx after the dot keeps the message."""

    code: int
    text: str = "as scripted"


@dataclass(frozen=True, slots=True)
class Stall:
    """Never answer; `keep` says whether a message already complete was kept."""

    keep: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """Close the connection, after `reply` where there is one; `reset` sends RST instead of FIN."""

    reply: Reply | None = None
    keep: bool = False
    reset: bool = False


@dataclass(frozen=True, slots=True)
class Gate:
    """Stop here until the test opens the gate, then go on with `then`: for what happens in between."""

    then: Reply | Stall | Cut | None = None
    reached: Event = field(default_factory=Event)
    opened: Event = field(default_factory=Event)

    def wait_reached(self) -> None:
        """Wait until the client stands at the gate; fails the test after ten seconds."""
        assert self.reached.wait(PATIENCE_SECONDS), "the client never came to the gate"

    def open(self) -> None:
        """Let the conversation go on."""
        self.opened.set()


Action = Reply | Stall | Cut | Gate
Phase = Action | tuple[Action | None, ...] | None
"""One action for all commands of a phase, or one each for the first, second, ... (the last repeats)."""


@dataclass(frozen=True, slots=True)
class Script:
    """What one connection does. `body` comes after the first line of the message, `dot` after its end."""

    greeting: Phase = None
    ehlo: Phase = None
    auth: Phase = None
    mail: Phase = None
    rcpt: Phase = None
    data: Phase = None
    body: Phase = None
    dot: Phase = None
    rset: Phase = None
    quit: Phase = None


@dataclass(frozen=True, slots=True)
class Mail:
    """A message the server kept: envelope, bytes with dots unstuffed, and the connection, counted from 1."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes
    connection: int


class SmtpServer:
    """Listens on a free port of 127.0.0.1 within a `with` block; the last script plays on."""

    def __init__(self, *scripts: Script, extensions: tuple[str, ...] = ("8BITMIME", "SIZE 40000000")) -> None:
        self.extensions = extensions
        self._scripts = list(scripts) or [Script()]
        self._news = Condition()
        self._mails: list[Mail] = []
        self._lines: list[tuple[int, str]] = []
        self._open: dict[int, socket.socket] = {}
        self._threads: list[Thread] = []
        self._gates: list[Gate] = []
        self._count = 0
        self._ending = False

    def __enter__(self) -> Self:
        self._listener = socket.create_server((HOST, 0), backlog=128)
        self.host, self.port = HOST, int(self._listener.getsockname()[1])
        self._accepting = Thread(target=self._accept, name="smtp-accept", daemon=True)
        self._accepting.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._news:
            self._ending = True
        socket.create_connection((HOST, self.port)).close()  # wakes accept()
        self._accepting.join(PATIENCE_SECONDS)
        self._listener.close()
        with self._news:
            for connection in self._open.values():
                _hang_up(connection)
            for gate in self._gates:
                gate.open()
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)

    @property
    def mails(self) -> tuple[Mail, ...]:
        """What was kept so far."""
        with self._news:
            return tuple(self._mails)

    @property
    def connections(self) -> int:
        """How many connections were accepted so far."""
        with self._news:
            return self._count

    def commands(self, connection: int | None = None) -> tuple[str, ...]:
        """The command lines received so far, on one connection or all; bodies are left out."""
        with self._news:
            return tuple(line for number, line in self._lines if connection in {None, number})

    def wait_for(self, count: int) -> tuple[Mail, ...]:
        """Wait until `count` messages were kept and return all; fails the test after ten seconds."""
        with self._news:
            arrived = self._news.wait_for(lambda: len(self._mails) >= count, PATIENCE_SECONDS)
            assert arrived, f"{len(self._mails)} of {count} messages arrived"
            return tuple(self._mails)

    def play(self, *scripts: Script) -> None:
        """Replace the scripts for the connections to come."""
        with self._news:
            self._scripts = list(scripts)

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            with self._news:
                if self._ending:
                    connection.close()
                    return
                self._count += 1
                self._open[self._count] = connection
                script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
                talk = _Conversation(self, connection, script, self._count)
                thread = Thread(target=talk.run, name=f"smtp-{self._count}", daemon=True)
                self._threads.append(thread)
            thread.start()

    def heard(self, connection: int, line: str) -> None:
        with self._news:
            self._lines.append((connection, line))

    def kept(self, mail: Mail) -> None:
        with self._news:
            self._mails.append(mail)
            self._news.notify_all()

    def stands_at(self, gate: Gate) -> None:
        with self._news:
            if self._ending:
                raise _Over
            self._gates.append(gate)
        gate.reached.set()
        gate.opened.wait()
        with self._news:
            if self._ending:
                raise _Over

    def left(self, connection: int) -> None:
        with self._news:
            self._open.pop(connection).close()


class _Over(Exception):
    """The conversation ended as its script says."""


class _Conversation:
    """One connection: reads commands, plays the script."""

    def __init__(self, server: SmtpServer, connection: socket.socket, script: Script, number: int) -> None:
        self._server, self._socket, self._script, self._number = server, connection, script, number
        self._input: BinaryIO = connection.makefile("rb")
        self._turns: dict[str, int] = {}
        self._forget()
        self._verbs: dict[str, Callable[[str], object]] = {
            "EHLO": self._hello,
            "HELO": self._hello,
            "AUTH": lambda _: self._answer("auth", Reply(235, "welcome")),
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": self._data,
            "RSET": self._rset,
            "NOOP": lambda _: self._say(Reply(250, "still here")),
            "QUIT": self._quit,
        }

    def run(self) -> None:
        try:
            self._answer("greeting", Reply(220, "scripted.test ESMTP"))
            while line := self._input.readline():
                text = line.decode("utf-8", "replace").rstrip("\r\n")
                self._server.heard(self._number, text)
                self._verbs.get(text[:4].upper(), self._unknown)(text)
        except (_Over, OSError):
            pass
        finally:
            self._input.close()
            self._server.left(self._number)

    def _forget(self) -> None:
        self._sender, self._recipients = "", []  # type: tuple[str, list[str]]

    def _hello(self, _: str) -> None:
        self._answer("ehlo", Reply(250, "\n".join(("scripted.test", *self._server.extensions))))

    def _mail(self, line: str) -> None:
        self._forget()
        if self._answer("mail", Reply(250, "sender ok")):
            self._sender = _address(line)

    def _rcpt(self, line: str) -> None:
        if self._answer("rcpt", Reply(250, "recipient ok")):
            self._recipients.append(_address(line))

    def _data(self, _: str) -> None:
        if not self._recipients:
            self._say(Reply(503, "no recipient"))
        elif self._answer("data", Reply(354, "go on")):
            data = self._body()
            self._answer("dot", Reply(250, "kept"), lambda: self._keep(data))

    def _body(self) -> bytes:
        lines = []
        while (line := self._input.readline()) != b".\r\n":
            if not line:
                raise _Over
            lines.append(line[1:] if line.startswith(b".") else line)
            if len(lines) == 1:
                self._answer("body", None)
        return b"".join(lines)

    def _keep(self, data: bytes) -> None:
        self._server.kept(Mail(self._sender, tuple(self._recipients), data, self._number))

    def _rset(self, _: str) -> None:
        self._forget()
        self._answer("rset", Reply(250, "forgotten"))

    def _quit(self, _: str) -> None:
        self._answer("quit", Reply(221, "bye"))
        raise _Over

    def _unknown(self, _: str) -> None:
        self._say(Reply(502, "not implemented"))

    def _answer(self, phase: str, usual: Reply | None, keep: Callable[[], None] = lambda: None) -> bool:
        """Play the phase's action; true if it was positive. `keep` runs before the client can know."""
        match self._action(phase):
            case Stall(keep=kept):
                if kept:
                    keep()
                self._drain()
            case Cut(reply=reply, keep=kept, reset=reset):
                if kept or (reply and reply.code < 300):
                    keep()
                if reply:
                    self._say(reply)
                self._end(reset=reset)
            case Reply() as reply:
                return self._reply(reply, keep)
        return usual is None or self._reply(usual, keep)

    def _action(self, phase: str) -> Reply | Stall | Cut | None:
        planned: Phase = getattr(self._script, phase)
        turn = self._turns[phase] = self._turns.get(phase, -1) + 1
        if isinstance(planned, tuple):
            planned = planned[min(turn, len(planned) - 1)]
        if isinstance(planned, Gate):
            self._server.stands_at(planned)
            return planned.then
        return planned

    def _reply(self, reply: Reply, keep: Callable[[], None]) -> bool:
        if reply.code < 300:
            keep()
        self._say(reply)
        return reply.code < 400

    def _say(self, reply: Reply) -> None:
        *others, last = reply.text.split("\n")
        lines = [*(f"{reply.code}-{line}" for line in others), f"{reply.code} {last}"]
        self._socket.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def _drain(self) -> None:
        while self._input.read1(65_536):
            pass
        raise _Over

    def _end(self, *, reset: bool) -> None:
        if reset:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            _hang_up(self._socket)
        raise _Over


def _address(line: str) -> str:
    """Return what stands between the angle brackets of a MAIL or RCPT line."""
    return line.partition("<")[2].partition(">")[0]


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        connection.close()
