"""Run (Mahnlauf), its approval, and one decision per overdue item."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from debitora.kit.pg.fields import Ref
from debitora.people.models import Company
from debitora.trail.models import Wording

STATES = ("proposed", "approved", "released", "discarded")


class Run(models.Model):
    """One dunning run of a company on a day. `data_as_of` is the snapshot that it read; `digest` covers its decisions.

    `schedule` names who asked (daily, hand-N, or follow-N): (company, schedule, on) is the key that keeps a period from running
    twice. A `follow_up` looked only at customers of whom something had changed since the runs before it; `counts` says what.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    on = models.DateField()
    schedule = models.CharField(max_length=20)
    state = models.CharField(max_length=10, default="proposed")
    data_as_of = models.DateTimeField()
    overdue_items = models.BigIntegerField()
    counts = models.JSONField(default=dict)
    notice_count = models.BigIntegerField(default=0)
    digest = models.BinaryField()
    stopped_by_bound = models.BooleanField(default=False)
    follow_up = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    created_by_label = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["company", "-on", "-id"], name="run_newest_first")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "schedule", "on"],
                condition=~Q(state="discarded"),
                name="one_run_per_period",
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="run_state_known"),
        ]


class RunStep(models.Model):
    """A step as a run applied it: the values that all its notices of this level and strategy version were made with.

    Copied once for them all (docs/decisions/0022). Level 0 is the word before the due day.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    run = Ref(Run)
    strategy_version_id = models.BigIntegerField()
    level = models.SmallIntegerField()
    step = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "run", "strategy_version_id", "level"], name="one_step_per_run"
            )
        ]


class RunApproval(models.Model):
    """A run was approved: by a person, or by the policy. Exactly one."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    run = Ref(Run)
    approved_by_id = models.BigIntegerField(null=True)
    approved_by_label = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["company", "run"], name="run_approved_once")]


class RunDiscard(models.Model):
    """A proposed run was thrown away: by a person, with her reason, or because a newer one took its place."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    run = Ref(Run)
    wording = Ref(Wording, null=True)
    discarded_by_id = models.BigIntegerField(null=True)
    discarded_by_label = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "run"], name="run_discarded_once")
        ]


class Decision(models.Model):
    """What a run decided about one overdue (or upcoming) item and why: `reason` is a code of dunning.rules.reasons.

    A view of two places (docs/decisions/0035). An item that a notice asks for is decided by its line on that notice. Every
    other one has a row in the table dunning_decision, partitioned by `month`, the first day of the month (UTC) in which the
    run was made; a month goes as a whole when it is too old (docs/decisions/0019), so of an old run there may be no such rows
    any more. Both are written in bulk, their references checked per statement. Amounts are minor units of `currency`. An item
    is one customer's, and decided once in a run.
    """

    company = models.ForeignKey(
        Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    run = Ref(Run)
    month = models.DateField()
    item_id = models.BigIntegerField(primary_key=True)
    customer_id = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.SmallIntegerField()
    level_before = models.SmallIntegerField()
    level_to = models.SmallIntegerField()
    days_overdue = models.IntegerField()
    open_minor = models.BigIntegerField()
    held_minor = models.BigIntegerField()
    strategy_version_id = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "dunning_decided"
