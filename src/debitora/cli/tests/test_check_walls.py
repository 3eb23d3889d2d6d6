"""Walls: the checker names each one that was torn down, and they hold against the app role and the owner (A01)."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from debitora.cli.checks.questions import questions
from debitora.cli.tests.road import Walked
from debitora.cli.tests.scenes import Look, Scene, named, told
from debitora.kit.postgres import Server

MONTH = "dunning_decision_2026_11"
PLANTED = [
    ("a table without company", "I40", "table notes", "create table notes (id bigint primary key)"),
    (
        "a company's table without wall",
        "I40",
        "table notes",
        "create table notes (company_id bigint not null, id bigint, primary key (company_id, id))",
    ),
    ("row-level security off", "I40", "table trail_record", "alter table trail_record disable row level security"),
    ("not forced", "I40", "table dunning_run", "alter table dunning_run no force row level security"),
    ("no policy", "I40", "table receivables_item", "drop policy company on receivables_item"),
    (
        "a policy that lets all through",
        "I40",
        "table receivables_item",
        "create policy all_of_them on receivables_item to debitora_app using (true)",
    ),
    (
        "a policy that looks at nothing when writing",
        "I40",
        "table receivables_party",
        "alter policy company on receivables_party with check (true)",
    ),
    ("a company that may be null", "I40", "table documents_fault",
     "alter table documents_fault drop constraint documents_fault_pkey, alter company_id drop not null"),
    ("a view past the walls", "I40", "table everyone", "create view everyone as select * from receivables_party"),
    ("an app that bypasses", "I40", "role debitora_app", "alter role debitora_app bypassrls"),
    ("an app that owns a table", "I40", "role debitora_app", "alter table dunning_run owner to debitora_app"),
    ("an app that is the owner as well", "I40", "role debitora_app", "grant debitora_owner to debitora_app"),
    (
        "a key without company",
        "I41",
        "key by_id_only of dunning_runapproval",
        ("create unique index alone on dunning_run (id);"
        "alter table dunning_runapproval add constraint by_id_only foreign key (run_id) references dunning_run (id)"),
    ),
    ("a bulk check dropped", "I41", "trigger refs of dunning_decision", "drop trigger refs on dunning_decision"),
    (
        "a bulk check disabled",
        "I41",
        "trigger joins of receivables_allocation",
        "alter table receivables_allocation disable trigger joins",
    ),
    ("a bulk check of a month", "I41", f"trigger refs of {MONTH}", f"drop trigger refs on {MONTH}"),
    ("a refusal of a month", "I42", f"table {MONTH}", f"drop trigger refuse on {MONTH}"),
    ("a month open to the app", "I42", f"table {MONTH}", f"grant select on {MONTH} to debitora_app"),
    ("a month without wall", "I40", f"table {MONTH}", f"alter table {MONTH} disable row level security"),
    ("a refusal dropped", "I42", "table trail_record", "drop trigger refuse on trail_record"),
    ("a refusal disabled", "I42", "table trail_seal", "alter table trail_seal disable trigger refuse"),
    ("keys that may change", "I42", "table receivables_itemstate", "grant update on receivables_itemstate to debitora_app"),
    ("UPDATE granted", "I42", "table receivables_entry", "grant update on receivables_entry to debitora_app"),
    (
        "UPDATE of a column granted",
        "I42",
        "table dunning_notice",
        "grant update (total_minor) on dunning_notice to debitora_app",
    ),
    ("DELETE granted to all", "I42", "table messaging_intent", "grant delete on messaging_intent to public"),
    (
        "a refusal that lets pass",
        "I42",
        "function refuse_change",
        ("create or replace function refuse_change() returns trigger language plpgsql as "
        "$body$ begin return null; end $body$"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("invariant", "thing", "plant"), [row[1:] for row in PLANTED], ids=[row[0] for row in PLANTED]
)
def test_a_wall_torn_down_is_found_and_named(
    scene: Scene, looked: Look, invariant: str, thing: str, plant: str
) -> None:
    scene.execute(plant.encode())
    report = looked(scene)
    assert named(report, invariant, thing), told(report)


def _protected() -> list[tuple[str, bool]]:
    """(table, whether UPDATE is refused too), as the checker itself demands it."""
    refusals = next(one for one in questions() if one.invariant == "I42")
    head = refusals.broken.split("roles (name)", 1)[0]
    rows = [row.split("'") for row in head.split("(") if row.startswith("'")]
    return [(row[1], "true" in row[2]) for row in rows]


PROTECTED = _protected()
VERBS = [
    (table, verb) for table, update_too in PROTECTED for verb in ("update", "delete", "truncate")
    if update_too or verb != "update"
]  # fmt: skip
STATEMENTS = {
    "update": "update {} set company_id = company_id",
    "delete": "delete from {}",
    "truncate": "truncate {} cascade",
}


@pytest.fixture(scope="module")
def app(walked: tuple[str, object, Walked], server: Server) -> Iterator[psycopg.Connection]:
    with psycopg.connect(**server.credentials("app", walked[0]).kwargs(), autocommit=True) as found:
        found.execute("select set_config('app.company', '1', false)")
        yield found


@pytest.fixture(scope="module")
def owner(walked: tuple[str, object, Walked], server: Server) -> Iterator[psycopg.Connection]:
    with psycopg.connect(**server.credentials("owner", walked[0]).kwargs(), autocommit=True) as found:
        yield found


@pytest.mark.parametrize(("table", "verb"), VERBS)
def test_a01_grants_refuse_the_app_and_triggers_refuse_the_owner(
    app: psycopg.Connection, owner: psycopg.Connection, table: str, verb: str
) -> None:
    statement = sql.SQL(STATEMENTS[verb]).format(sql.Identifier(table))
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"):
        app.execute(statement)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        owner.execute(statement)


def test_every_table_that_refuses_is_known_to_the_checker(owner: psycopg.Connection) -> None:
    """A new table with a refusal has to be named in I42, else nobody would notice when it is gone. Months are found there."""
    refusing = owner.execute(
        "select t.tgrelid::regclass::text from pg_trigger t join pg_proc p on p.oid = t.tgfoid"
        " join pg_class c on c.oid = t.tgrelid and not c.relispartition where p.proname = 'refuse_change'"
    )
    assert {name for (name,) in refusing} == {table for table, _update_too in PROTECTED}


def test_every_bulk_check_is_known_to_the_checker(owner: psycopg.Connection) -> None:
    checks = next(one for one in questions() if one.name == "I41_bulk_checks")
    found = owner.execute(
        "select tgrelid::regclass::text, tgname::text from pg_trigger"
        " join pg_class c on c.oid = tgrelid and not c.relispartition"
        " where not tgisinternal and tgname in ('refs', 'reversals', 'joins')"
    )
    assert all(f"('{table}', '{name}')" in checks.broken for table, name in found)
