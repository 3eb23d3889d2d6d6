"""The sent journal: one synced line per thing that left the house, outside the database.

After a restore or failover it tells what the database has forgotten. DEBITORA_JOURNAL may put it on another disk.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from debitora.kit.runtime import home


def folder() -> Path:
    """Where the journals lie."""
    return Path(os.environ.get("DEBITORA_JOURNAL") or home() / "journal")


def write_line(*, company: int, line: str) -> None:
    """Append one line and sync it to disk before returning."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder() / f"sent-{company}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        os.write(descriptor, line.replace("\n", " ").encode() + b"\n")
        os.fdatasync(descriptor)
    finally:
        os.close(descriptor)


def lines(*, company: int) -> Iterator[str]:
    """The journal of a company, oldest first; a line that a crash cut short is left out."""
    place = folder() / f"sent-{company}.log"
    if place.exists():
        with place.open(encoding="utf-8", errors="replace") as file:
            yield from (line.rstrip("\n") for line in file if line.endswith("\n"))
