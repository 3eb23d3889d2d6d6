"""What each role may and may not do, on our own server and on one that an address names."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from debitora.kit.postgres import Credentials, Server, database, database_name, ensure_roles_and_database
from debitora.kit.postgres.credentials import USERS
from debitora.kit.postgres.errors import PasswordRefused, RolesNotAllowed
from debitora.kit.postgres.roles import APP, OWNER, WANTED
from debitora.kit.tests.postgres_scenes import a_home, ask, both_kinds, connect, enter, programs

pytestmark = both_kinds
DENIED = psycopg.errors.InsufficientPrivilege

A_HOUSE = """
create table note (id bigint generated always as identity primary key, company bigint not null, text text);
alter table note enable row level security;
alter table note force row level security;
create policy company on note using (company = current_setting('app.company')::bigint);
insert into note (company, text) values (1, 'one'), (2, 'two');
create function greet() returns text language sql as $$ select 'hello' $$;
create sequence numbers;
"""


@pytest.fixture(scope="module")
def homes() -> Iterator[dict[str, Path]]:
    """One server per kind of programs for the whole file; each test takes a database of its own."""
    with a_home() as installed, a_home() as wheel:
        yield {"installed": installed, "wheel": wheel}


@pytest.fixture
def server(homes: dict[str, Path], kind: str) -> Iterator[Server]:
    entered = enter(homes[kind], kind)
    yield entered
    entered.leave()


@pytest.fixture
def house(server: Server) -> Iterator[Server]:
    """A server with the database `house`, in which the owner made a table under row-level security."""
    ensure_roles_and_database(server, "house")
    with connect(server, "owner", "house") as connection:
        connection.execute(A_HOUSE)
    yield server
    drop(server, "house")


def drop(server: Server, name: str) -> None:
    with connect(server) as connection:
        connection.execute(f"drop database if exists {name} with (force)")


def attributes(server: Server) -> list[tuple[Any, ...]]:
    with connect(server) as connection:
        return connection.execute(
            "select rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication"
            " from pg_roles where rolname like 'debitora%' order by 1"
        ).fetchall()


def test_the_roles_have_exactly_the_attributes_they_need(house: Server) -> None:
    assert attributes(house) == [
        ("debitora_app", True, False, False, False, False, False),
        ("debitora_checker", True, False, True, False, False, False),
        ("debitora_dispatcher", True, False, False, False, False, False),
        ("debitora_owner", True, False, True, True, False, False),
    ]
    assert ask(house, "select pg_get_userbyid(datdba) from pg_database where datname = 'house'") == OWNER
    assert (
        ask(house, f"select count(*) from pg_shdepend where refobjid = '{APP}'::regrole and deptype = 'o'")
        == 0
    )
    with connect(house, "superuser", "house") as connection:
        owner = connection.execute(
            "select nspowner::regrole::text from pg_namespace where nspname = 'public'"
        ).fetchone()
    assert owner == (OWNER,)


def test_the_app_works_behind_row_level_security_and_owns_nothing(house: Server) -> None:
    with connect(house, "app", "house") as connection:
        for refused in (
            "create table mine (a int)",
            "truncate note",
            "alter table note disable row level security",
        ):
            with pytest.raises(DENIED):
                connection.execute(refused)
        with pytest.raises(psycopg.errors.UndefinedObject):
            connection.execute("select * from note")
        connection.execute("set app.company = '1'")
        assert connection.execute("select text from note").fetchall() == [("one",)]
        connection.execute("insert into note (company, text) values (1, 'more')")
        connection.execute("update note set text = 'changed' where text = 'more'")
        connection.execute("delete from note where text = 'changed'")
        with pytest.raises(DENIED):
            connection.execute("insert into note (company, text) values (2, 'smuggled')")
        assert connection.execute("select greet(), nextval('numbers')").fetchone() == ("hello", 1)
        connection.execute("create temporary table draft (a int)")


def test_the_checker_sees_all_and_writes_nothing(house: Server) -> None:
    with connect(house, "checker", "house") as connection:
        assert connection.execute("select count(*) from note").fetchone() == (2,)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("delete from note")
        connection.execute("set default_transaction_read_only = off")
        for refused in (
            "delete from note",
            "update note set text = ''",
            "create table mine (a int)",
            "select greet()",
        ):
            with pytest.raises(DENIED):
                connection.execute(refused)


def test_the_dispatcher_gets_nothing_by_default(house: Server) -> None:
    with connect(house, "dispatcher", "house") as connection:
        connection.execute("set app.company = '1'")
        for refused in (
            "select * from note",
            "select greet()",
            "select nextval('numbers')",
            "create table mine (a int)",
        ):
            with pytest.raises(DENIED):
                connection.execute(refused)


def test_the_owner_passes_row_level_security(house: Server) -> None:
    assert ask(house, "select count(*) from note", "owner", "house") == 2


def test_a_clone_of_the_database_has_the_same_rights(house: Server) -> None:
    with connect(house, "owner") as connection:
        connection.execute("create database house_clone template house")
    with connect(house, "owner", "house_clone") as connection:
        connection.execute("create table later (a int)")
    assert ask(house, "select count(*) from later", "app", "house_clone") == 0
    drop(house, "house_clone")


def test_doing_it_again_changes_nothing_and_repairs_what_was_bent(house: Server) -> None:
    ensure_roles_and_database(house, "house")
    before = attributes(house)
    with connect(house, "superuser", "house") as connection:
        connection.execute(f"alter role {APP} bypassrls createdb")
        connection.execute("alter role debitora_checker reset default_transaction_read_only")
        connection.execute("grant create on schema public to public")
    ensure_roles_and_database(house, "house")
    assert attributes(house) == before
    with connect(house, "app", "house") as connection, pytest.raises(DENIED):
        connection.execute("create table mine (a int)")
    with connect(house, "checker", "house") as connection:
        assert connection.execute("show default_transaction_read_only").fetchone() == ("on",)


def test_lost_passwords_are_set_anew_on_our_own_server(house: Server) -> None:
    kept = house.home / "roles.json"
    before = json.loads(kept.read_text())
    assert kept.stat().st_mode & 0o777 == 0o600
    kept.unlink()
    ensure_roles_and_database(house, "house")
    assert set(json.loads(kept.read_text()).items()).isdisjoint(before.items())
    for role in USERS:
        assert ask(house, "select current_user", role, "house") == USERS[role]


def test_two_at_once_do_it_once(server: Server) -> None:
    forget_roles(server)
    faults: list[BaseException] = []

    def ensure() -> None:
        try:
            ensure_roles_and_database(server, "twice")
        except psycopg.Error as fault:
            faults.append(fault)

    threads = [threading.Thread(target=ensure) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert ask(server, "select current_user", "app", "twice") == APP
    drop(server, "twice")


def forget_roles(server: Server) -> None:
    with connect(server) as connection:
        for (name,) in connection.execute(
            "select datname from pg_database where datdba = to_regrole('debitora_owner')"
        ):
            drop(server, name)
        for user in WANTED:
            connection.execute(f"drop role if exists {user}")


def test_an_address_leads_to_a_server_of_somebody_else(server: Server) -> None:
    forget_roles(server)
    admin = server.credentials("superuser", "postgres").url()
    with a_home() as home:
        elsewhere = database(home, admin)
        assert (elsewhere.ours, elsewhere.version, elsewhere.database) == (False, server.version, "debitora")
        assert ask(elsewhere, "select current_user", "app", "debitora") == APP
        assert database(home, server.credentials("superuser", "named").url()).database == "named"
        assert ask(elsewhere, "select current_user", "app", "named") == APP
        assert database(home, admin, name="told").database == "told"
        with a_home() as other, pytest.raises(PasswordRefused, match=r"roles\.json"):
            database(other, admin)
        elsewhere.leave()
        assert ask(server, "select 1") == 1, "leaving does not stop what is not ours"
        assert elsewhere.binaries.joinpath("pg_dump").exists()
    forget_roles(server)


def test_an_address_that_may_not_make_roles_gets_the_sql_for_one_that_may(server: Server) -> None:
    forget_roles(server)
    with connect(server) as connection:
        connection.execute("create role weak login password 'weak'")
        strong = server.credentials("superuser", "postgres")
        weak = Credentials(strong.host, strong.port, "postgres", "weak", "weak").url()
        with a_home() as home:
            with pytest.raises(RolesNotAllowed, match="weak") as refused:
                database(home, weak)
            passwords = json.loads((home / "roles.json").read_text()).values()
            assert not [password for password in passwords if password in str(refused.value)]
            connection.execute(refused.value.sql)
            allowed = database(home, weak)
            assert ask(allowed, "select current_user", "app", "debitora") == APP
            forget_roles(server)
        connection.execute("drop role weak")


def test_an_address_that_leads_nowhere_is_said_to(server: Server) -> None:
    with a_home() as home:
        for url in (
            "postgresql://a:b@127.0.0.1:1/x",
            "not an address",
            server.credentials("app").url() + "x",
        ):
            with pytest.raises(PasswordRefused, match="DEBITORA_DATABASE_URL"):
                database(home, url)


def test_the_name_of_the_database_stands_in_the_address(kind: str) -> None:
    programs(kind)
    named = {None: "debitora", "postgresql://a@b": "debitora", "postgresql://a@b/postgres": "debitora"}
    named["postgresql://a@b/acme?sslmode=require"] = "acme"
    assert {url: database_name(url) for url in named} == named


def test_credentials_keep_the_password_out_of_their_text(server: Server) -> None:
    odd = Credentials("::1", 5433, "a b", "u@x", "p/?#", (("sslmode", "require"),))
    assert odd.url() == "postgresql://u%40x:p%2F%3F%23@[::1]:5433/a%20b?sslmode=require"
    assert "p/?#" not in repr(odd)
    own = server.credentials("superuser", "postgres")
    with psycopg.connect(own.url()) as connection:
        assert connection.info.user == "postgres"
