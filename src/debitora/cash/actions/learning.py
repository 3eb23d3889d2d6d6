"""What is learned from decisions, and forgotten on request; and how bold matching may be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from debitora.cash.models import Aside, BankEntry, Habit, MatchPolicy, Payer, Tally
from debitora.cash.queries import statement_sql
from debitora.cash.rules.ignoring import Movement
from debitora.kit.pg.bulk import execute, stage
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject


class PayerUnknown(Exception):
    """No payer of this company has the id."""


class AsideUnknown(Exception):
    """Nothing with this id was learned of lines that this company set aside."""


def count(*, company: int, right: Sequence[str] = (), wrong: Sequence[str] = (), times: int = 1) -> None:
    """This will count patterns of evidence as right or wrong; times below zero takes that back."""
    rows = [(pattern, times, 0) for pattern in right] + [(pattern, 0, times) for pattern in wrong]
    if rows:
        schema = {"pattern": pl.String, "right": pl.Int64, "wrong": pl.Int64}
        stage(pl.DataFrame(rows, schema=schema, orient="row"), "cash_counted")
        execute(statement_sql("count"), company=company)


def learn_aside(*, company: int, entry: int, minor: int, ignored_for: str) -> None:
    """This will learn that a line was set aside as a whole, if the bank says whose it is."""
    told, key = _counterpart(company, entry)
    if told.minor != minor or not key[0]:
        return
    known, made = Aside.objects.get_or_create(
        company_id=company,
        counterpart=key[0],
        way=key[1],
        ignored_for=ignored_for,
        defaults={"times": 1, "last_on": told.booked_on},
    )
    if not made:
        Aside.objects.filter(id=known.id).update(
            times=F("times") + 1, last_on=Greatest("last_on", Value(told.booked_on))
        )


def unlearn_aside(*, company: int, entry: int, minor: int, ignored_for: str) -> None:
    """This will take one such lesson back, if it was not forgotten meanwhile."""
    told, key = _counterpart(company, entry)
    if told.minor == minor:
        found = Aside.objects.filter(
            company_id=company, counterpart=key[0], way=key[1], ignored_for=ignored_for, times__gt=0
        )
        found.update(times=F("times") - 1)


def _counterpart(company: int, entry: int) -> tuple[BankEntry, tuple[str, str]]:
    told = BankEntry.objects.select_related("words").get(company_id=company, id=entry)
    words = getattr(told, "words", None)
    account, name = (words.account, words.name) if words else ("", "")
    return told, Movement(entry, told.minor, account, name, told.code).key


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


def forget_aside(*, company: int, aside: int, by: Actor, at: datetime) -> None:
    """This will forget for what a counterpart's lines were set aside. Raises AsideUnknown."""
    with transaction.atomic():
        found = Aside.objects.filter(company_id=company, id=aside).first()
        if found is None:
            raise AsideUnknown(aside)
        facts = {"reason": found.ignored_for, "times": found.times}
        found.delete()
        record(company=company, by=by, at=at, verb="aside.forgotten", facts=facts)


def forget_tallies(*, company: int, by: Actor, at: datetime) -> None:
    """This will forget how often evidence was right here: what comes with the product counts alone."""
    with transaction.atomic():
        gone, _by_kind = Tally.objects.filter(company_id=company).delete()
        if gone:
            record(company=company, by=by, at=at, verb="tallies.forgotten", facts={"patterns": gone})


def _record(company: int, verb: str, by: Actor, at: datetime, *, customer: int) -> None:
    about = [Subject("customer", customer, customer=customer)]
    record(company=company, by=by, at=at, verb=verb, subjects=about)
