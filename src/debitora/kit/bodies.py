"""Bodies of requests: one that breaks off is no request.

Half a list would look as if its missing items were settled. Our own server (kit.web) hands on whole requests only; another
that somebody puts in its place may not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.uploadhandler import StopUpload


class BodyCut(OSError):
    """The connection ended before as many bytes had come as were announced; Django reads it as an unreadable post."""


class WholeBody:
    """A WSGI application around another: reading its input raises BodyCut where the body ends too early.

    Django itself takes what came for all that was sent, the last file cut short included. A form with files ends at the
    cut (StopUpload): the file that it runs through is thrown away, so that its field is empty.
    """

    def __init__(self, application: Callable[..., Any]) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Answer the request; one without an announced length has no body."""
        announced = environ.get("CONTENT_LENGTH") or "0"
        if not announced.isdecimal() or not int(announced):
            return self._application(environ, start_response)
        has_files = environ.get("CONTENT_TYPE", "").lower().startswith("multipart/form-data")
        environ["wsgi.input"] = _Counted(environ["wsgi.input"], int(announced), has_files=has_files)
        return self._application(environ, start_response)


class _Counted:
    """A stream of a known length."""

    def __init__(self, stream: Any, length: int, *, has_files: bool) -> None:
        self._stream = stream
        self._left = length
        self._has_files = has_files

    def read(self, size: int = -1, /) -> bytes:
        """At most so many bytes. Raises BodyCut, and StopUpload within a form with files."""
        return self._counted(self._stream.read(size), size)

    def readline(self, size: int = -1, /) -> bytes:
        """The next line, or so many bytes of it; raises as `read` does."""
        return self._counted(self._stream.readline(size), size)

    def _counted(self, data: bytes, size: int) -> bytes:
        self._left -= len(data)
        if not data and size != 0 and self._left > 0:
            if self._has_files:
                raise StopUpload(connection_reset=True)
            raise BodyCut(f"{self._left} bytes are missing")
        return data
