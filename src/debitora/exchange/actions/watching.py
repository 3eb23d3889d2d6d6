"""A watched folder per source: files that a program drops there become imports, one each, without anybody pressing a key.

    <inbox>/<company code>/<items or customers>/<source>/       files arrive here
                                                        done/   applied, or nothing to do
                                                        held/   a person must look: the import waits on its page

The folder is the setting: whoever runs the installation makes it, and a source without a folder is not watched. A file that is
read as the source's files were read last, and against which no guard speaks, is applied; every other one waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from debitora.documents.models import Source
from debitora.exchange.actions.previewing import confirm_list, preview_list
from debitora.exchange.actions.taking import take_list
from debitora.exchange.models import ListImport
from debitora.exchange.queries import brought_already, newest_applied
from debitora.exchange.rules.movements import MOVEMENTS
from debitora.formats.tables import MAX_BYTES
from debitora.kit import arrivals
from debitora.kit.queue import defer
from debitora.people.models import Company
from debitora.trail.rules import Actor

DONE, HELD = "done", "held"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that lies in a source's folder and has stopped growing."""

    path: Path
    kind: str
    source: str
    written_at: datetime


def arrived(*, inbox: Path, company: Company, at: datetime) -> list[Arrived]:
    """The files that wait for a company, the oldest first. Links, hidden and unfinished files are left alone."""
    found: list[Arrived] = []
    for kind in Source.KINDS:
        for folder in _folders(inbox / company.code / kind):
            found += [
                Arrived(path, kind, folder.name, written) for written, path in arrivals.arrived(folder, at=at)
            ]
    return sorted(found, key=lambda each: (each.written_at, each.path))[: arrivals.MOST_AT_ONCE]


def take_arrived(*, company: Company, found: Arrived, by: Actor, at: datetime) -> str:
    """Take a file as its source's list of the day it was written, and move it to done/ or held/; returns which.

    The file is moved when its import is stored: a crash between leaves it lying there, and the next look finds its import.
    A file that grew while it was read is left for the next look ("").
    """
    try:
        data = arrivals.whole(found.path, most=MAX_BYTES)
    except arrivals.TooLarge:
        return _moved(found.path, HELD)
    if data is None:
        return ""
    day = company.day_at(found.written_at)
    with transaction.atomic():
        taken = _taken(company, found, data, day, by, at)
    return _moved(found.path, DONE if taken.state in ("applying", "applied", "nothing") else HELD)


def _taken(company: Company, found: Arrived, data: bytes, day: date, by: Actor, at: datetime) -> ListImport:
    """The import of the file: one that is there already, else a new one, given free where nothing speaks against it."""
    known = brought_already(kind=found.kind, source=found.source, data=data, as_of=day)
    if known is not None:
        return known
    taken = take_list(
        company=company,
        kind=found.kind,
        source=found.source,
        data=data,
        name=found.path.name,
        as_of=day,
        by=by,
        at=at,
    )
    if taken.state == "refused":
        return taken
    is_familiar = bool(taken.result.get("remembered")) or _brought_movements(company, taken)
    preview = preview_list(company=company, list_import=taken.id, at=at)
    taken.refresh_from_db()
    if preview.state == "previewed" and is_familiar:
        taken = confirm_list(company=company, list_import=taken.id, confirmed=False, by=by, at=at)
        defer("exchange.apply", company=company.id, list_import=taken.id)
    return taken


def _brought_movements(company: Company, taken: ListImport) -> bool:
    """Whether the source's newest applied import was one of movements: their columns are laid down, not remembered."""
    last = newest_applied(company=company.id, source=taken.source_id)
    return last is not None and last.result.get("shape") == MOVEMENTS


def _folders(above: Path) -> list[Path]:
    if not above.is_dir():
        return []
    return sorted(each for each in above.iterdir() if each.is_dir() and not each.is_symlink())


def _moved(path: Path, where: str) -> str:
    """Move the file into done/ or held/ beside it."""
    arrivals.moved(path, path.parent / where)
    return where
