"""Pause (Mahnpause) of a group of customers, and its lifting."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from debitora.kit.pg.fields import Ref
from debitora.people.models import Company
from debitora.trail.models import Wording


class Pause(models.Model):
    """For customers with all of these attributes a way is closed from `from_on` to `until_on`, both days included. Append-only.

    An empty attribute fits everybody; at least one is given. `channel` is the way, empty where all are closed; `instead`
    the way that notices take in its place, if any.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    language = models.CharField(max_length=2, blank=True, default="")
    salesperson_id = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=10, blank=True, default="")
    instead = models.CharField(max_length=10, blank=True, default="")
    from_on = models.DateField()
    until_on = models.DateField()
    wording = Ref(Wording)
    placed_at = models.DateTimeField()
    placed_by_id = models.BigIntegerField(null=True)
    placed_by_label = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=("", "business", "consumer")), name="pause_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind="", country="", language="", salesperson_id=None), name="pause_narrows"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=("", "mail", "letter")), name="pause_channel_known"
            ),
            models.CheckConstraint(
                condition=Q(instead__in=("", "mail", "letter", "call"))
                & (Q(instead="") | ~Q(instead=F("channel"))),
                name="pause_instead_known",
            ),
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")), name="pause_ends_after_it_begins"
            ),
        ]


class PauseLift(models.Model):
    """A pause was lifted before its end, by whom and when. Exactly one."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    pause = Ref(Pause)
    lifted_at = models.DateTimeField()
    lifted_by_id = models.BigIntegerField(null=True)
    lifted_by_label = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "pause"], name="pause_lifted_once")
        ]
