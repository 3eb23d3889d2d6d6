"""What a company's tables hold, table by table: for telling what a request has changed."""

from __future__ import annotations

from django.db import connection, transaction

from debitora.kit.pg.company import serving
from tests.security.addresses import company_models

_TELLS = ("trail_", "people_progress", "people_readmark", "people_defaultview", "messaging_mailchoice")
"""Tables that speak of changes and are none themselves; and what a person has read, how her lists open and what she wants to be mailed: her own affair."""


def fingerprint(company: int) -> dict[str, tuple[int, int]]:
    """Table -> how many rows the company has in it, and a sum over their hashes."""
    tables = sorted(model._meta.db_table for model in company_models())
    parts = [
        f"select '{table}', count(*), coalesce(sum(hashtext(t::text)), 0) from {table} t" for table in tables
    ]
    with serving(company), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(" union all ".join(parts))
        return {table: (int(count), int(total)) for table, count, total in cursor.fetchall()}


def changed(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> list[str]:
    """The tables that differ, those that only speak of changes apart."""
    return [table for table in before if before[table] != after[table] and not table.startswith(_TELLS)]
