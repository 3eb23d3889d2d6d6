"""Who a company sends as and through which server; the locks that stop all sending."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from debitora.documents.models import Blob
from debitora.kit.pg.fields import Ref
from debitora.kit.sealing import SEALED
from debitora.people.models import Company
from debitora.trail.models import Wording

SECURITY = ("none", "starttls", "tls")


class Sender(models.Model):
    """What stands on a company's letters and mails, and its mail server. One row per company, changed with a trail row.

    The password is sealed (kit.sealing): it can be read only with the installation's secret key. `colour` (#1c2430) and
    `footer` (columns parted by blank lines) are ours where empty; `logo` and `signature` are PNGs of rules.emblems.
    `reply_marked`: its mailbox takes what is written to name+anything@domain, so that answers go to an address that says what they answer.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    name = models.CharField(max_length=200, blank=True, default="")
    street = models.CharField(max_length=200, blank=True, default="")
    postcode = models.CharField(max_length=20, blank=True, default="")
    city = models.CharField(max_length=120, blank=True, default="")
    contact_name = models.CharField(max_length=120, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    reply_to = models.CharField(max_length=254, blank=True, default="")
    reply_marked = models.BooleanField(default=False)
    iban = models.CharField(max_length=34, blank=True, default="")
    bic = models.CharField(max_length=11, blank=True, default="")
    bank = models.CharField(max_length=120, blank=True, default="")
    imprint = models.TextField(blank=True, default="")
    colour = models.CharField(max_length=7, blank=True, default="")
    footer = models.TextField(blank=True, default="")
    logo = Ref(Blob, null=True)
    signature = Ref(Blob, null=True)
    smtp_host = models.CharField(max_length=253, blank=True, default="")
    smtp_port = models.IntegerField(default=587)
    smtp_user = models.CharField(max_length=200, blank=True, default="")
    smtp_password_sealed = models.TextField(blank=True, default="")
    smtp_security = models.CharField(max_length=10, default="starttls")
    smtp_tested_at = models.DateTimeField(null=True)
    dkim_selector = models.CharField(max_length=63, blank=True, default="")
    proofs_missing = models.CharField(max_length=20, blank=True, default="")
    proofs_asked_at = models.DateTimeField(null=True)
    daily_bound = models.IntegerField(default=5000)
    only_allowed = models.BooleanField(default=False)
    version = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company"], name="one_sender_per_company"),
            models.CheckConstraint(condition=Q(smtp_security__in=SECURITY), name="smtp_security_known"),
            models.CheckConstraint(
                condition=Q(smtp_password_sealed="") | Q(smtp_password_sealed__regex=SEALED),
                name="smtp_password_is_sealed",
            ),
        ]


class AllowedRecipient(models.Model):
    """An address or domain ("@example.test") that a test system may write to when `only_allowed` is set."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    pattern = models.CharField(max_length=254)
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["company", "pattern"], name="allowed_once")]


class SendLock(models.Model):
    """All sending of a company was stopped: by whom, when, why. In force until its unlock exists."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    reason = models.CharField(max_length=40)
    wording = Ref(Wording, null=True)
    locked_by_id = models.BigIntegerField(null=True)
    locked_by_label = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()


class SendUnlock(models.Model):
    """A send lock was lifted."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    lock = Ref(SendLock)
    unlocked_by_id = models.BigIntegerField(null=True)
    unlocked_by_label = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["company", "lock"], name="unlocked_once")]


class Installation(models.Model):
    """Which installation this database belongs to: its id also stands in a file of the home folder.

    A mismatch (a restored, copied or failed-over database) keeps all sending locked until an operator confirms.
    """

    instance_id = models.CharField(max_length=32, unique=True)
    confirmed_at = models.DateTimeField()
