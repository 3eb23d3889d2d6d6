"""Words for migrations: what makes a table a company's table, and what makes it append-only.

A company's table has the key (company_id, id), forced row-level security, and references that join equal companies. Under
Django's model the key is `id` alone; the migration puts the company in front (docs/decisions/0003).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.migrations.operations.special import RunSQL

POLICY = "company_id = current_setting('app.company')::bigint"


def company_table(
    table: str,
    *,
    references: Mapping[str, str] | None = None,
    key: str = "id",
    append_only: bool = False,
    keep: bool = False,
) -> RunSQL:
    """Wall a table: composite key, forced policy, composite references (column -> table), refusals.

    `append_only` refuses UPDATE, DELETE and TRUNCATE; `keep` refuses DELETE and TRUNCATE only.
    """
    statements = [
        f"alter table {table} drop constraint {table}_pkey, add primary key (company_id, {key})",
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
        f"create policy company on {table} to debitora_app using ({POLICY}) with check ({POLICY})",
        f"revoke truncate on {table} from debitora_app",
    ]
    statements += [_reference(table, column, target) for column, target in (references or {}).items()]
    if append_only:
        statements += refuse(table, "update, delete, truncate", "update or delete or truncate")
    elif keep:
        statements += refuse(table, "delete, truncate", "delete or truncate")
    return RunSQL(";\n".join(statements), RunSQL.noop)


def _reference(table: str, column: str, target: str) -> str:
    other, _, key = target.partition(".")
    return (
        f"alter table {table} add constraint {table}_{column}_ref foreign key (company_id, {column})"
        f" references {other} (company_id, {key or 'id'})"
    )


def refuse(table: str, rights: str, events: str) -> list[str]:
    """SQL that takes the rights from the app role and stops even the owner by a statement-level trigger."""
    return [
        f"revoke {rights} on {table} from debitora_app",
        f"create trigger refuse before {events} on {table} for each statement execute function refuse_change()",
    ]


def updated_only(table: str, *columns: str) -> RunSQL:
    """Let the app role change these columns of a table and no other: what names a row and its place stays as inserted."""
    return RunSQL(
        f"revoke update on {table} from debitora_app; grant update ({', '.join(columns)}) on {table} to debitora_app",
        RunSQL.noop,
    )


def checked_in_bulk(table: str, references: Mapping[str, str]) -> RunSQL:
    """Check references of a bulk table once per INSERT statement, by an anti-join over the inserted rows.

    Per-row foreign keys cost about ten times as much (measured: 0.35 against 2.7 to 4.7 s for 330,000 rows). Sound only
    towards tables from which nobody may delete. `references` maps a column to "table.key"; null columns are passed over.
    """
    checks = "\n".join(_missing(column, target) for column, target in references.items())
    return RunSQL(
        f"""
        create function {table}_refs() returns trigger language plpgsql security definer
        set search_path = public, pg_temp as $body$
        begin
        {checks}
        return null;
        end $body$;
        create trigger refs after insert on {table} referencing new table as added
        for each statement execute function {table}_refs();
        """,
        RunSQL.noop,
    )


def _missing(column: str, target: str) -> str:
    other, _, key = target.partition(".")
    key = key or "id"
    return f"""if exists (
            select 1 from added a left join {other} t on t.company_id = a.company_id and t.{key} = a.{column}
            where a.{column} is not null and t.{key} is null
        ) then raise foreign_key_violation using message = '{column} names no row of {other} in this company';
        end if;"""


def open_to_dispatcher(table: str, columns: str) -> RunSQL:
    """Let the dispatcher role read these columns of all companies: ids of due work, nothing else."""
    return RunSQL(
        f"""grant select ({columns}) on {table} to debitora_dispatcher;
        create policy dispatch on {table} for select to debitora_dispatcher using (true);""",
        RunSQL.noop,
    )


def learns_growth(room: str, nouns: Iterable[str]) -> RunSQL:
    """A function `<room>_learn_growth()` that counts anew those tables of a room that have doubled since the planner knew them.

    A plan that was made while a table was empty compares each row with each; what doubled is counted some times at most, however
    many batches there are.
    """
    counted = "".join(
        f"""    if pg_relation_size('{room}_{noun}') > 2 * current_setting('block_size')::bigint
        * (select relpages from pg_class where oid = '{room}_{noun}'::regclass) then analyze {room}_{noun}; end if;
"""
        for noun in nouns
    )
    return RunSQL(
        f"""create or replace function {room}_learn_growth() returns void language plpgsql security definer
set search_path = public, pg_temp as $body$
begin
{counted}end $body$;
""",
        RunSQL.noop,
    )


def learns_sizes(room: str, nouns: Iterable[str]) -> RunSQL:
    """A function `<room>_learn_sizes()` that lets the app, which owns no table, count those of a room anew for the planner.

    Statistics that come a minute later come too late for the transaction that made a table grow.
    """
    counted = "".join(f"    analyze {room}_{noun};\n" for noun in nouns)
    return RunSQL(
        f"""create or replace function {room}_learn_sizes() returns void language plpgsql security definer
set search_path = public, pg_temp as $body$
begin
{counted}end $body$;
""",
        RunSQL.noop,
    )
