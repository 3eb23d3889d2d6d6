"""Texts that a domain publishes (DNS records of kind TXT), asked of the system's name server. Nothing else of DNS."""

from __future__ import annotations

import secrets
import socket
import struct
from pathlib import Path
from typing import Final

from django.conf import settings

_TXT: Final = 16
_IN: Final = 1
_NO_SUCH_NAME: Final = 3
_PORT: Final = 53
_PATIENCE: Final = 2.0
"""Seconds for one answer."""
_TRIES: Final = 2
_MOST_ANSWERS: Final = 100


class DnsUnreachable(Exception):
    """No name server gave an answer that can be used; nothing is known of the name."""


def texts_at(name: str) -> tuple[str, ...]:
    """The texts published at a name in ASCII, none if the name is not there. Raises DnsUnreachable."""
    try:
        question = _question(name)
    except (UnicodeError, ValueError):
        return ()
    for server in _servers() * _TRIES:
        number = secrets.randbelow(1 << 16)
        try:
            return _read(
                _asked(server, struct.pack(">HHHHHH", number, 0x0100, 1, 0, 0, 0) + question), number
            )
        except (OSError, ValueError, struct.error, IndexError):
            continue
    raise DnsUnreachable(name)


def _servers() -> list[tuple[str, int]]:
    """The setting DNS_SERVER (host:port), else those of /etc/resolv.conf."""
    if settings.DNS_SERVER:
        host, _, port = settings.DNS_SERVER.rpartition(":")
        return [(host, int(port))]
    try:
        lines = Path("/etc/resolv.conf").read_text("utf-8").splitlines()
    except OSError:
        return []
    return [(line.split()[1], _PORT) for line in lines if line.startswith("nameserver ")]


def _question(name: str) -> bytes:
    labels = [label.encode("ascii") for label in name.strip(".").split(".")]
    if not all(0 < len(label) < 64 for label in labels):
        raise ValueError(name)
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0" + struct.pack(">HH", _TXT, _IN)


def _asked(server: tuple[str, int], message: bytes) -> bytes:
    """The answer by UDP, or by TCP where it was cut short."""
    family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as line:
        line.settimeout(_PATIENCE)
        line.connect(server)
        line.send(message)
        answer = line.recv(4096)
    if not answer[2] & 0x02:
        return answer
    with socket.create_connection(server, timeout=_PATIENCE) as stream, stream.makefile("rb") as read:
        stream.sendall(struct.pack(">H", len(message)) + message)
        (length,) = struct.unpack(">H", read.read(2))
        return read.read(length)


def _read(answer: bytes, number: int) -> tuple[str, ...]:
    """The texts in an answer. Raises ValueError where it is none, or says that the server could not find out."""
    found, flags, questions, answers, _authorities, _more = struct.unpack(">HHHHHH", answer[:12])
    if found != number or not flags & 0x8000:
        raise ValueError("no answer to what was asked")
    if flags & 0xF == _NO_SUCH_NAME:
        return ()
    if flags & 0xF:
        raise ValueError("the server does not know")
    place = 12
    for _ in range(questions):
        place = _past_name(answer, place) + 4
    texts = []
    for _ in range(min(answers, _MOST_ANSWERS)):
        place = _past_name(answer, place)
        kind, _class, _seconds, length = struct.unpack(">HHIH", answer[place : place + 10])
        place += 10
        if kind == _TXT:
            texts.append(_text(answer[place : place + length]))
        place += length
    return tuple(texts)


def _past_name(answer: bytes, place: int) -> int:
    """Where a name ends that begins here: in a zero, or in a pointer of two bytes."""
    while answer[place]:
        if answer[place] >= 0xC0:
            return place + 2
        place += answer[place] + 1
    return place + 1


def _text(data: bytes) -> str:
    """A record's pieces, each with its length before it, joined as they are meant."""
    pieces, place = [], 0
    while place < len(data):
        pieces.append(data[place + 1 : place + 1 + data[place]])
        place += data[place] + 1
    return b"".join(pieces).decode("utf-8", "replace")
