"""Sockets that listen, shared by the web processes: whoever of them is free takes the next caller."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

Listening = socket.socket
_BACKLOG: Final = 1024
"""So many callers may wait to be accepted."""


@contextmanager
def listening(host: str, port: int) -> Iterator[Listening]:
    """A socket on an address, port 0 for any; raises OSError where that cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=_BACKLOG) as made:
        made.setblocking(False)  # several wait for the same caller, and only one gets him
        yield made


def inherited(number: int) -> Listening:
    """The socket that a process was started with, by its number among open files."""
    return socket.socket(fileno=number)
