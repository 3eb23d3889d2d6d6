"""The only place that reads the clock and makes random ids. Both can be moved by tests and simulations."""

from __future__ import annotations

import os
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

_moved: ContextVar[datetime | None] = ContextVar("debitora_clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC; the moved clock where a test has moved it."""
    return _moved.get() or datetime.now(UTC)


def today(time_zone: str) -> date:
    """The calendar day it is now in an IANA time zone ("Europe/Berlin")."""
    return now().astimezone(ZoneInfo(time_zone)).date()


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at an aware moment within the block."""
    token = _moved.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _moved.reset(token)


def new_uuid() -> uuid.UUID:
    """A random UUID (version 4), for what leaves the house: message ids, intents' public names."""
    return uuid.UUID(bytes=secrets.token_bytes(16), version=4)


def new_token() -> str:
    """128 random bits as hexadecimal text, for claims and fences: never handed out twice, even after a crash."""
    return secrets.token_hex(16)


def home() -> Path:
    """The folder of this installation's data: DEBITORA_HOME, else ~/.debitora."""
    return Path(os.environ.get("DEBITORA_HOME") or Path.home() / ".debitora").absolute()
