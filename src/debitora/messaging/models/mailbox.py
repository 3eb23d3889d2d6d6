"""The mailbox whose mails are fetched, and how far that has come."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from debitora.kit.sealing import SEALED
from debitora.messaging.models.sender import SECURITY
from debitora.people.models import Company


class ImapMailbox(models.Model):
    """The mailbox of a company: where it is, and up to which mail it was read. One row per company; without a host nothing is fetched.

    Unique ids up to `last_uid` were taken, as long as the server says `validity`; `problem` is why the last look failed, "" if it did
    not. The password is sealed (kit.sealing).
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    host = models.CharField(max_length=253, blank=True, default="")
    port = models.IntegerField(default=993)
    security = models.CharField(max_length=10, default="tls")
    user = models.CharField(max_length=200, blank=True, default="")
    password_sealed = models.TextField(blank=True, default="")
    folder = models.CharField(max_length=100, default="INBOX")
    done_folder = models.CharField(max_length=100, blank=True, default="")
    since_on = models.DateField()
    validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=12, blank=True, default="")
    problem_words = models.CharField(max_length=300, blank=True, default="")
    version = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company"], name="one_mailbox_per_company"),
            models.CheckConstraint(condition=Q(security__in=SECURITY), name="mailbox_security_known"),
            models.CheckConstraint(
                condition=Q(password_sealed="") | Q(password_sealed__regex=SEALED),
                name="mailbox_password_is_sealed",
            ),
        ]
