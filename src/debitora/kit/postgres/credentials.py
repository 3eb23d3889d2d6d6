"""With which name and password a role reaches a database, and where those passwords are kept."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import quote, urlencode

from psycopg.conninfo import make_conninfo

from debitora.kit.postgres.private import private_text

RoleName = Literal["owner", "app", "dispatcher", "checker", "superuser"]

# The roles that Debitora makes; the superuser is the administrator of the server and has no fixed name.
USERS: Mapping[RoleName, str] = MappingProxyType(
    {
        "owner": "debitora_owner",
        "app": "debitora_app",
        "dispatcher": "debitora_dispatcher",
        "checker": "debitora_checker",
    }
)


@dataclass(frozen=True)
class Credentials:
    """What a client needs to connect. `host` is a name or a socket folder; `options` are more of libpq's settings.

    The password is left out of the representation, so that it reaches no log.
    """

    host: str
    port: int
    dbname: str
    user: str
    password: str
    options: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return f"Credentials({self.user}@{self.host}:{self.port}/{self.dbname})"

    def url(self) -> str:
        """The address in the form of libpq: `postgresql://user:password@host:port/dbname?option=value`."""
        account = quote(self.user, safe="")
        if self.password:
            account += ":" + quote(self.password, safe="")
        address = ":" in self.host and not self.host.startswith("/")
        host = f"[{self.host}]" if address else quote(self.host, safe="")
        query = "?" + urlencode(self.options, quote_via=quote) if self.options else ""
        return f"postgresql://{account}@{host}:{self.port}/{quote(self.dbname, safe='')}{query}"

    def kwargs(self) -> dict[str, Any]:
        """The keyword arguments of `psycopg.connect`; an empty password is left to libpq (pgpass, peer)."""
        named: dict[str, Any] = {
            **dict(self.options),
            "host": self.host,
            "port": self.port,
            "dbname": self.dbname,
            "user": self.user,
        }
        if self.password:
            named["password"] = self.password
        return named

    def conninfo(self) -> str:
        """The same as one string of `key=value` pairs, without the password: fit for a command line."""
        named = self.kwargs()
        named.pop("password", None)
        return make_conninfo("", **named)


def role_passwords(home: Path) -> Mapping[str, str]:
    """This will give the password of each role in USERS, made once per home and kept in `roles.json` (0600).

    A second machine that uses the same external server needs a copy of that file.
    """

    def invent() -> str:
        return json.dumps({role: new_password() for role in USERS}, indent=2) + "\n"

    kept: dict[str, str] = json.loads(private_text(home / "roles.json", invent))
    return kept


def new_password() -> str:
    """192 random bits as hexadecimal digits: nothing in it needs quoting anywhere."""
    return os.urandom(24).hex()
