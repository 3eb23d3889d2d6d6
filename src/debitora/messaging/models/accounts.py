"""Changes of the bank account that letters name: proposed by one person, confirmed by another."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from debitora.kit.pg.fields import Ref
from debitora.people.models import Company

CHANGE_ENDS = ("confirmed", "withdrawn", "replaced")


class AccountChange(models.Model):
    """An account that shall take the place of another: who asked, when. In force only once it is confirmed."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11, blank=True, default="")
    bank = models.CharField(max_length=120, blank=True, default="")
    old_iban = models.CharField(max_length=34)
    old_bic = models.CharField(max_length=11, blank=True, default="")
    proposed_by_id = models.BigIntegerField(null=True)
    proposed_by_label = models.CharField(max_length=64)
    proposed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["company", "-id"], name="account_changes")]


class AccountChangeEnd(models.Model):
    """What became of a proposed account: confirmed, withdrawn, or replaced by a newer proposal."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    change = Ref(AccountChange)
    kind = models.CharField(max_length=12)
    ended_by_id = models.BigIntegerField(null=True)
    ended_by_label = models.CharField(max_length=64)
    ended_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "change"], name="account_change_ends_once"),
            models.CheckConstraint(condition=Q(kind__in=CHANGE_ENDS), name="account_change_end_known"),
        ]
