"""A second connection beside a long transaction, for what others must see before it commits: how far the work is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

import psycopg
from django.db import connection

from debitora.kit.pg.cluster import server
from debitora.kit.pg.company import current_company
from debitora.kit.postgres import RoleName

Say = Callable[[str, dict[str, object]], None]


@contextmanager
def aside() -> Iterator[Say]:
    """Run single statements at once, for the company being served, whatever becomes of the surrounding transaction."""
    role = cast(RoleName, os.environ.get("DEBITORA_ROLE", "app"))
    found = server().credentials(role, str(connection.settings_dict["NAME"]))
    with psycopg.connect(**found.kwargs(), autocommit=True) as beside:
        beside.execute("select set_config('app.company', %s, false)", [str(current_company.get() or "")])
        beside.execute("set statement_timeout = '2s'")
        yield lambda sql, params: _say(beside, sql, params)


def _say(beside: psycopg.Connection[tuple[object, ...]], sql: str, params: dict[str, object]) -> None:
    try:
        beside.execute(sql, params)
    except psycopg.errors.QueryCanceled:
        return
