"""Which server this process talks to: the one of DEBITORA_DATABASE_URL, else our own in DEBITORA_HOME."""

from __future__ import annotations

import os

from debitora.kit.postgres import RoleName, Server, database
from debitora.kit.runtime import home

_chosen: list[Server] = []


def use(chosen: Server) -> None:
    """Talk to this server from now on (tests hand in their throw-away one)."""
    _chosen[:] = [chosen]


def server() -> Server:
    """The server of this process, started and entered on first use; it is left when the process ends."""
    if not _chosen:
        named = os.environ.get("DEBITORA_DATABASE_NAME")
        use(database(home(), os.environ.get("DEBITORA_DATABASE_URL"), name=named))
    return _chosen[0]


def credentials(role: RoleName, dbname: str) -> dict[str, object]:
    """Django's connection settings (HOST, PORT, NAME, USER, PASSWORD) for one of our roles; further ones of the address,
    such as sslmode, are OPTIONS."""
    found = server().credentials(role, dbname)
    return {
        "HOST": found.host,
        "PORT": str(found.port),
        "NAME": found.dbname,
        "USER": found.user,
        "PASSWORD": found.password,
        **({"OPTIONS": dict(found.options)} if found.options else {}),
    }
