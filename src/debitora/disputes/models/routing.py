"""RoutingVersion: what a company says about reasons and rules; CaseRoute: which rule a case was put to somebody by. Append-only."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from debitora.disputes.models.cases import Case
from debitora.kit.pg.fields import Ref
from debitora.people.models import Company


class RoutingVersion(models.Model):
    """Reasons and rules from some moment on (`rules.routing_file`). The highest number counts; without a row the preset does."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    number = models.IntegerField()
    routing = models.JSONField()
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    made_by_label = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "number"], name="routing_version_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="routing_number_counts"),
        ]


class CaseRoute(models.Model):
    """The rule that a case was routed by, as it was then. `version` 0 is the preset, `place` 0 the rule for the rest.

    `asked_id`: whom the rule asks; the case was given to somebody else by hand where its first step names another.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    case = Ref(Case)
    version = models.IntegerField()
    place = models.SmallIntegerField()
    rule = models.JSONField()
    asked_id = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "case"], name="case_routed_once"),
            models.CheckConstraint(condition=Q(version__gte=0, place__gte=0), name="case_route_counts"),
        ]
