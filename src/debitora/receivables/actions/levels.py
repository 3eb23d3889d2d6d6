"""Levels: an item was reminded by a notice that left the house, or that notice was withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import polars as pl
from django.db import connection, transaction

from debitora.kit.pg.bulk import stage
from debitora.receivables.actions.bulk import numbers, run
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject, system


def raise_levels(
    *,
    company: int,
    notice: int,
    items: Sequence[tuple[int, int]],
    on: date,
    at: datetime,
    by: Actor | None = None,
) -> int:
    """This will note that a notice reminded of these (item, level reached) on the day; returns how many were new.

    An item whose level is below the one reached rises by exactly one; one that is there already (a reminder before the
    due day, a second channel) is only reminded. It records what happened outside and so refuses nothing but unknown
    items; the same notice counts once.
    """
    rows = pl.DataFrame(list(items), schema={"item_id": pl.Int64, "level": pl.Int16}, orient="row")
    with transaction.atomic(), connection.cursor() as cursor:
        stage(rows.unique("item_id", keep="first").sort("item_id"), "level_reached")
        run(cursor, "levels/lock", company=company)
        risen = run(cursor, "levels/raise", company=company, notice=notice, on=on, at=at)
        _record(company, notice, "levels.raised", risen, by, at)
    return risen


def withdraw_levels(*, company: int, notice: int, on: date, at: datetime, by: Actor | None = None) -> int:
    """This will take back what a notice raised; returns for how many items. The last reminder before it counts again."""
    with transaction.atomic(), connection.cursor() as cursor:
        run(cursor, "levels/of_notice", company=company, notice=notice)
        run(cursor, "levels/lock", company=company)
        fallen = run(cursor, "levels/withdraw", company=company, notice=notice, on=on, at=at)
        _record(company, notice, "levels.withdrawn", fallen, by, at)
    return fallen


def _record(company: int, notice: int, verb: str, count: int, by: Actor | None, at: datetime) -> None:
    with connection.cursor() as cursor:
        customers = numbers(cursor, "levels/customers", company=company)
    subjects = [Subject("notice", notice, customer=customer) for customer in customers]
    record(
        company=company,
        by=by or system("receivables.levels"),
        at=at,
        verb=verb,
        subjects=subjects or [Subject("notice", notice)],
        facts={"notice": notice, "items": count},
    )
