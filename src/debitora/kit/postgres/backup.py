"""Backup and restore of one database, in PostgreSQL's custom archive format.

A restore never touches the running database until its successor is complete: it fills a new one and then
exchanges the names. The replaced database stays as `<name>_replaced` until the next restore.
"""

import hashlib
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from debitora.kit.postgres.credentials import Credentials, RoleName
from debitora.kit.postgres.errors import BackupFailed, BackupUnreadable, RestoreFailed
from debitora.kit.postgres.roles import ensure_roles_and_database
from debitora.kit.postgres.servant import SEARCH_PATH
from debitora.kit.postgres.server import Server

JOBS = 2  # tables and indexes that pg_restore builds at once


@dataclass(frozen=True, slots=True)
class Archive:
    """A backup file: its length in bytes and the SHA-256 of its content in hexadecimal digits."""

    path: Path
    bytes: int
    sha256: str


def backup(server: Server, target: Path, *, dbname: str | None = None) -> Archive:
    """This will write the database, as one consistent moment of it, to `target`, readable by its owner only.

    The file appears complete and flushed to disk, or not at all. It is read as the owner role, whom row-level
    security does not bind. It holds personal data and is not encrypted. Raises BackupFailed with pg_dump's
    words.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    owner = server.credentials("owner", dbname)
    try:
        done = _run(server, "pg_dump", ["--format=custom", f"--file={draft}"], owner)
        if done.returncode:
            raise BackupFailed(f"pg_dump stopped: {done.stderr.strip()}")
        facts = _facts(draft)
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    _flush(target.parent)
    return Archive(path=target, bytes=facts.bytes, sha256=facts.sha256)


def restore(server: Server, source: Path, *, dbname: str | None = None) -> Archive:
    """This will put the content of `source` in the place of the database, and end all other sessions in it.

    The roles are made when they are missing, so a new server will do. Raises BackupUnreadable and
    RestoreFailed; in both cases the database is as it was.
    """
    name = dbname or server.database
    if not source.is_file():
        raise BackupUnreadable(f"{source} is not a file.")
    contents = _run(server, "pg_restore", ["--list", str(source)])
    if contents.returncode:
        raise BackupUnreadable(
            f"{source} is not a backup that pg_restore can read: {contents.stderr.strip()}"
        )
    facts = _facts(source)
    ensure_roles_and_database(server, name)
    successor, replaced = f"{name}_restoring", f"{name}_replaced"
    _create_empty(server, successor)
    arguments = ["--exit-on-error", "--no-owner", f"--jobs={JOBS}", str(source)]
    done = _run(server, "pg_restore", arguments, server.credentials("owner", successor))
    if done.returncode:
        _drop(server, successor)
        raise RestoreFailed(f"pg_restore stopped, the database is as it was: {done.stderr.strip()}")
    ensure_roles_and_database(server, successor)
    with psycopg.connect(**server.credentials("owner", successor).kwargs(), autocommit=True) as connection:
        connection.execute("analyze")  # an archive carries no statistics
    _drop(server, replaced)
    _exchange(server, name, successor, replaced)
    return facts


def _run(
    server: Server, program: str, arguments: Sequence[str], credentials: Credentials | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs a client program; the password goes through the environment, which only our account may read."""
    environment = {"PATH": SEARCH_PATH, "LC_ALL": "C.UTF-8", "HOME": os.environ.get("HOME", "/")}
    if credentials:
        arguments = [f"--dbname={credentials.conninfo()}", "--no-password", *arguments]
        environment["PGPASSWORD"] = credentials.password
    return subprocess.run(
        [server.binaries / program, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        umask=0o077,
        env=environment,
    )


def _facts(path: Path) -> Archive:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
        return Archive(path=path, bytes=file.tell(), sha256=digest)


def _flush(folder: Path) -> None:
    """Makes a rename in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _create_empty(server: Server, name: str) -> None:
    _drop(server, name)
    with _maintaining(server, "owner") as connection:
        statement = "create database {} template template0 encoding 'UTF8'"
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def _drop(server: Server, name: str) -> None:
    with _maintaining(server, "owner") as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _exchange(server: Server, name: str, successor: str, replaced: str) -> None:
    """The new database takes the name, in one transaction. Nobody may be connected to a database that is
    renamed, so it is closed to newcomers first and its sessions are ended."""
    with _maintaining(server, "owner") as connection:
        _admit(connection, name, newcomers=False)
        try:
            _end_sessions(server, name, successor)
            with connection.transaction():
                rename = sql.SQL("alter database {} rename to {}")
                connection.execute(rename.format(sql.Identifier(name), sql.Identifier(replaced)))
                connection.execute(rename.format(sql.Identifier(successor), sql.Identifier(name)))
        except psycopg.Error as refused:
            _admit(connection, name, newcomers=True)
            raise RestoreFailed(
                f"The database could not be exchanged and is as it was: {refused}"
            ) from refused
        _admit(connection, replaced, newcomers=True)


def _admit(connection: psycopg.Connection[Any], name: str, *, newcomers: bool) -> None:
    answer = sql.SQL("true" if newcomers else "false")
    connection.execute(sql.SQL("alter database {} allow_connections {}").format(sql.Identifier(name), answer))


def _end_sessions(server: Server, *names: str) -> None:
    """Ends them and waits up to ten seconds for each. The owner may not end the sessions of other roles."""
    with _maintaining(server, "superuser") as connection:
        connection.execute(
            "select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = any(%s)",
            [list(names)],
        )


def _maintaining(server: Server, role: RoleName) -> psycopg.Connection[Any]:
    return psycopg.connect(**server.credentials(role, server.maintenance).kwargs(), autocommit=True)
