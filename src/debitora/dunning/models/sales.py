"""What sales is asked before a step, and what it answers. Both append-only; what stands follows from the newest answer."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from debitora.dunning.models.runs import Run
from debitora.dunning.rules.policy import Silence
from debitora.kit.pg.fields import Ref
from debitora.people.models import Company
from debitora.receivables.models import Customer
from debitora.trail.models import Wording

ANSWERS = ("released", "stopped", "undone")


class SalesQuestion(models.Model):
    """A run asks the customer's salesperson whether a notice of the level may go, instead of making it. Append-only.

    `items` are those that it would ask for; the question is over when each of them is paid or was reminded of. `place` counts the
    questions of the customer and level, from 1. `silence` is what the step said then.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    customer = Ref(Customer)
    level = models.SmallIntegerField()
    place = models.IntegerField()
    run = Ref(Run)
    strategy_version_id = models.BigIntegerField()
    items = ArrayField(models.BigIntegerField())
    asked_on = models.DateField()
    until_on = models.DateField()
    silence = models.CharField(max_length=10)
    asked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "customer", "level", "place"], name="sales_question_once"
            ),
            models.CheckConstraint(
                condition=Q(silence__in=[one.value for one in Silence]), name="sales_silence_known"
            ),
            models.CheckConstraint(
                condition=Q(level__gte=1, place__gte=1) & ~Q(items=[]), name="sales_question_of_something"
            ),
        ]


class SalesAnswer(models.Model):
    """Sales released what a question is about, or stopped it until a day for a reason; or took that word back. Append-only."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    question = Ref(SalesQuestion)
    place = models.IntegerField()
    kind = models.CharField(max_length=10)
    reason = models.CharField(max_length=20, blank=True, default="")
    until_on = models.DateField(null=True)
    wording = Ref(Wording, null=True)
    answered_on = models.DateField()
    answered_at = models.DateTimeField()
    answered_by_id = models.BigIntegerField(null=True)
    answered_by_label = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "question", "place"], name="sales_answer_once"),
            models.CheckConstraint(condition=Q(kind__in=ANSWERS), name="sales_answer_known"),
            models.CheckConstraint(
                condition=Q(kind="stopped", until_on__isnull=False) & ~Q(reason="")
                | ~Q(kind="stopped") & Q(until_on__isnull=True, reason=""),
                name="sales_stop_has_day_and_reason",
            ),
        ]


class SalesMail(models.Model):
    """The one mail of a day that told a salesperson what she is asked. Append-only."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    user_id = models.BigIntegerField()
    on = models.DateField()
    questions = models.IntegerField()
    told_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "user_id", "on"], name="sales_mail_once_a_day")
        ]


class CopyMail(models.Model):
    """The one mail of a day that told a salesperson which notices to her customers have left. Append-only."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    user_id = models.BigIntegerField()
    on = models.DateField()
    notices = ArrayField(models.BigIntegerField())
    told_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "user_id", "on"], name="copy_mail_once_a_day")
        ]
