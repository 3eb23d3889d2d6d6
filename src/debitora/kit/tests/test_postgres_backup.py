"""Backup and restore, with both kinds of programs: everything comes back, or nothing changes."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from debitora.kit.postgres import Server, ensure_roles_and_database
from debitora.kit.postgres.backup import backup, restore
from debitora.kit.postgres.errors import BackupFailed, BackupUnreadable, RestoreFailed
from debitora.kit.tests.postgres_scenes import a_home, ask, both_kinds, connect, enter

pytestmark = both_kinds

A_HOUSE = """
create extension pg_trgm;
create table note (id bigint generated always as identity primary key, company bigint not null, text text);
create index on note using gin (text gin_trgm_ops);
alter table note enable row level security;
alter table note force row level security;
create policy company on note using (company = current_setting('app.company')::bigint);
revoke delete on note from debitora_app;
create function refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$;
create trigger no_update before update on note for each statement execute function refuse();
insert into note (company, text) select i % 3, 'Müller ' || i from generate_series(1, 3000) i;
"""
SUM = "select count(*)::text || md5(string_agg(note::text, '|' order by id)) from note"


@pytest.fixture(scope="module")
def homes() -> Iterator[dict[str, Path]]:
    with a_home() as installed, a_home() as wheel:
        yield {"installed": installed, "wheel": wheel}


@pytest.fixture
def server(homes: dict[str, Path], kind: str) -> Iterator[Server]:
    entered = enter(homes[kind], kind)
    ensure_roles_and_database(entered, "debitora")
    with connect(entered, "owner", "debitora") as connection:
        connection.execute(A_HOUSE)
    yield entered
    with connect(entered) as connection:
        for (name,) in connection.execute("select datname from pg_database where datname like 'debitora%'"):
            connection.execute(f"drop database {name} with (force)")
    entered.leave()


def test_what_was_backed_up_comes_back_with_its_rights(server: Server, tmp_path: Path) -> None:
    before = ask(server, SUM, "owner", "debitora")
    archive = backup(server, tmp_path / "one.dump")
    content = archive.path.read_bytes()
    assert (archive.bytes, archive.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert archive.path.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["one.dump"]

    with connect(server, "owner", "debitora") as connection:
        connection.execute("truncate note")
    with connect(server, "app", "debitora") as session:
        assert restore(server, archive.path) == archive
        with pytest.raises(psycopg.OperationalError):
            session.execute("select 1")
    assert ask(server, SUM, "owner", "debitora") == before
    assert ask(server, "select count(*) from note", "owner", "debitora_replaced") == 0, (
        "the replaced one is kept"
    )
    with connect(server, "app", "debitora") as connection:
        connection.execute("set app.company = '1'")
        assert connection.execute("select count(*) from note").fetchone() == (1000,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("delete from note")
    with connect(server, "owner", "debitora") as connection:
        with pytest.raises(psycopg.errors.RaiseException):
            connection.execute("update note set text = ''")
        connection.execute("create table later (a int)")
    assert ask(server, "select count(*) from later", "app", "debitora") == 0, "default rights came along"
    restore(server, archive.path)
    assert ask(server, SUM, "owner", "debitora") == before


def test_a_file_that_is_no_backup_changes_nothing(server: Server, tmp_path: Path) -> None:
    before = ask(server, SUM, "owner", "debitora")
    broken = tmp_path / "broken.dump"
    for content in (b"", b"not a backup", backup(server, tmp_path / "good.dump").path.read_bytes()[:-2000]):
        broken.write_bytes(content)
        with pytest.raises((BackupUnreadable, RestoreFailed)):
            restore(server, broken)
    with pytest.raises(BackupUnreadable):
        restore(server, tmp_path / "missing.dump")
    assert ask(server, SUM, "owner", "debitora") == before
    assert ask(server, "select count(*) from pg_database where datname like '%restoring'") == 0


def test_a_backup_that_fails_leaves_no_file(server: Server, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="missing"):
        backup(server, tmp_path / "never.dump", dbname="missing")
    assert list(tmp_path.iterdir()) == []


def test_a_new_server_can_be_filled_from_a_backup(server: Server, tmp_path: Path, kind: str) -> None:
    before = ask(server, SUM, "owner", "debitora")
    archive = backup(server, tmp_path / "one.dump")
    with a_home() as home:
        fresh = enter(home, kind)
        restore(fresh, archive.path)
        assert ask(fresh, SUM, "owner", "debitora") == before
        fresh.leave()
