"""A running server as the rest of Debitora sees it: credentials, programs, and the end of our presence."""

import atexit
from pathlib import Path

from debitora.kit.postgres.binaries import candidates
from debitora.kit.postgres.cluster import Cluster
from debitora.kit.postgres.credentials import USERS, Credentials, RoleName, role_passwords
from debitora.kit.postgres.errors import NoBinariesFound
from debitora.kit.postgres.private import Presence, exclusively

DATABASE = "debitora"


class Server:
    """A running PostgreSQL. `version` is its major version; `database` is where Debitora's tables are.

    A server of our own runs as long as a process is present. Presence ends with `leave`, at the end of the
    interpreter, or by the kernel when the process is killed; the last to *leave* stops the server, so after a
    kill -9 of the last process it runs until the next one leaves. SIGTERM without a handler ends Python
    without `leave`: long-running commands turn it into SystemExit.

    After a fork, parent and child share one presence, which ends when both have left or ended. A child may
    call `leave` (the inherited exit handler does): that only gives back its own share and never stops a
    server that the parent uses.
    """

    def __init__(
        self,
        *,
        home: Path,
        administrator: Credentials,
        version: int,
        database: str = DATABASE,
        cluster: Cluster | None = None,
        presence: Presence | None = None,
        durable: bool = True,
    ) -> None:
        self.home = home
        self.version = version
        self.database = database
        self._administrator = administrator
        self._cluster = cluster
        self._presence = presence
        self._durable = durable

    @property
    def ours(self) -> bool:
        """Whether Debitora runs this server itself."""
        return self._cluster is not None

    @property
    def maintenance(self) -> str:
        """The database that is there before ours: where roles and databases are made."""
        return self._administrator.dbname

    @property
    def binaries(self) -> Path:
        """The folder with pg_dump and pg_restore that fit the server. Raises NoBinariesFound."""
        if self._cluster is not None:
            return self._cluster.binaries().folder
        for each in sorted(candidates(), key=lambda each: each.major):
            if each.major >= self.version and (each.folder / "pg_dump").exists():
                return each.folder
        raise NoBinariesFound

    def credentials(self, role: RoleName, dbname: str | None = None) -> Credentials:
        """How `role` reaches the database `dbname`, by default Debitora's own. `superuser` is whoever
        administers the server: `postgres` on our own, the account in the address on another."""
        admin = self._administrator
        user, password = (
            (admin.user, admin.password)
            if role == "superuser"
            else (USERS[role], role_passwords(self.home)[role])
        )
        return Credentials(admin.host, admin.port, dbname or self.database, user, password, admin.options)

    def revive(self) -> None:
        """This will start our own server again if it was killed while we were present.

        Raises ServerNotStarted.
        """
        if self._cluster is not None and self._presence is not None:
            with exclusively(self._cluster.places.start_lock):
                self._cluster.ensure_running(durable=self._durable)

    def leave(self) -> None:
        """This will end our presence, and stop the server when nobody else is present. Safe to call twice."""
        atexit.unregister(self.leave)
        presence, self._presence = self._presence, None
        if self._cluster is None or presence is None:
            return
        presence.end()
        places = self._cluster.places
        if not places.home.exists():  # removed under our feet; the server notices by itself
            return
        with exclusively(places.start_lock):
            if not presence.others():
                self._cluster.stop()
