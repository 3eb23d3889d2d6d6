"""Strategy (Mahnverfahren), its versions, and to whom it applies."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Deferrable, Q

from debitora.kit.pg.fields import Ref
from debitora.people.models import Company
from debitora.receivables.models import Customer


class Strategy(models.Model):
    """A way of reminding, by name. What it says stands in its versions."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "name"], name="strategy_name_once")
        ]


class StrategyVersion(models.Model):
    """The policy of a strategy from some moment on (canonical JSON of dunning.rules.policy). Append-only; the highest counts."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    strategy = Ref(Strategy)
    version = models.IntegerField()
    policy = models.JSONField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    made_by_label = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "strategy", "version"], name="strategy_version_once")
        ]


class Assignment(models.Model):
    """Which strategy a kind of customer gets where no rule and no choice of her own says otherwise.

    A customer of unknown kind is treated as a consumer.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    customer_kind = models.CharField(max_length=10)
    strategy = Ref(Strategy)
    assigned_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "customer_kind"], name="one_strategy_per_kind"),
            models.CheckConstraint(
                condition=Q(customer_kind__in=("business", "consumer")), name="assigned_kind_known"
            ),
        ]


class Segment(models.Model):
    """A rule: customers with all of these attributes get the strategy, unless an earlier rule or their own choice says otherwise.

    An empty attribute fits everybody; at least one is given. `place` orders the rules of a company, from 1.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    place = models.IntegerField()
    kind = models.CharField(max_length=10, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    language = models.CharField(max_length=2, blank=True, default="")
    salesperson_id = models.BigIntegerField(null=True)
    strategy = Ref(Strategy)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    made_by_label = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "place"], name="segment_place_once", deferrable=Deferrable.DEFERRED
            ),
            models.UniqueConstraint(
                fields=["company", "kind", "country", "language", "salesperson_id"],
                nulls_distinct=False,
                name="segment_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("", "business", "consumer")), name="segment_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind="", country="", language="", salesperson_id=None), name="segment_narrows"
            ),
        ]


class OwnStrategy(models.Model):
    """The strategy that a person chose for one customer; it goes before every rule."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    customer = Ref(Customer)
    strategy = Ref(Strategy)
    chosen_at = models.DateTimeField()
    chosen_by_id = models.BigIntegerField(null=True)
    chosen_by_label = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "customer"], name="own_strategy_once")
        ]
