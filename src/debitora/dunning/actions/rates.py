"""Add a reference rate to a table, withdraw it, and take that back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from debitora.dunning.models import Rate, RateWithdrawal
from debitora.dunning.queries.rates import rate_tables
from debitora.dunning.rules.rates import Doubted, doubts
from debitora.people.models import Company
from debitora.trail.actions import put_wording, record
from debitora.trail.rules import Actor, Subject
from debitora.values.rates import RateStep


class RateDoubted(Exception):
    """Something speaks against the rate: it is refused, or waits until a person says that she is sure; `doubts` say what."""

    def __init__(self, doubts: tuple[Doubted, ...]) -> None:
        super().__init__(", ".join(one.doubt.value for one in doubts))
        self.doubts = doubts


class RateWithdrawn(Exception):
    """It was withdrawn already."""


def add_rate(
    *, company: int, table: str, step: RateStep, sure: bool, on: date, by: Actor, at: datetime
) -> Rate:
    """Let a rate count from now on; what was decided before stays. `sure`: doubts that may be confirmed are.

    Raises RateDoubted.
    """
    with transaction.atomic():
        Company.objects.select_for_update().get(pk=company)
        found = doubts(table, step, tables=rate_tables(), on=on)
        if any(one.refused for one in found) or (found and not sure):
            raise RateDoubted(found)
        return _kept(company, table, step, found, by, at)


def withdraw_rate(*, company: int, rate: int, reason: str, by: Actor, at: datetime) -> None:
    """Let an added rate count no longer. Raises Rate.DoesNotExist, RateWithdrawn."""
    found = Rate.objects.get(company_id=company, id=rate)
    try:
        with transaction.atomic():
            RateWithdrawal.objects.create(
                company_id=company,
                rate=found,
                wording=put_wording(company=company, text=reason) if reason else None,
                withdrawn_at=at,
                withdrawn_by_id=by.id,
                withdrawn_by_label=by.label,
            )
            _record(found, "rate.withdrawn", by, at, reason=reason)
    except IntegrityError:
        raise RateWithdrawn from None


def add_rate_again(*, company: int, rate: int, on: date, by: Actor, at: datetime) -> Rate:
    """Take a withdrawal back: the same rate anew. Raises Rate.DoesNotExist, RateDoubted where it counts still."""
    old = Rate.objects.get(company_id=company, id=rate)
    step = RateStep(old.valid_from, old.bp, old.known_to, old.source, old.checked_on)
    return add_rate(company=company, table=old.table_key, step=step, sure=True, on=on, by=by, at=at)


def _kept(
    company: int, table: str, step: RateStep, found: tuple[Doubted, ...], by: Actor, at: datetime
) -> Rate:
    rate = Rate.objects.create(
        company_id=company,
        table_key=table,
        valid_from=step.valid_from,
        bp=step.bp,
        known_to=step.known_to,
        source=step.source,
        checked_on=step.checked_on,
        added_at=at,
        added_by_id=by.id,
        added_by_label=by.label,
    )
    _record(rate, "rate.added", by, at, confirmed=[one.doubt.value for one in found])
    return rate


def _record(
    rate: Rate, verb: str, by: Actor, at: datetime, *, reason: str = "", confirmed: list[str] | None = None
) -> None:
    record(
        company=rate.company_id,
        by=by,
        at=at,
        verb=verb,
        subjects=[Subject("rate", rate.id)],
        facts={
            "table": rate.table_key,
            "from": rate.valid_from.isoformat(),
            "until": rate.known_to.isoformat(),
            "basis_points": rate.bp,
            **({"confirmed": confirmed} if confirmed else {}),
        },
        wording=reason,
    )
