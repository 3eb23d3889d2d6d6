"""The mail by which whoever answers a case was told of a step."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from debitora.disputes.models.cases import Case, CaseStep
from debitora.disputes.rules.telling import MailState
from debitora.kit.pg.fields import Ref
from debitora.people.models import Company


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
