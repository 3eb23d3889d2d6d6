"""Proposal, Payer, Habit, Aside, Tally and MatchPolicy: what may be booked, what was learned from what was booked, and how bold to be."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from debitora.cash.models.statements import BankEntry
from debitora.kit.pg.fields import Ref
from debitora.people.models import Company
from debitora.receivables.models import Customer


def _company() -> models.ForeignKey[Company, Company]:
    return models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)


class Proposal(models.Model):
    """What an open entry may be, best first (rank 1); made anew by each matching, gone when the entry is booked.

    parts: [[item, allocated minor, discount minor, written-off minor], ...], a credit's amounts below zero. evidence: the codes that
    speak for it, in order; their words stand on the page. pattern: the same as counted. confidence: basis points. exchanged_minor and
    exchanged_currency: what the line counts as, as the bank says, where the items are in another currency.
    """

    company = _company()
    entry = Ref(BankEntry)
    rank = models.SmallIntegerField()
    customer = Ref(Customer, null=True)
    ignored_for = models.CharField(max_length=20, blank=True, default="")
    kind = models.CharField(max_length=20)
    confidence = models.SmallIntegerField()
    parts = models.JSONField()
    evidence = models.JSONField()
    exchanged_minor = models.BigIntegerField(null=True)
    exchanged_currency = models.CharField(max_length=3, blank=True, default="")
    pattern = models.CharField(max_length=80, db_collation="C")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "entry", "rank"], name="proposal_ranked_once"),
            models.CheckConstraint(
                condition=Q(confidence__gte=0, confidence__lte=10_000), name="proposal_confidence_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(customer__isnull=False, ignored_for="")
                | Q(customer=None, parts=[]) & ~Q(ignored_for=""),
                name="proposal_names_a_customer_or_a_reason",
            ),
        ]


class Payer(models.Model):
    """An account from which a customer's items were paid, and how often. Learned from bookings, forgotten on request."""

    company = _company()
    account = models.CharField(max_length=40, db_collation="C")
    customer = Ref(Customer)
    times = models.IntegerField()
    last_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "account", "customer"], name="payer_once"),
            models.CheckConstraint(condition=Q(times__gte=0), name="payer_times_not_negative"),
        ]


class Habit(models.Model):
    """How a customer pays, by kind of explanation, and how often; learned and forgotten like a payer."""

    company = _company()
    customer = Ref(Customer)
    kind = models.CharField(max_length=20)
    times = models.IntegerField()
    last_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "customer", "kind"], name="habit_once"),
            models.CheckConstraint(condition=Q(times__gte=0), name="habit_times_not_negative"),
        ]


class Aside(models.Model):
    """A counterpart whose lines people set aside for a reason, and how often; learned and forgotten like a payer.

    counterpart: the other account, else the name, else the kind of transaction. way: `in` or `out`.
    """

    company = _company()
    counterpart = models.CharField(max_length=140, db_collation="C")
    way = models.CharField(max_length=3)
    ignored_for = models.CharField(max_length=20)
    times = models.IntegerField()
    last_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "counterpart", "way", "ignored_for"], name="aside_once"
            ),
            models.CheckConstraint(
                condition=Q(times__gte=0, way__in=("in", "out")) & ~Q(counterpart="") & ~Q(ignored_for=""),
                name="aside_says_of_whom_and_why",
            ),
        ]


class Tally(models.Model):
    """How often proposals with the same evidence were right and wrong in this company, as people decided."""

    company = _company()
    pattern = models.CharField(max_length=80, db_collation="C")
    right = models.IntegerField(default=0)
    wrong = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "pattern"], name="tally_once"),
            models.CheckConstraint(condition=Q(right__gte=0, wrong__gte=0), name="tally_not_negative"),
        ]


class MatchPolicy(models.Model):
    """What is booked without asking, and what may be taken off. The newest row counts.

    care: a wrong booking weighs as much as looking at so many lines; from it follows the confidence that is enough. most_minor: larger
    lines wait for a person; null is without bound. discount_bp within discount_days of issue plus grace_days. write_off_minor:
    differences up to it may be written off. Amounts are minor units of the company's currency.
    """

    company = _company()
    by_itself = models.BooleanField(default=True)
    care = models.IntegerField(default=1_000)
    most_minor = models.BigIntegerField(null=True)
    discount_bp = models.SmallIntegerField(default=0)
    discount_days = models.SmallIntegerField(default=0)
    grace_days = models.SmallIntegerField(default=0)
    write_off_minor = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by_label = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(care__gte=1, discount_bp__gte=0, discount_bp__lte=2_000, discount_days__gte=0)
                & Q(grace_days__gte=0, write_off_minor__gte=0),
                name="match_policy_in_range",
            ),
        ]
