"""Fold what is kept added up: nothing changes but the number of rows that say it."""

from __future__ import annotations

from django.db import connection, transaction


def fold_open_sums() -> int:
    """This will make one row of all that say what is open on a day; returns how many there were. Safe at any time."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select receivables_fold_open_sums()")
        return int(cursor.fetchone()[0])
