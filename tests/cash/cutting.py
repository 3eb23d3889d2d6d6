"""A connection to the database that is cut between COMMIT and its reply: whoever committed does not learn of it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import pytest
from django.db import connections

from debitora.kit.pg import base

COMMIT = b"COMMIT\0"
_BLOCK = 65_536


@contextmanager
def cut_after_commit(*, nth: int = 1) -> Iterator[None]:
    """Within the block this thread speaks to the database over a wire that forwards its n-th COMMIT and is cut then.

    The database has committed when it is cut. Later connections are whole again.
    """
    connections.close_all()
    real = base.credentials
    with (
        TemporaryDirectory(prefix="wire") as folder,  # a short name: a socket's may have a hundred bytes
        _Wire(Path(folder), nth) as wire,
        pytest.MonkeyPatch.context() as patch,
    ):

        def through_the_wire(*asked: Any) -> dict[str, object]:
            found = real(*asked)
            return found if wire.is_cut else {**found, **wire.lead_to(found)}

        patch.setattr(base, "credentials", through_the_wire)
        yield
        assert wire.is_cut, "it was not committed so often"
        connections.close_all()


class _Wire:
    """A socket that hands every byte on, until it has handed on the n-th COMMIT and heard that it was done."""

    def __init__(self, folder: Path, nth: int) -> None:
        self.is_cut = False
        self._left, self._folder, self._deaf = nth, folder, False
        self._target: tuple[str, str] = ("", "")
        self._socket = socket.socket(socket.AF_UNIX)
        self._ends: list[socket.socket] = []
        self._threads: list[Thread] = []

    def lead_to(self, found: dict[str, object]) -> dict[str, object]:
        """The address of the wire, which leads to the server that `found` names by the folder of its socket."""
        self._target = (str(found["HOST"]), str(found["PORT"]))
        return {"HOST": str(self._folder)}

    def __enter__(self) -> _Wire:
        self._socket.bind(str(self._folder / ".s.PGSQL.5432"))
        self._socket.listen()
        self._start(self._serve)
        return self

    def __exit__(self, *_raised: object) -> None:
        """Nothing of it is left: who still listens is woken, waited for, and closed."""
        for end in (self._socket, *self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for end in (self._socket, *self._ends):
            end.close()

    def _start(self, work: Callable[..., None], *ends: socket.socket) -> None:
        thread = Thread(target=work, args=ends, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _serve(self) -> None:
        while True:
            try:
                client, _address = self._socket.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect("{}/.s.PGSQL.{}".format(*self._target))
            self._ends += [client, server]
            self._start(self._forward, client, server)
            self._start(self._hand_on, server, client)

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        """What the client says goes to the server; after the n-th COMMIT nothing more."""
        while block := _received(client):
            self._left -= block.endswith(COMMIT)
            self._deaf = self._left == 0 and block.endswith(COMMIT)
            if not _handed(block, server) or self._deaf:
                return
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)

    def _hand_on(self, server: socket.socket, client: socket.socket) -> None:
        """What the server says goes to the client; its reply to the n-th COMMIT is heard here, and cuts the wire."""
        while block := _received(server):
            if self._deaf:
                self.is_cut, self._deaf = True, False
                with suppress(OSError):
                    client.shutdown(socket.SHUT_RDWR)
                return
            _handed(block, client)


def _handed(block: bytes, end: socket.socket) -> bool:
    """Whether `end` still took it."""
    try:
        end.sendall(block)
    except OSError:
        return False
    return True


def _received(one: socket.socket) -> bytes:
    try:
        return one.recv(_BLOCK)
    except OSError:
        return b""
