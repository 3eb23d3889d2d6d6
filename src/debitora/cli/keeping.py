"""Commands that keep what an installation knows: backup and restore."""

from __future__ import annotations

import shutil
from argparse import Namespace
from pathlib import Path

from debitora.cli.main import DONE, REFUSED
from debitora.cli.speaking import complain
from debitora.kit.pg.cluster import server
from debitora.kit.postgres import backup as database
from debitora.kit.runtime import home

_DUMP, _DOCUMENTS = "database.dump", "documents"


def backup(args: Namespace) -> int:
    """Write the database and the document store into a new folder. The instance id stays behind on purpose."""
    target = Path(args.folder)
    if target.exists() and any(target.iterdir()):
        complain(f"{target} is not empty; name a new folder")
        return REFUSED
    target.mkdir(parents=True, exist_ok=True)
    facts = database.backup(server(), target / _DUMP)
    if (home() / _DOCUMENTS).exists():
        shutil.copytree(home() / _DOCUMENTS, target / _DOCUMENTS)
    print(f"{target}: {facts}")
    return DONE


def restore(args: Namespace) -> int:
    """Bring a backup back. Sending stays locked until an operator confirms that this is no second installation."""
    source = Path(args.folder)
    if not (source / _DUMP).exists():
        complain(f"{source} holds no {_DUMP}")
        return REFUSED
    database.restore(server(), source / _DUMP)
    if (source / _DOCUMENTS).exists():
        shutil.copytree(source / _DOCUMENTS, home() / _DOCUMENTS, dirs_exist_ok=True)
    (home() / "instance-id").unlink(missing_ok=True)
    print("Restored. Sending is locked: this installation does not know what was sent after the backup.")
    return DONE
