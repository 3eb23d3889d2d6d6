"""What is learned from decisions, and forgotten on request; and how bold matching may be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl
from django.db import transaction

from debitora.cash.models import Habit, MatchPolicy, Payer, Tally
from debitora.cash.queries import statement_sql
from debitora.kit.pg.bulk import execute, stage
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject


class PayerUnknown(Exception):
    """No payer of this company has the id."""


def count(*, company: int, right: Sequence[str] = (), wrong: Sequence[str] = (), times: int = 1) -> None:
    """This will count patterns of evidence as right or wrong; times below zero takes that back."""
    rows = [(pattern, times, 0) for pattern in right] + [(pattern, 0, times) for pattern in wrong]
    if rows:
        schema = {"pattern": pl.String, "right": pl.Int64, "wrong": pl.Int64}
        stage(pl.DataFrame(rows, schema=schema, orient="row"), "cash_counted")
        execute(statement_sql("count"), company=company)


def decide_policy(
    *,
    company: int,
    by_itself: bool,
    care: int,
    most_minor: int | None,
    discount_bp: int,
    discount_days: int,
    grace_days: int,
    write_off_minor: int,
    by: Actor,
    at: datetime,
) -> MatchPolicy:
    """This will decide what is booked without asking and what may be taken off, from now on."""
    with transaction.atomic():
        made = MatchPolicy.objects.create(
            company_id=company,
            by_itself=by_itself,
            care=care,
            most_minor=most_minor,
            discount_bp=discount_bp,
            discount_days=discount_days,
            grace_days=grace_days,
            write_off_minor=write_off_minor,
            made_at=at,
            made_by_label=by.label[:64],
        )
        record(
            company=company,
            by=by,
            at=at,
            verb="match_policy.decided",
            subjects=[Subject("match_policy", made.id)],
            facts={"by_itself": int(by_itself), "care": care, "discount_bp": discount_bp, "write_off_minor": write_off_minor},
        )  # fmt: skip
    return made


def forget_payer(*, company: int, payer: int, by: Actor, at: datetime) -> None:
    """This will forget that an account pays for a customer. Raises PayerUnknown."""
    with transaction.atomic():
        found = Payer.objects.filter(company_id=company, id=payer).first()
        if found is None:
            raise PayerUnknown(payer)
        found.delete()
        _record(company, "payer.forgotten", by, at, customer=found.customer_id)


def forget_habits(*, company: int, customer: int, by: Actor, at: datetime) -> None:
    """This will forget how a customer pays, and from which accounts."""
    with transaction.atomic():
        gone, _by_kind = Habit.objects.filter(company_id=company, customer=customer).delete()
        more, _by_kind = Payer.objects.filter(company_id=company, customer=customer).delete()
        if gone or more:
            _record(company, "habits.forgotten", by, at, customer=customer)


def forget_tallies(*, company: int, by: Actor, at: datetime) -> None:
    """This will forget how often evidence was right here: what comes with the product counts alone."""
    with transaction.atomic():
        gone, _by_kind = Tally.objects.filter(company_id=company).delete()
        if gone:
            record(company=company, by=by, at=at, verb="tallies.forgotten", facts={"patterns": gone})


def _record(company: int, verb: str, by: Actor, at: datetime, *, customer: int) -> None:
    about = [Subject("customer", customer, customer=customer)]
    record(company=company, by=by, at=at, verb=verb, subjects=about)
