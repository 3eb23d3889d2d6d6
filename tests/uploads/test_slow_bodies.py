"""X09: bodies that come byte by byte, over raw sockets, to the server that `debitora up` starts."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import pytest

from debitora.cli.serving import web_commands
from debitora.kit.listening import listening
from debitora.kit.web import BODY_SECONDS, HEAD_SECONDS, LARGE, MOST_LARGE, SLOWEST, THREADS, too_slow
from debitora.kit.web import Web as Server

ROOT = Path(__file__).resolve().parents[2]
PAUSE, PATIENCE = 0.02, 60.0
PAGE = "/account/login/"
HEAD = (
    f"POST {PAGE} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {LARGE + 1}\r\n"
    f"Content-Type: multipart/form-data; boundary=XX\r\nCookie: csrf={32 * 'a'}\r\n\r\n"
)
IN_GERMAN = HEAD.replace("Cookie:", "Connection: close\r\nAccept-Language: de-AT\r\nCookie:")
SMALL = HEAD.replace(str(LARGE + 1), "1000")
CHUNKED = HEAD.replace(f"Content-Length: {LARGE + 1}", "Transfer-Encoding: chunked")
FILE = '--XX\r\nContent-Disposition: form-data; name="file"; filename="opos.csv"\r\n\r\n' + 200_000 * "x"
BUSY, FINE = b"HTTP/1.1 503", b"HTTP/1.1 200"


@dataclass(frozen=True)
class Web:
    """A web process, and the folder in which it keeps what is being uploaded."""

    port: int
    folder: Path

    def socket(self, said: str) -> socket.socket:
        """A connection over which something was said."""
        made = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        made.sendall(said.encode())
        return made

    def page(self) -> bytes:
        """What a quick visitor is answered."""
        return self.answer(f"GET {PAGE} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")

    def whole(self, said: str) -> str:
        """The whole answer of a connection that is closed after it."""
        with self.socket(said) as made:
            return b"".join(iter(lambda: made.recv(65_536), b"")).decode()

    def answer(self, said: str) -> bytes:
        """The first words of the answer; fails where none comes within a minute."""
        with self.socket(said) as made:
            return made.recv(12)


def until(reached: Callable[[], object]) -> None:
    """Wait for the server to come so far; fails after a minute."""
    end = monotonic() + PATIENCE
    while not reached():
        assert monotonic() < end, "it was never reached"
        sleep(PAUSE)


@pytest.fixture
def web(committed: str, tmp_path: Path) -> Iterator[Web]:
    """One web process over the test's database, started as `debitora up` does."""
    known = {"DJANGO_SETTINGS_MODULE": "debitora.config.settings", "PYTHONPATH": str(ROOT / "src")}
    with listening("127.0.0.1", 0) as shared:
        process = subprocess.Popen(
            web_commands(shared)[0],
            env={**os.environ, **known, "TMPDIR": str(tmp_path)},
            cwd=ROOT,
            pass_fds=(shared.fileno(),),
        )
        try:
            yield Web(shared.getsockname()[1], tmp_path)
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0


def test_x09_slow_uploads_keep_nobody_from_her_page_and_leave_nothing(web: Web) -> None:
    """Many more than there are threads send byte by byte; one large upload too many is turned away at once."""
    assert web.page() == FINE
    with ExitStack() as senders:
        slow = [senders.enter_context(web.socket(SMALL + "x")) for _ in range(10 * THREADS)]
        slow += [senders.enter_context(web.socket(HEAD + FILE)) for _ in range(MOST_LARGE)]
        until(lambda: web.answer(HEAD) == BUSY)
        assert "Gerade wird zu viel hochgeladen" in web.whole(IN_GERMAN)
        assert web.answer(CHUNKED) == BUSY
        for _ in range(3):
            for one in slow:
                one.sendall(b"x")
            assert web.page() == FINE
        assert web.answer(SMALL.replace("1000", "6") + "--XX--") == b"HTTP/1.1 403"
    until(lambda: web.answer(HEAD + FILE + LARGE * "x") == b"HTTP/1.1 403")
    assert list(web.folder.iterdir()) == []


def test_x09_a_body_that_is_cut_is_no_request(web: Web) -> None:
    """The connection ends before all has come: nobody is asked, and the next caller is answered."""
    with web.socket(SMALL + "--XX--") as cut:
        cut.shutdown(socket.SHUT_WR)
        assert cut.recv(12) == b""
    assert web.page() == FINE


@pytest.mark.parametrize("said", ["GET / HTT", SMALL + "x"])
@pytest.mark.parametrize("late", [False, True])
def test_x09_the_server_hangs_up_on_who_is_too_slow(said: str, *, late: bool) -> None:
    """Looked for every few seconds; whoever is in time stays."""
    with listening("127.0.0.1", 0) as shared:
        server = Server(lambda _environ, _start: [], shared, most_bytes=LARGE)
        with socket.create_connection(shared.getsockname()) as sender:
            sender.sendall(said.encode())
            until(lambda: server.pass_once() or any(one.request for one in server.active_channels.values()))
            (channel,) = server.active_channels.values()
            channel.begun -= (BODY_SECONDS + 1) * late
            server.maintenance(channel.last_activity)
            server.pass_once()
            assert bool(server.active_channels) is not late
        until(lambda: server.pass_once() or not server.active_channels)
        server.task_dispatcher.shutdown()
        server.close()


@pytest.mark.parametrize(
    ("seconds", "body", "gone"),
    [
        (HEAD_SECONDS, None, False),
        (HEAD_SECONDS + 1, None, True),
        (BODY_SECONDS, 0, False),
        (BODY_SECONDS + 1, 0, True),
        (BODY_SECONDS + 100, 100 * SLOWEST, False),
        (BODY_SECONDS + 101, 100 * SLOWEST, True),
    ],
)
def test_x09_who_is_too_slow_is_given_up(seconds: float, body: int | None, gone: bool) -> None:
    """A head within half a minute, a body at ten kilobytes a second after the first minute."""
    assert too_slow(seconds=seconds, body=body) is gone
