"""Commands that keep what an installation knows, and let go what is kept long enough: backup, restore, prune.

A backup is a folder: the database, the documents, and a note that is written last and without which it is not taken for
whole. It holds personal data and is not encrypted. What stays behind on purpose: the installation's id, so that a copy
never sends, the journal of what was sent, which tells after a restore what the database has forgotten, and the secret
key, without which the password of the mail server cannot be read.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from debitora.cli.answers import DONE, Refused, UsageError
from debitora.cli.speaking import actor_of, say
from debitora.dunning.actions import DecisionsInUse, drop_old_months
from debitora.dunning.rules.keeping import FEWEST, KeptTooShort
from debitora.kit.instance import forget_instance
from debitora.kit.pg.cluster import server
from debitora.kit.postgres import backup as database
from debitora.kit.runtime import home, now, today

_DUMP, _DOCUMENTS, _NOTE = "database.dump", "documents", "backup.json"


def backup(args: Namespace) -> int:
    """Write the database, then the documents: each document that the database names was there before it was read."""
    target = Path(args.folder)
    with _disk_faults():
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise Refused(f"{target} is not empty; name a new folder")
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        archive = database.backup(server(), target / _DUMP, dbname=_name())
        documents = _copy_documents(home() / _DOCUMENTS, target / _DOCUMENTS)
        note = {
            "made_at": now().isoformat(timespec="seconds"),
            "sha256": archive.sha256,
            "documents": documents,
        }
        (target / _NOTE).write_text(json.dumps(note, indent=2) + "\n")
    print(f"{target}: database of {archive.bytes} bytes, {documents} documents")
    print("Not in it: the secret key and the sent journal. Keep both elsewhere.")
    return DONE


def restore(args: Namespace) -> int:
    """Bring a backup back. Sending stays locked until an operator confirms that this is no second installation.

    The lock falls before the database is exchanged, so that no running worker sends from the restored one.
    """
    source = Path(args.folder)
    with _disk_faults():
        note = _note_of(source)
        _copy_documents(source / _DOCUMENTS, home() / _DOCUMENTS)
        with forget_instance():
            connection.close()
            restored = database.restore(server(), source / _DUMP, dbname=_name())
    print(
        f"Restored the state of {note['made_at']} ({_age(str(note['made_at']))} old, {restored.bytes} bytes)."
    )
    print("Sending is locked: this installation does not know what was sent after the backup.")
    print("`debitora confirm-installation` shows what the sent journal knows of it, and gives sending free.")
    return DONE


def prune(args: Namespace) -> int:
    """Drop decisions of runs, month by month, as their owner: no other role of ours may. Each is a record of the trail."""
    on, keep = today("UTC"), settings.KEEP_DECISIONS
    try:
        gone = drop_old_months(on=on, keep=keep, by=actor_of(args), at=now(), dry=args.dry_run)
    except KeptTooShort:
        raise UsageError(f"DEBITORA_KEEP_DECISIONS is {keep}; the fewest months are {FEWEST}") from None
    except DecisionsInUse as month:
        raise Refused(f"others work with decisions and hold those of {month}; try again later") from None
    dropped = [
        {
            "month": f"{one.month:%Y-%m}",
            "companies": len(one.decisions),
            "decisions": sum(one.decisions.values()),
        }
        for one in gone
    ]
    say({"dry_run": args.dry_run, "kept_months": keep, "dropped": dropped}, as_json=args.json)
    return DONE


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _note_of(source: Path) -> dict[str, object]:
    """The backup's note. Raises Refused if it is missing, or the database file is not the one it speaks of."""
    try:
        note: dict[str, object] = json.loads((source / _NOTE).read_text())
    except (OSError, ValueError):
        raise Refused(f"{source} is no complete backup: {_NOTE} is missing or unreadable") from None
    with (source / _DUMP).open("rb") as dump:
        if hashlib.file_digest(dump, "sha256").hexdigest() != note.get("sha256"):
            raise Refused(f"{source / _DUMP} is not the file that was written: it was changed or cut short")
    return note


def _copy_documents(origin: Path, target: Path) -> int:
    """Copy what is not there yet: documents lie under their hash, so the same name is the same content."""
    if not origin.exists():
        return 0
    shutil.copytree(origin, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*"))
    return sum(1 for place in target.rglob("*") if place.is_file())


def _age(made_at: str) -> str:
    return str(now() - datetime.fromisoformat(made_at)).partition(".")[0]


@contextmanager
def _disk_faults() -> Iterator[None]:
    """A full disk or a folder without permission is said, not shown as a traceback."""
    try:
        yield
    except (OSError, shutil.Error) as problem:
        raise Refused(f"the files could not be written or read: {problem}") from None
