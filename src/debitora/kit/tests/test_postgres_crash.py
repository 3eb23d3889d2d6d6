"""What a killed server, a killed initdb and stale files leave behind is noticed and healed, with both kinds
of programs."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from debitora.kit.postgres.processes import find_processes, lives
from debitora.kit.tests.postgres_scenes import (
    Other,
    a_home,
    any_kind,
    ask,
    both_kinds,
    connect,
    enter,
    postmaster,
    runs,
)

ENDLESS = b"do $$ begin loop null; end loop; end $$"


@pytest.fixture
def home() -> Iterator[Path]:
    with a_home() as path:
        yield path


@both_kinds
def test_a_killed_server_is_started_again_by_the_next_process(home: Path, kind: str) -> None:
    first = enter(home, kind, durable=True)
    with connect(first) as connection:
        connection.execute("create table kept as select 7 as number")
    os.kill(postmaster(home), signal.SIGKILL)
    second = enter(home, kind)
    assert ask(second, "select number from kept") == 7
    assert ask(first, "select number from kept") == 7, "the earlier user reaches it as before"
    second.leave()
    assert runs(home)
    first.leave()
    assert not runs(home)


@both_kinds
def test_a_busy_backend_of_a_killed_server_is_ended_first(home: Path, kind: str) -> None:
    first = enter(home, kind, durable=True)
    with connect(first) as connection:
        connection.execute("create table kept as select 7 as number")
    with closing(connect(first)) as busy:
        orphan = busy.info.backend_pid
        busy.pgconn.send_query(ENDLESS)
        while not ask(
            first, f"select count(*) from pg_stat_activity where pid = {orphan} and state = 'active'"
        ):
            pass
        leader = postmaster(home)
        os.kill(leader, signal.SIGKILL)
        while lives(leader, home / "pg" / "data"):
            pass
        assert orphan in find_processes(home / "pg" / "data").orphans, "the control: it outlives its server"
        second = enter(home, kind)
        assert ask(second, "select number from kept") == 7
    second.leave()
    first.leave()
    assert not runs(home)


@any_kind
def test_a_process_that_stayed_revives_the_server(home: Path, kind: str) -> None:
    server = enter(home, kind)
    with connect(server) as connection:
        os.kill(postmaster(home), signal.SIGKILL)
        with pytest.raises(psycopg.OperationalError):  # the backend notices the death of its postmaster
            connection.execute("select pg_sleep(20)")
    server.revive()
    assert ask(server, "select 1") == 1
    server.revive()
    server.leave()
    assert not runs(home)


@both_kinds
def test_a_stale_lock_file_that_names_a_living_stranger_is_no_obstacle(home: Path, kind: str) -> None:
    server = enter(home, kind)
    lock = home / "pg" / "data" / "postmaster.pid"
    left_behind = lock.read_text().split("\n", 1)[1]
    owner = lock.stat()
    server.leave()
    with subprocess.Popen(["sleep", "60"], user=owner.st_uid if os.geteuid() == 0 else None) as stranger:
        lock.write_text(f"{stranger.pid}\n{left_behind}")
        os.chown(lock, owner.st_uid, owner.st_gid)
        again = enter(home, kind)
        assert ask(again, "select 1") == 1
        again.leave()
        lock.write_text(f"{stranger.pid}\n{left_behind}")
        enter(home, kind).leave()
        assert stranger.poll() is None, "the stranger was left alone"
        stranger.kill()


@any_kind
def test_a_killed_initdb_leaves_no_half_data_folder(home: Path, kind: str) -> None:
    other = Other(home, kind)
    while not list(home.glob("pg/building-*/base")):
        if other.process.poll() is not None:
            other.line()
    other.kill()
    server = enter(home, kind)
    assert ask(server, "select 1") == 1
    server.leave()


@both_kinds
def test_many_processes_enter_at_once_after_a_kill(home: Path, kind: str) -> None:
    server = enter(home, kind)
    os.kill(postmaster(home), signal.SIGKILL)
    others = [Other(home, kind) for _ in range(3)]
    for other in others:
        other.line()
    assert ask(server, "select 1") == 1
    server.leave()
    for other in others:
        other.leave()
    assert not runs(home)


@any_kind
def test_a_lost_socket_is_made_again(home: Path, kind: str) -> None:
    server = enter(home, kind)
    (home / "pg" / "socket" / ".s.PGSQL.5432").unlink()
    again = enter(home, kind)
    assert ask(again, "select 1") == 1
    again.leave()
    server.leave()
    assert not runs(home)
