"""The ways to a server: our own, entered by processes, or one that an address names."""

import atexit
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from debitora.kit.postgres.binaries import OLDEST, Origin
from debitora.kit.postgres.cluster import Cluster
from debitora.kit.postgres.credentials import Credentials
from debitora.kit.postgres.errors import PasswordRefused, ServerTooOld
from debitora.kit.postgres.places import find_places, open_home, prepare, socket_folder
from debitora.kit.postgres.private import Presence, exclusively
from debitora.kit.postgres.roles import ensure_roles_and_database
from debitora.kit.postgres.servant import find_servant
from debitora.kit.postgres.server import DATABASE, Server

MAINTENANCE = ("postgres", "template1")  # names in an address that mean the server, not a database for us
ADDRESS = frozenset({"host", "port", "dbname", "user", "password"})


def database(home: Path, url: str | None, *, name: str | None = None) -> Server:
    """This will give the server of `url`, else our own in `home`, with the roles and the database `name`.

    Without a name it is the one of `database_name`. Raises DatabaseProblem; see `serve`, `external` and
    `ensure_roles_and_database`.
    """
    server = external(home, url) if url else serve(home)
    server.database = name or server.database
    ensure_roles_and_database(server, server.database)
    return server


def database_name(url: str | None) -> str:
    """The database that an address asks for; `debitora` when it names none, or only the maintenance one."""
    named = _settings(url).get("dbname", DATABASE) if url else DATABASE
    return DATABASE if named in MAINTENANCE else str(named)


def serve(home: Path, *, durable: bool = True, prefer: Origin | None = None) -> Server:
    """This will enter the server of `home`, made and started when needed, and stay until `leave` or the exit.

    `durable=False` gives up what was committed last before a kill or a power cut, for throw-away clusters of
    tests: it holds for a cluster that was made so; one made durable stays durable. `prefer` chooses the
    programs for a new cluster; an existing one gets those of its major version. Raises DatabaseProblem, with
    a subclass for each way in which that can fail.
    """
    home = open_home(home)
    with exclusively(home / "pg.lock"):
        cluster = _cluster(home, prefer)
        presence = Presence(cluster.places.users_lock)
        try:
            cluster.ensure_running(durable=durable)
            version = cluster.version()
        except BaseException:
            presence.end()
            raise
    server = Server(
        home=home,
        administrator=cluster.credentials(),
        version=version // 10_000,
        cluster=cluster,
        presence=presence,
        durable=durable,
    )
    atexit.register(server.leave)
    return server


def _cluster(home: Path, prefer: Origin | None) -> Cluster:
    places = find_places(home)
    servant = find_servant(places.data)
    places = prepare(places, servant)
    return Cluster(places=places, servant=servant, socket=socket_folder(places, servant), prefer=prefer)


def external(home: Path, url: str) -> Server:
    """This will connect to the server of `url` and keep its address; `home` keeps the passwords of the roles.

    Raises PasswordRefused, also when there is no connection at all, and ServerTooOld.
    """
    asked = _settings(url)
    with _first_connection(asked) as connection:
        info = connection.info
        version = info.server_version // 10_000
        if version < OLDEST:
            raise ServerTooOld(f"The server runs PostgreSQL {version}; Debitora needs {OLDEST} or newer.")
        options = tuple(sorted((key, value) for key, value in asked.items() if key not in ADDRESS))
        return Server(
            home=open_home(home),
            administrator=Credentials(
                info.host, info.port, info.dbname, info.user, info.password or "", options
            ),
            version=version,
            database=database_name(url),
        )


def _settings(url: str) -> dict[str, Any]:
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as unreadable:
        raise PasswordRefused(
            f"DEBITORA_DATABASE_URL is not an address like postgresql://user:password@host:5432/debitora: {unreadable}"
        ) from unreadable
    return {"connect_timeout": "10", **{key: str(value) for key, value in parts.items() if value is not None}}


def _first_connection(asked: dict[str, Any]) -> "psycopg.Connection[Any]":
    """The maintenance database when it lets us in, because ours may not exist yet; else the named one."""
    named = asked.get("dbname", "postgres")
    try:
        return psycopg.connect("", **{**asked, "dbname": "postgres"})
    except psycopg.OperationalError as refused:
        problem = refused
    try:
        return psycopg.connect("", **{**asked, "dbname": named})
    except psycopg.OperationalError:
        raise PasswordRefused(
            f"DEBITORA_DATABASE_URL leads to no server that lets us in: {problem}"
        ) from problem
