"""I41: no row breaks a foreign key. The keys are read from the catalogue, so a new table is checked from its first day.

PostgreSQL checks them while rows are written; a superuser, or a restore with triggers off, can get past that.
"""

from __future__ import annotations

from typing import Any

from psycopg import sql

from debitora.cli.checks.findings import Finding
from debitora.cli.checks.snapshot import Snapshot

_ADVICE = "The row names nothing, or another company's. Find out who wrote past the keys, and correct it as the owner."
_KEYS = """
    select k.conrelid::regclass::text as source, k.confrelid::regclass::text as target, k.conname as name,
           array(select a.attname::text from unnest(k.conkey) with ordinality key (num, place)
                 join pg_attribute a on a.attrelid = k.conrelid and a.attnum = key.num order by key.place) as columns,
           array(select a.attname::text from unnest(k.confkey) with ordinality key (num, place)
                 join pg_attribute a on a.attrelid = k.confrelid and a.attnum = key.num order by key.place) as others
    from pg_constraint k
    join pg_attribute c on c.attrelid = k.conrelid and c.attname = 'company_id'
    where k.contype = 'f' and k.connamespace = 'public'::regnamespace and cardinality(k.conkey) > 1
    order by k.conname"""
_WALLED = """
    select c.relname::text as name from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'company_id'
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by c.relname"""


def broken_keys(shot: Snapshot, *, companies: list[int]) -> tuple[int, list[Finding]]:
    """How many keys were looked at, and those that some rows of these companies break."""
    keys = list(shot.rows(_KEYS, {}))
    params = {"companies": companies}
    found = [
        Finding("I41", "", f"key {key['name']} of {key['source']}", missing, _ADVICE)
        for key in keys
        if (missing := shot.number(_anti_join(key), params))
    ]
    return len(keys), found


def homeless_rows(shot: Snapshot) -> tuple[int, list[Finding]]:
    """How many tables were looked at, and those with rows of a company that does not exist (no company's check sees them)."""
    tables = [row["name"] for row in shot.rows(_WALLED, {})]
    found = [
        Finding("I41", "", f"table {name}", lost, _ADVICE)
        for name in tables
        if (lost := shot.number(_text(_HOMELESS.format(table=sql.Identifier(name))), {}))
    ]
    return len(tables), found


_HOMELESS = sql.SQL("""
    with recursive seen (company) as (
        select min(company_id) from {table}
        union all
        select (select min(t.company_id) from {table} t where t.company_id > s.company) from seen s where s.company is not null
    )
    select coalesce(sum((select count(*) from {table} t where t.company_id = s.company)), 0)
    from seen s
    where s.company is not null and not exists (select from people_company c where c.id = s.company)""")
"""Every key begins with the company: the companies of a table are found by steps in its index, not by reading it."""


def _anti_join(key: dict[str, Any]) -> str:
    pairs = list(zip(key["columns"], key["others"], strict=True))
    same = sql.SQL(" and ").join(
        sql.SQL("o.{} = s.{}").format(sql.Identifier(theirs), sql.Identifier(mine)) for mine, theirs in pairs
    )
    present = sql.SQL(" and ").join(
        sql.SQL("s.{} is not null").format(sql.Identifier(mine)) for mine, _theirs in pairs
    )
    return _text(
        sql.SQL(
            "select count(*) from {source} s where s.company_id = any(%(companies)s) and {present}"
            " and not exists (select from {target} o where {same})"
        ).format(
            source=sql.Identifier(key["source"]),
            target=sql.Identifier(key["target"]),
            present=present,
            same=same,
        )
    )


def _text(composed: sql.Composed) -> str:
    return composed.as_string(None)
