"""What the dispatcher role may see: ids of due work in all companies. It writes nothing."""

from __future__ import annotations

import psycopg
from django.db import connection

from debitora.kit.pg.cluster import server


def due_companies(sql: str) -> list[int]:
    """The company ids that a query answers, read as the dispatcher over all companies."""
    found = server().credentials("dispatcher", str(connection.settings_dict["NAME"]))
    with psycopg.connect(**found.kwargs(), autocommit=True) as reader:
        return [int(row[0]) for row in reader.execute(sql)]
