"""Bodies of requests: one that breaks off is no request, and slow ones leave threads for everybody else.

Half a list would look as if its missing items were settled. And a body that comes byte by byte keeps the thread that reads it
for as long as its sender likes, for the server knows no deadline for bodies.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import BoundedSemaphore
from typing import Any

from django.core.files.uploadhandler import StopUpload
from django.core.handlers.wsgi import WSGIRequest
from django.utils import translation

MOST_BODIES = 3
"""So many bodies may be on their way to one process; the server must have more threads than that."""


class BodyCut(OSError):
    """The connection ended before as many bytes had come as were announced; Django reads it as an unreadable post."""


class WholeBody:
    """A WSGI application around another: reading its input raises BodyCut where the body ends too early.

    Django itself takes what came for all that was sent, the last file cut short included. A form with files ends at the
    cut (StopUpload): the file that it runs through is thrown away, so that its field is empty.

    While MOST_BODIES are on their way, one more is answered with 503 unread. A body counts until its last byte is read, so
    those that have come whole count for a moment only.
    """

    def __init__(self, application: Callable[..., Any]) -> None:
        self._application = application
        self._places = BoundedSemaphore(MOST_BODIES)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Answer the request; one without an announced length has no body."""
        announced = environ.get("CONTENT_LENGTH") or "0"
        if not announced.isdecimal() or not int(announced):
            return self._application(environ, start_response)
        if not self._places.acquire(blocking=False):
            told = _busy(environ)
            kind, length = ("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(told)))
            start_response("503 Service Unavailable", [("Retry-After", "5"), kind, length])
            return [told]
        has_files = environ.get("CONTENT_TYPE", "").lower().startswith("multipart/form-data")
        body = _Counted(
            environ["wsgi.input"], int(announced), has_files=has_files, ended=self._places.release
        )
        environ["wsgi.input"] = body
        try:
            return self._application(environ, start_response)
        finally:
            body.end()


def _busy(environ: dict[str, Any]) -> bytes:
    """What she who is turned away reads, in the language that her browser or her choice names."""
    with translation.override(translation.get_language_from_request(WSGIRequest(environ))):
        return translation.gettext(
            "Too much is being uploaded at this moment. Nothing was changed. Please go back and try again in a few seconds."
        ).encode()


class _Counted:
    """A stream of a known length; `ended` is called once, when its last byte is read or nobody will read on."""

    def __init__(self, stream: Any, length: int, *, has_files: bool, ended: Callable[[], None]) -> None:
        self._stream = stream
        self._left = length
        self._has_files = has_files
        self._ended: Callable[[], None] | None = ended

    def end(self) -> None:
        """Say that nothing more is read."""
        ended, self._ended = self._ended, None
        if ended is not None:
            ended()

    def read(self, size: int = -1, /) -> bytes:
        """At most so many bytes. Raises BodyCut, and StopUpload within a form with files."""
        return self._counted(self._stream.read(size), size)

    def readline(self, size: int = -1, /) -> bytes:
        """The next line, or so many bytes of it; raises as `read` does."""
        return self._counted(self._stream.readline(size), size)

    def _counted(self, data: bytes, size: int) -> bytes:
        self._left -= len(data)
        if self._left <= 0:
            self.end()
        if not data and size != 0 and self._left > 0:
            if self._has_files:
                raise StopUpload(connection_reset=True)
            raise BodyCut(f"{self._left} bytes are missing")
        return data
