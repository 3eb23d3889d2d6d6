"""Folders in which other programs fetch files: DEBITORA_OUTBOX, else `outbox` in the home; a folder per company and purpose.

The folder is the setting: whoever runs the installation makes it, and nobody else can name one. A reader never sees half a
file: it is written and synced under a hidden name, then renamed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from debitora.kit.runtime import home


class NoOutbox(Exception):
    """The folder is not there, or is a link to somewhere else."""


def folder(*, company_code: str, purpose: str) -> Path:
    """The folder of a company for a purpose. Raises NoOutbox."""
    root = Path(os.environ.get("DEBITORA_OUTBOX") or home() / "outbox")
    place = root / company_code / purpose
    if place.is_symlink() or place.parent.is_symlink() or not place.is_dir():
        raise NoOutbox(str(place))
    return place


def prepare(place: Path, files: Mapping[str, bytes]) -> None:
    """Write files under hidden names and sync them, in place of what an earlier attempt left. Raises OSError."""
    for name, data in files.items():
        draft = _draft(place, name)
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


def publish(place: Path, name: str) -> None:
    """Let others see a prepared file; on return its name is synced. Raises OSError."""
    _draft(place, name).rename(place / name)
    descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def discard(place: Path, names: list[str]) -> None:
    """Remove what was prepared and not published."""
    for name in names:
        _draft(place, name).unlink(missing_ok=True)


def _draft(place: Path, name: str) -> Path:
    return place / f".{name}.part"
