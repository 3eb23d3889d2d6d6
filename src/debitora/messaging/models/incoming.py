"""Mails that came in: what each of them is, and which delivery it changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from debitora.documents.models import Blob
from debitora.kit.pg.fields import Ref
from debitora.messaging.models.intents import Intent
from debitora.people.models import Company

INCOMING = (
    "returned",
    "delayed",
    "passed",
    "nothing",
    "other_recipient",
    "not_ours",
    "automatic",
    "other",
    "unread",
)
"""What a mail that came in was found to be (messaging.rules.returns)."""


class IncomingMail(models.Model):
    """A mail that was taken from the company's folder: once, by the hash of its bytes. `name` is that of its file.

    `intent` is the message that a report is about, or that its recipient answers; `document` its bytes, which are kept where it
    changed one, and of what a person wrote. `mark` is a name with a signature that it answers or is addressed to. `sorted_at`:
    who reads the inbox has looked at it; `settled_at`: nobody has to any more. The texts (sender, subject, recipient, words) may be
    overwritten when retention ends; nothing else of the row can be changed.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    state = models.CharField(max_length=16)
    reason = models.CharField(max_length=20, blank=True, default="")
    status = models.CharField(max_length=12, blank=True, default="")
    intent = Ref(Intent, null=True)
    document = Ref(Blob, null=True)
    sender = models.CharField(max_length=254, blank=True, default="")
    subject = models.CharField(max_length=200, blank=True, default="")
    recipient = models.CharField(max_length=254, blank=True, default="")
    words = models.CharField(max_length=300, blank=True, default="")
    mark = models.CharField(max_length=60, blank=True, default="")
    taken_at = models.DateTimeField()
    sorted_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company", "id"], name="incoming_unsorted", condition=Q(sorted_at=None)),
            models.Index(
                fields=["company", "-id"],
                name="incoming_waiting",
                condition=Q(state__in=("other", "unread"), settled_at=None),
            ),
            models.Index(fields=["company", "state", "-id"], name="incoming_by_state"),
            models.Index(
                fields=["company", "intent"], name="incoming_of_intent", condition=Q(intent__isnull=False)
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "sha256"], name="incoming_taken_once"),
            models.CheckConstraint(condition=Q(state__in=INCOMING), name="incoming_state_known"),
            models.CheckConstraint(
                condition=~Q(state="returned") | Q(intent__isnull=False, document__isnull=False),
                name="returned_by_a_kept_mail",
            ),
        ]
