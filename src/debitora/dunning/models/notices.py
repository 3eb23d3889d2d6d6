"""Notice (Mahnung), its lines and what happened to it. A notice keeps what it was made with."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from debitora.documents.models import Blob
from debitora.dunning.models.runs import Run
from debitora.kit.pg.fields import Ref
from debitora.people.models import Company
from debitora.receivables.models import Customer, ItemDocument, Party

EVENTS = (
    "withheld",
    "reinstated",
    "no_recipient",
    "rendered",
    "call_due",
    "call_missed",
    "called",
    "call_undone",
    "render_failed",
    "accepted",
    "printed",
    "stopped",
    "refused",
    "returned",
    "cancelled",
    "ground_withdrawn",
)
LINE_KINDS = ("due", "also_open", "credit", "upcoming")
"""What an item on a notice is there as: asked for, open but inside its own grace, a credit, or due only later.

A notice keeps them as numbers: 1 is "due".
"""


class Notice(models.Model):
    """One reminder to one customer in one currency. Amounts are minor units of `currency`; level is its highest due item's.

    Append-only: what happens to a notice are events and deliveries. The values of its step are its run's (RunStep).
    Its lines are arrays of its own row, in the order of items; who reads them reads NoticeLine. A line that asks for its item
    is also the run's decision about it, so a notice keeps the days overdue and what holds kept out; a notice from before
    docs/decisions/0035 has neither, and its items have rows of their own. What it claims beside its items stands by line, too;
    both arrays are null where it claims none.
    """

    company = models.ForeignKey(
        Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    run = Ref(Run)
    group_key = models.CharField(max_length=60)
    number = models.CharField(max_length=30)
    customer = Ref(Customer)
    currency = models.CharField(max_length=3)
    level = models.SmallIntegerField()
    due_minor = models.BigIntegerField()
    also_open_minor = models.BigIntegerField()
    credit_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(default=0)
    interest_minor = models.BigIntegerField(default=0, db_default=0)
    lump_sum_minor = models.BigIntegerField(default=0, db_default=0)
    total_minor = models.BigIntegerField()
    item_count = models.IntegerField()
    strategy_version_id = models.BigIntegerField()
    created_at = models.DateTimeField()
    line_items = ArrayField(models.BigIntegerField(), default=list)
    line_kinds = ArrayField(models.SmallIntegerField(), default=list)
    line_open_minor = ArrayField(models.BigIntegerField(), default=list)
    line_levels_from = ArrayField(models.SmallIntegerField(), default=list)
    line_levels_to = ArrayField(models.SmallIntegerField(), default=list)
    line_days_overdue = ArrayField(models.IntegerField(), null=True)
    line_held_minor = ArrayField(models.BigIntegerField(), null=True)
    line_interest_minor = ArrayField(models.BigIntegerField(), null=True)
    line_lump_sum_minor = ArrayField(models.BigIntegerField(), null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["company", "customer", "-id"], name="notice_of_customer")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "run", "group_key"], name="one_notice_per_group"),
            models.CheckConstraint(condition=Q(level__gte=0), name="notice_level_not_negative"),
        ]


class NoticeLine(models.Model):
    """An item on a notice with the sum that was open then; `kind` is one of LINE_KINDS.

    A view: a row for each entry of the arrays that a notice keeps (docs/decisions/0022). Who looks for an item's lines goes
    through its customer's notices.
    """

    company = models.ForeignKey(
        Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    notice_id = models.BigIntegerField()
    item_id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=10)
    open_minor = models.BigIntegerField()
    level_from = models.SmallIntegerField()
    level_to = models.SmallIntegerField()

    class Meta:
        managed = False


class NoticeEnclosure(models.Model):
    """A copy of an invoice that goes with a notice, frozen when its letter was made. Append-only.

    `place` counts from 1; `sent` is false where it was too large together with those before it: the notice then names it.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    notice = Ref(Notice)
    document = Ref(ItemDocument)
    blob = Ref(Blob)
    place = models.SmallIntegerField()
    sent = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "notice", "place"], name="one_enclosure_per_place"),
            models.UniqueConstraint(fields=["company", "notice", "document"], name="enclosed_once"),
            models.CheckConstraint(condition=Q(place__gt=0), name="enclosures_count_from_one"),
        ]


class NoticeEvent(models.Model):
    """What happened to a notice, by whom and when. `rendered` carries the document, the recipient's party and the deadline."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    notice = Ref(Notice)
    kind = models.CharField(max_length=20)
    document = Ref(Blob, null=True)
    party = Ref(Party, null=True)
    deadline_on = models.DateField(null=True)
    reason = models.CharField(max_length=40, blank=True, default="")
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company", "notice", "id"], name="event_of_notice"),
            models.Index(
                fields=["company", "notice"], name="no_recipient_of_notice", condition=Q(kind="no_recipient")
            ),
            models.Index(
                fields=["company", "notice"], name="call_due_of_notice", condition=Q(kind="call_due")
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=EVENTS), name="notice_event_known")
        ]
