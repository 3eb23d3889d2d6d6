"""Folders into which other programs put files: what has arrived there whole, and out of the way once it is taken.

The folder is the setting: whoever runs the installation makes it. Links, hidden and unfinished files are left alone.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Final

MOST_AT_ONCE: Final = 20
"""Files of one look into a folder; the next minute's look goes on."""
INBOX: Final = "inbox"
"""The folder of all that arrives, in the home: a folder per company, a folder per kind."""
QUIET: Final = timedelta(seconds=60)
"""A file that was not written for so long has stopped growing."""
_UNFINISHED: Final = (".part", ".tmp", ".filepart", ".crdownload", ".swp", "~")


def files(folder: Path) -> list[Path]:
    """What lies in a folder, by name; nothing where there is no folder, or a link."""
    if folder.is_symlink() or not folder.is_dir():
        return []
    return sorted(
        each
        for each in folder.iterdir()
        if not each.is_symlink()
        and each.is_file()
        and not each.name.startswith(".")
        and not each.name.lower().endswith(_UNFINISHED)
    )


def arrived(folder: Path, *, at: datetime) -> list[tuple[datetime, Path]]:
    """The files of a folder that have stopped growing, each with the moment it was written last."""
    found = []
    for each in files(folder):
        with suppress(FileNotFoundError):  # its owner moved it meanwhile
            moment = written(each, at.tzinfo)
            found += [(moment, each)] if moment <= at - QUIET else []
    return found


def written(path: Path, zone: tzinfo | None) -> datetime:
    """When a file was written last."""
    return datetime.fromtimestamp(path.stat().st_mtime, tz=zone)


class TooLarge(Exception):
    """The file is larger than what is read."""


def whole(path: Path, *, most: int) -> bytes | None:
    """The bytes of a file that nobody writes to meanwhile; None: it grew, and is looked at another time.

    Raises TooLarge where it has more than `most` bytes, and OSError where its owner took it away.
    """
    before = path.stat()
    if before.st_size > most:
        raise TooLarge(path.name)
    data = path.read_bytes()
    after = path.stat()
    grew = (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns)
    return None if grew else data


def moved(path: Path, folder: Path) -> Path:
    """Move a file into a folder, made where it is missing, under a name that is free there; returns its new place."""
    folder.mkdir(exist_ok=True)
    target, number = folder / path.name, 1
    while target.exists():
        number += 1
        target = folder / f"{path.stem} ({number}){path.suffix}"
    path.replace(target)
    return target
