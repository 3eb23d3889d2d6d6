"""The sent journal: one synced line per thing that left the house, outside the database.

After a restore or failover it tells what the database has forgotten. DEBITORA_JOURNAL may put it on another disk.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from debitora.kit.runtime import home

_CUT_SHORT = b" (cut short)"


class JournalNotWritten(Exception):
    """The disk took only a part of the line; what a crash leaves half is closed by the next line."""


def folder() -> Path:
    """Where the journals lie."""
    return Path(os.environ.get("DEBITORA_JOURNAL") or home() / "journal")


def write_line(*, company: int, line: str) -> None:
    """Append one line and sync it to disk before returning. Raises OSError and JournalNotWritten."""
    place = _place(company)
    fresh = not place.exists()
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(place, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        _append(descriptor, " ".join(line.splitlines()).encode() + b"\n")
    finally:
        os.close(descriptor)
    if fresh:
        _sync_folder(place.parent)


def lines(*, company: int) -> Iterator[str]:
    """The journal of a company, oldest first; a line that a crash cut short is left out."""
    place = _place(company)
    if place.exists():
        with place.open(encoding="utf-8", errors="replace") as file:
            yield from (line.rstrip("\n") for line in file if _is_whole(line))


def _is_whole(line: str) -> bool:
    return line.endswith("\n") and not line.endswith(f"{_CUT_SHORT.decode()}\n")


def _place(company: int) -> Path:
    return folder() / f"sent-{int(company)}.log"


def _append(descriptor: int, data: bytes) -> None:
    """Write whole lines only: one that a crash cut short is ended first, so that it cannot swallow the next."""
    end = os.lseek(descriptor, 0, os.SEEK_END)
    if end and os.pread(descriptor, 1, end - 1) != b"\n":
        data = _CUT_SHORT + b"\n" + data
    written = os.write(descriptor, data)
    if written != len(data):
        raise JournalNotWritten(f"{written} of {len(data)} bytes")
    os.fdatasync(descriptor)


def _sync_folder(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
