"""The own server from the first start to the last leaver, with both kinds of programs."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from debitora.kit.tests.postgres_scenes import (
    Other,
    a_home,
    any_kind,
    ask,
    both_kinds,
    connect,
    enter,
    programs,
    runs,
)


@pytest.fixture
def home() -> Iterator[Path]:
    with a_home() as path:
        yield path


@both_kinds
def test_a_first_start_makes_a_private_cluster_with_checksums(home: Path, kind: str) -> None:
    server = enter(home, kind, fresh=True)
    settings = {
        "data_checksums": "on",
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "wal_compression": "off",
        "jit": "off",
        "max_wal_size": "4GB",
        "random_page_cost": "1.1",
        "fsync": "off",
        "server_encoding": "UTF8",
        "TimeZone": "UTC",
    }
    with connect(server) as connection:
        found = {
            name: connection.execute("select current_setting(%s)", [name]).fetchone()[0] for name in settings
        }
        locale = connection.execute(
            "select datcollate, datctype from pg_database where datname = 'template0'"
        ).fetchone()
        methods = connection.execute("select distinct auth_method from pg_hba_file_rules").fetchall()
    assert found == settings
    assert locale == ("C", "C.UTF-8")
    assert methods == [("scram-sha-256",)]
    assert server.version == programs(kind).major
    assert server.binaries == programs(kind).folder
    assert (home / "pg.password").stat().st_mode & 0o777 == 0o600
    assert (home / "pg" / "data").stat().st_mode & 0o777 == 0o700
    assert (home / "pg" / "socket").stat().st_mode & 0o777 == 0o700
    server.leave()


@both_kinds
def test_the_last_to_leave_stops_the_server_and_the_next_finds_the_data(home: Path, kind: str) -> None:
    first, second = enter(home, kind), enter(home, kind)
    with connect(first) as connection:
        connection.execute("create table kept as select 7 as number")
    first.leave()
    assert runs(home)
    second.leave()
    second.leave()
    assert not runs(home)
    third = enter(home, kind)
    assert ask(third, "select number from kept") == 7
    third.leave()


@both_kinds
def test_another_process_keeps_the_server_until_it_leaves(home: Path, kind: str) -> None:
    server = enter(home, kind)
    other = Other(home, kind)
    assert other.line() == f"entered {server.version}"
    server.leave()
    assert runs(home)
    other.leave()  # at the exit of its interpreter
    assert not runs(home)


@both_kinds
def test_a_killed_process_does_not_count_for_ever(home: Path, kind: str) -> None:
    server = enter(home, kind)
    other = Other(home, kind)
    other.line()
    other.kill()
    server.leave()
    assert not runs(home)


@both_kinds
def test_many_processes_at_once_make_one_cluster(home: Path, kind: str) -> None:
    programs(kind)
    others = [Other(home, kind) for _ in range(4)]
    assert len({other.line() for other in others}) == 1
    for other in others:
        other.leave()
    assert not runs(home)


@any_kind
def test_a_forked_child_shares_the_presence_of_its_parent(home: Path, kind: str) -> None:
    server = enter(home, kind)
    wait_for_parent, parent_left = os.pipe()
    child = os.fork()
    if child == 0:  # leaves twice: while the parent is present, and, having entered again, after it
        code = 1
        try:
            os.close(parent_left)
            os.read(wait_for_parent, 1)
            server.leave()
            code = 0
        finally:
            os._exit(code)
    os.close(wait_for_parent)
    server.leave()
    assert runs(home), "the child still uses the server"
    os.close(parent_left)
    assert os.waitpid(child, 0)[1] == 0
    assert not runs(home), "the child was the last"


@any_kind
def test_a_child_that_leaves_first_stops_nothing(home: Path, kind: str) -> None:
    server = enter(home, kind)
    child = os.fork()
    if child == 0:
        try:
            server.leave()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert ask(server, "select 1") == 1
    server.leave()
    assert not runs(home)


@any_kind
def test_a_durable_cluster_stays_durable(home: Path, kind: str) -> None:
    programs(kind)
    server = enter(home, kind, durable=True)
    server.leave()
    server = enter(home, kind)
    assert ask(server, "show fsync") == "on"
    server.leave()
