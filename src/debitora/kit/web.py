"""The web server: waitress, which hands a request to a thread when all of it has come, with our limits for slow senders.

A body that comes byte by byte costs a file and a connection, never a thread. What is too slow is cut off, and only so many
large bodies may be on their way to a process, for each takes space on the disk.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from http import HTTPStatus
from time import monotonic
from typing import Any, Final

from django.core.handlers.wsgi import WSGIRequest
from django.utils import translation
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher
from waitress.utilities import Error

from debitora.kit.listening import Listening

THREADS: Final = 4
"""Of one web process."""
CONNECTIONS: Final = 500
"""At most so many at once to one process; others wait to be accepted."""
LARGE: Final = 1024 * 1024
"""A body of more bytes, or of an unknown length, counts as large."""
MOST_LARGE: Final = 8
"""So many large bodies may be on their way to one process."""
HEAD_SECONDS: Final = 30
"""Within so many seconds the head of a request is there."""
BODY_SECONDS: Final = 60
"""After so many seconds a body must have come as fast as `SLOWEST` on average."""
SLOWEST: Final = 10_000
"""Bytes a second: a slow mobile connection has several times as much."""
_LOOK: Final = 5
"""Every so many seconds the server looks for who is too slow."""
_ENDING: Final = 15
"""So many seconds requests that are being answered have when the server is told to end."""


class _Busy(Error):  # type: ignore[misc]
    """Turned away because MOST_LARGE bodies are on their way, told in the language of her browser or of her choice."""

    code = HTTPStatus.SERVICE_UNAVAILABLE.value
    reason = HTTPStatus.SERVICE_UNAVAILABLE.phrase

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        """Status, headers and text of the answer."""
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "5")]
        return f"{self.code} {self.reason}", headers, self.body.encode()


def too_slow(*, seconds: float, body: int | None) -> bool:
    """Whether a request that is not whole after so many seconds is given up; `body` is what came of it, None within the head."""
    if body is None:
        return seconds > HEAD_SECONDS
    return seconds > BODY_SECONDS + body / SLOWEST


class _Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that knows since when its request is coming."""

    request: Any = None  # not whole yet
    begun = 0.0  # not money: seconds

    def received(self, data: bytes) -> bool:
        """Take what came; one large body too many is answered unread."""
        if self.request is None:
            self.begun = monotonic()
        taken = bool(super().received(data))
        with self.requests_lock:
            if self.request is not None and self.server.is_one_too_many(self):
                self.request.error = _Busy(_too_much(self.request))
                self.request.completed = True
                self.requests.append(self.request)
                self.request = None
                if len(self.requests) == 1:
                    self.server.add_task(self)
        return taken

    @property
    def is_large(self) -> bool:
        """Whether a large body is on its way."""
        request = self.request
        if request is None or not request.headers_finished:
            return False
        return bool(request.chunked) or int(request.content_length) > LARGE

    @property
    def is_too_slow(self) -> bool:
        """Whether its request should long have been whole."""
        request = self.request
        if request is None:
            return False
        body = request.body_bytes_received if request.headers_finished else None
        return too_slow(seconds=monotonic() - self.begun, body=body)


class Web(TcpWSGIServer):  # type: ignore[misc]
    """Serves a WSGI application on a socket that listens; several processes may share it."""

    channel_class = _Channel

    def __init__(self, application: Callable[..., Any], listening: Listening, *, most_bytes: int) -> None:
        """Larger bodies than `most_bytes` are refused by their head."""
        settings = Adjustments(
            sockets=[listening],
            threads=THREADS,
            connection_limit=CONNECTIONS,
            cleanup_interval=_LOOK,
            max_request_body_size=most_bytes,
            inbuf_overflow=128 * 1024,
            outbuf_high_watermark=4 * 1024**3,  # who reads slowly keeps a file, not a thread
            recv_bytes=64 * 1024,
            asyncore_use_poll=True,
            clear_untrusted_proxy_headers=False,  # settings say how many proxies are trusted
            ident="",
        )
        family, kind = listening.family, listening.type
        super().__init__(
            application,
            _sock=listening,
            dispatcher=ThreadedTaskDispatcher(),
            adj=settings,
            bind_socket=False,
            sockinfo=(family, kind, listening.proto, listening.getsockname()),
        )
        self.task_dispatcher.set_thread_count(THREADS)

    def is_one_too_many(self, channel: _Channel) -> bool:
        """Whether its large body is more than may be on their way."""
        on_their_way = sum(1 for one in self.active_channels.values() if one.is_large)
        return channel.is_large and on_their_way > MOST_LARGE

    def maintenance(self, now: float) -> None:
        """Close connections that idle, and those that are too slow."""
        super().maintenance(now)
        for channel in self.active_channels.values():
            if channel.is_too_slow:
                channel.will_close = True

    def pass_once(self, *, seconds: int = 0) -> None:
        """Read and write what is there, waiting for at most so many seconds."""
        self.asyncore.loop(timeout=seconds, map=self._map, use_poll=True, count=1)

    def run(self) -> None:
        """Serve until SystemExit or KeyboardInterrupt; then accept nobody, and end what is being answered."""
        try:
            while True:
                self.pass_once(seconds=1)
        except (SystemExit, KeyboardInterrupt):
            self.accepting = False
            self.task_dispatcher.shutdown(timeout=_ENDING)


def _too_much(request: HTTPRequestParser) -> str:
    """What she who is turned away reads."""
    told = {
        "REQUEST_METHOD": "POST",
        "HTTP_COOKIE": request.headers.get("COOKIE", ""),
        "HTTP_ACCEPT_LANGUAGE": request.headers.get("ACCEPT_LANGUAGE", ""),
        "wsgi.input": io.BytesIO(),
    }
    with translation.override(translation.get_language_from_request(WSGIRequest(told))):
        return translation.gettext(
            "Too much is being uploaded at this moment. Nothing was changed. Please go back and try again in a few seconds."
        )
