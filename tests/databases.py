"""Databases for tests: commands of the superuser, clones of the template, and a database of one's own to live in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from debitora.kit.postgres import Server


def as_superuser(server: Server, *statements: str) -> None:
    """Say statements to the server, each committed by itself, beside every wall."""
    with psycopg.connect(**server.credentials("superuser", "postgres").kwargs(), autocommit=True) as session:
        for statement in statements:
            session.execute(statement.encode())


def exists(server: Server, name: str) -> bool:
    """Whether the server has a database of this name."""
    with psycopg.connect(**server.credentials("superuser", "postgres").kwargs()) as session:
        return session.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is not None


def clone(server: Server, template: str, name: str) -> None:
    """Put a fresh clone of a database in the place of another."""
    drop(server, name)
    as_superuser(server, f"create database {name} owner debitora_owner template {template} strategy wal_log")


def drop(server: Server, name: str) -> None:
    """Drop a database, whoever is still connected to it."""
    as_superuser(server, f"drop database if exists {name} with (force)")


@contextmanager
def own_database(server: Server, template: str, name: str, home: Path) -> Iterator[None]:
    """Let this process live in a fresh clone of a database, with a home of its own; both are left afterwards."""
    from django.db import connections

    connections.close_all()
    clone(server, template, name)
    with ExitStack() as undo:
        undo.callback(drop, server, name)
        undo.enter_context(living_in(name, home))
        yield


@contextmanager
def living_in(name: str, home: Path) -> Iterator[None]:
    """Let this process, and those that it starts, speak to another database and keep files in another home."""
    from django.db import connection, connections

    connections.close_all()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(connection.settings_dict, "NAME", name)
        patch.setitem(os.environ, "DEBITORA_DATABASE_NAME", name)
        patch.setitem(os.environ, "DEBITORA_HOME", str(home))
        try:
            yield
        finally:
            connections.close_all()
