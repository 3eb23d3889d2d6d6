"""Which server this process talks to: the one of DEBITORA_DATABASE_URL, else our own in DEBITORA_HOME."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from debitora.kit.runtime import home

if TYPE_CHECKING:
    from debitora.kit.postgres import Server


@cache
def server() -> Server:
    """The server of this process, started and entered on first use; it is left when the process ends."""
    from debitora.kit.postgres import database

    return database(home(), os.environ.get("DEBITORA_DATABASE_URL"))


def credentials(role: str, dbname: str) -> dict[str, object]:
    """Django's connection settings (HOST, PORT, NAME, USER, PASSWORD) for one of our roles."""
    found = server().credentials(role, dbname)  # type: ignore[arg-type]
    return {
        "HOST": found.host,
        "PORT": str(found.port),
        "NAME": found.dbname,
        "USER": found.user,
        "PASSWORD": found.password,
    }
