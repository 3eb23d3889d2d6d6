"""Case (Klärungsfall), its items, steps and holds (append-only), and CaseState, the projection that the board reads."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from debitora.disputes.rules.outcomes import Outcome
from debitora.disputes.rules.steps import CaseStatus, StepKind
from debitora.kit.pg.fields import Ref
from debitora.people.models import Company
from debitora.receivables.models import Customer, Hold, Item
from debitora.trail.models import Wording

KINDS = tuple(one.value for one in StepKind)
STATES = tuple(one.value for one in CaseStatus)
OUTCOMES = tuple(one.value for one in Outcome)


def _company() -> models.ForeignKey[Company, Company]:
    return models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)


class Case(models.Model):
    """Items of one customer in one currency that somebody has to clarify: why, and what is asked. Append-only."""

    company = _company()
    customer = Ref(Customer)
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=20)
    wording = Ref(Wording)
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    opened_by_id = models.BigIntegerField(null=True)
    opened_by_label = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["company", "opened_by_id", "id"], name="case_by_opener")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reason__regex=r"^[a-z][a-z0-9_-]*$"), name="case_reason_is_a_code"
            )
        ]


class CaseItem(models.Model):
    """An item that a case is about: all of it, or an amount. `claimed_minor` is what of it was disputed at first. Append-only."""

    company = _company()
    case = Ref(Case)
    item = Ref(Item)
    amount_minor = models.BigIntegerField(null=True)
    claimed_minor = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["company", "item", "case"], name="case_of_item")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "case", "item"], name="item_once_in_a_case"),
            models.CheckConstraint(condition=Q(claimed_minor__gt=0), name="case_item_disputes_something"),
            models.CheckConstraint(
                condition=Q(amount_minor=None) | Q(amount_minor=models.F("claimed_minor")),
                name="case_item_amount_is_claimed",
            ),
        ]


class CaseStep(models.Model):
    """What was done with a case, by whom and when. Append-only; `amount_minor` is what an outcome is about, None: all."""

    company = _company()
    case = Ref(Case)
    kind = models.CharField(max_length=10)
    wording = Ref(Wording, null=True)
    assignee_id = models.BigIntegerField(null=True)
    due_on = models.DateField(null=True)
    outcome = models.CharField(max_length=20, blank=True, default="")
    until_on = models.DateField(null=True)
    amount_minor = models.BigIntegerField(null=True)
    done_on = models.DateField()
    recorded_at = models.DateTimeField()
    done_by_id = models.BigIntegerField(null=True)
    done_by_label = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["company", "case", "id"], name="step_of_case")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="case_step_kind_known"),
            models.CheckConstraint(
                condition=Q(kind__in=("answered", "closed"), outcome__in=OUTCOMES)
                | ~Q(kind__in=("answered", "closed")) & Q(outcome="", until_on=None, amount_minor=None),
                name="case_outcome_by_answer",
            ),
            models.UniqueConstraint(
                fields=["company", "case"], condition=Q(kind="opened"), name="case_opened_once"
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=models.F("done_on")), name="case_outcome_ahead"
            ),
            models.UniqueConstraint(
                fields=["company", "case", "assignee_id", "due_on"],
                condition=Q(kind="reminded"),
                name="reminded_once_of_a_day",
            ),
        ]


class CaseHold(models.Model):
    """A hold that a step of a case placed on one of its items; the newest of an item is its own. Append-only."""

    company = _company()
    case = Ref(Case)
    item = Ref(Item)
    step = Ref(CaseStep)
    hold = Ref(Hold)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["company", "case", "item", "id"], name="hold_of_case")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["company", "hold"], name="hold_of_one_case")]


class CaseState(models.Model):
    """Where a case stands: follows from its steps and items. The only table here that is updated."""

    company = _company()
    case = models.OneToOneField(
        Case, primary_key=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="state"
    )
    customer = Ref(Customer)
    state = models.CharField(max_length=10)
    assignee_id = models.BigIntegerField(null=True)
    due_on = models.DateField()
    amount_minor = models.BigIntegerField()
    outcome = models.CharField(max_length=20, blank=True, default="")
    until_on = models.DateField(null=True)
    last_step_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["company", "due_on", "case"], name="case_pending_by_due", condition=~Q(state="closed")
            ),
            models.Index(fields=["company", "assignee_id", "due_on", "case"], name="case_by_assignee"),
            models.Index(fields=["company", "customer", "case"], name="case_by_customer"),
            models.Index(
                fields=["company", "last_step_at", "case"],
                name="case_open_by_step",
                condition=Q(state="open"),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="case_state_known"),
            models.CheckConstraint(condition=Q(outcome__in=("", *OUTCOMES)), name="case_outcome_known"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="case_amount_above_zero"),
        ]
