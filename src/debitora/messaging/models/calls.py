"""Call (Anruf): somebody of ours telephoned with a customer, or tried to; and the taking back of that word."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from debitora.kit.pg.fields import Ref
from debitora.people.models import Company
from debitora.receivables.models import Customer
from debitora.trail.models import Wording

OUTCOMES = ("reached", "promised", "not_reached", "wrong_number")


class Call(models.Model):
    """A call with its outcome. Append-only. `kind` and `subject_id` name what it was about, as those of a message do.

    `promised_on` is given exactly where the outcome is "promised": the day by which she wants to pay.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    customer = Ref(Customer)
    kind = models.CharField(max_length=20, default="notice")
    subject_id = models.BigIntegerField()
    outcome = models.CharField(max_length=12)
    promised_on = models.DateField(null=True)
    wording = Ref(Wording, null=True)
    called_at = models.DateTimeField()
    called_by_id = models.BigIntegerField(null=True)
    called_by_label = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company", "called_at"], name="call_by_day"),
            models.Index(fields=["company", "kind", "subject_id", "-id"], name="calls_of_subject"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="call_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome="promised", promised_on__isnull=False)
                | (~Q(outcome="promised") & Q(promised_on=None)),
                name="call_promise_has_its_day",
            ),
        ]


class CallUndo(models.Model):
    """Somebody took the word about a call back: it counts no more. Exactly one."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    call = Ref(Call)
    undone_at = models.DateTimeField()
    undone_by_id = models.BigIntegerField(null=True)
    undone_by_label = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["company", "call"], name="call_undone_once")]
