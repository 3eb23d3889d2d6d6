"""Mails about cases: by which whoever answers was told of a step, and those that came in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from debitora.disputes.models.cases import Case, CaseStep
from debitora.disputes.rules.replies import PLACINGS
from debitora.disputes.rules.telling import MailState
from debitora.kit.pg.fields import Ref
from debitora.messaging.models import IncomingMail
from debitora.people.models import Company
from debitora.receivables.models import Customer
from debitora.trail.models import Wording


class CaseMail(models.Model):
    """A person was told of a step by mail: once, for it is claimed and committed before the server is spoken to.

    Its id, marked, stands in the link and the Message-ID; until `until` they answer for her, as long as the case is hers.
    `claimed_at` is the database's own time.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    case = Ref(Case)
    step = Ref(CaseStep)
    user_id = models.BigIntegerField()
    state = models.CharField(max_length=10)
    attempts = models.IntegerField(default=1)
    claimed_at = models.DateTimeField()
    state_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company", "case", "id"], name="mail_of_case"),
            models.Index(
                fields=["company", "claimed_at"], name="case_mail_held", condition=Q(state="claimed")
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "step"], name="step_told_once"),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in MailState]), name="case_mail_state_known"
            ),
        ]


class MailPlacing(models.Model):
    """Where an incoming mail belongs: with a case or a customer, nowhere, or it waits for somebody. Append-only; the newest counts.

    `place` counts them from 1. `why` says why it waits, by what it was placed, or why it was discarded; a mail that waits may name the
    case or customer that it seems to be about. `step` is the comment that it became.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    mail = Ref(IncomingMail)
    place = models.IntegerField()
    kind = models.CharField(max_length=10)
    why = models.CharField(max_length=12, blank=True, default="")
    case = Ref(Case, null=True)
    customer = Ref(Customer, null=True)
    step = Ref(CaseStep, null=True)
    wording = Ref(Wording, null=True)
    done_at = models.DateTimeField()
    done_by_id = models.BigIntegerField(null=True)
    done_by_label = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company", "case", "id"], name="placed_with_case", condition=Q(kind="case")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "mail", "place"], name="mail_placed_once"),
            models.CheckConstraint(condition=Q(kind__in=PLACINGS), name="mail_placing_known"),
            models.CheckConstraint(
                condition=~Q(kind="case") | Q(case__isnull=False), name="placed_with_a_case"
            ),
            models.CheckConstraint(
                condition=~Q(kind="customer") | Q(customer__isnull=False), name="placed_with_a_customer"
            ),
        ]
