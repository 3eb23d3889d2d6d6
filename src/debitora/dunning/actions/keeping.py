"""Decisions are kept by month: a place for the next month is made ahead, a month that is too old is dropped whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import OperationalError, transaction

from debitora.dunning.queries.keeping import decisions_of_month, months_kept
from debitora.dunning.rules.keeping import later, month_of, too_old
from debitora.kit.pg.bulk import execute
from debitora.kit.pg.company import serving
from debitora.trail.actions import record
from debitora.trail.rules import Actor

_PATIENCE = "3s"
"""So long a drop waits for others to leave the table; meanwhile they wait for it."""


class DecisionsInUse(Exception):
    """Others work with decisions and do not let the month go now; try again later."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A month whose decisions went, and how many by company id."""

    month: date
    decisions: Mapping[int, int]


def keep_month(*, month: date) -> None:
    """Have a place for the decisions of a month. The application makes no tables: a function of the owner's does."""
    execute("select dunning_keep_month(%(month)s)", month=month)


def keep_months_ahead(*, at: datetime) -> None:
    """Have a place for this month's decisions and the next one's."""
    with transaction.atomic():
        for months in (0, 1):
            keep_month(month=later(month_of(at), months))


def drop_old_months(*, on: date, keep: int, by: Actor, at: datetime, dry: bool = False) -> list[Dropped]:
    """Drop the months that are wholly older than `keep` months on a day; `dry` only tells. For the owner's role alone.

    Each month goes in a transaction of its own, with a trail record for every company that had decisions in it. Raises
    KeptTooShort, and DecisionsInUse where others hold the table for longer than three seconds.
    """
    return [_dropped(month, by, at, dry) for month in too_old(months_kept(), on=on, keep=keep)]


def _dropped(month: date, by: Actor, at: datetime, dry: bool) -> Dropped:
    with transaction.atomic():
        found = Dropped(month, decisions_of_month(month=month))
        if not dry:
            _drop(found, by, at)
    return found


def _drop(found: Dropped, by: Actor, at: datetime) -> None:
    for company, count in found.decisions.items():
        with serving(company):
            facts = {"month": f"{found.month:%Y-%m}", "count": count}
            record(company=company, by=by, at=at, verb="decisions.dropped", facts=facts)
    try:
        execute(f"set local lock_timeout = '{_PATIENCE}'")
        execute(f"drop table dunning_decision_{found.month:%Y_%m}")
    except OperationalError as waited:
        raise DecisionsInUse(f"{found.month:%Y-%m}") from waited
