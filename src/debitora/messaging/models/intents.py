"""Intent, its conditions and attempts: what is to leave the house, on which conditions, and what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from debitora.documents.models import Blob
from debitora.kit.pg.fields import Ref
from debitora.people.models import Company
from debitora.receivables.models import Contact, Customer, Item, Party

CHANNELS = ("mail", "letter")
STATES = (
    "queued",
    "claimed",
    "data_started",
    "accepted",
    "refused_temp",
    "refused_perm",
    "uncertain",
    "stopped",
    "cancelled",
    "printed",
    "returned",
)
"""The legal paths between them stand in messaging.rules.states."""


class Intent(models.Model):
    """One message to one recipient over one channel. Unique per (subject, channel, recipient): the idempotency key of sending.

    `token` is the random fence of the current claim: a worker that lost it writes nothing. `recipient` is the mail address,
    empty for a letter; that of `contact` where it is meant for a person of the customer's. What goes to her parent
    company names it as `via`, and party, address and contact are the parent's. `due_at` is the earliest moment of sending, or of the next attempt; `attempts` counts refusals for now.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    public_id = models.UUIDField()
    kind = models.CharField(max_length=20, default="notice")
    subject_id = models.BigIntegerField()
    customer = Ref(Customer)
    channel = models.CharField(max_length=10)
    party = Ref(Party)
    recipient = models.CharField(max_length=254, blank=True, default="")
    contact = Ref(Contact, null=True)
    via = Ref(Customer, null=True)
    language = models.CharField(max_length=2)
    mail_subject = models.CharField(max_length=200, blank=True, default="")
    document = Ref(Blob, null=True)
    body = Ref(Blob, null=True)
    data_as_of = models.DateTimeField()
    approved_by_label = models.CharField(max_length=64)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12)
    stop_reason = models.CharField(max_length=40, blank=True, default="")
    token = models.CharField(max_length=32, blank=True, default="")
    claimed_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    state_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["company", "due_at", "id"],
                name="intent_due",
                condition=Q(state__in=("queued", "refused_temp", "claimed", "data_started")),
            ),
            models.Index(fields=["company", "customer", "-id"], name="intent_of_customer"),
            models.Index(fields=["company", "state", "-state_at", "-id"], name="intent_by_state"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "kind", "subject_id", "channel", "recipient"],
                name="one_intent_per_recipient",
            ),
            models.UniqueConstraint(fields=["company", "public_id"], name="public_id_once"),
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="intent_channel_known"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="intent_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=("stopped", "cancelled")) | Q(document__isnull=False),
                name="intent_needs_document",
            ),
        ]


class IntentItem(models.Model):
    """A condition of an intent: this item with this open sum, as the notice shows it. Re-checked at the edge."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    intent = Ref(Intent)
    item = Ref(Item)
    open_minor = models.BigIntegerField()
    due = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "intent", "item"], name="condition_once")
        ]


class Attempt(models.Model):
    """Every change of an intent's state: append-only, with the claim's token and what the other side answered."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    intent = Ref(Intent)
    state = models.CharField(max_length=12)
    token = models.CharField(max_length=32, blank=True, default="")
    reply = models.CharField(max_length=300, blank=True, default="")
    reason = models.CharField(max_length=40, blank=True, default="")
    actor_label = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company", "intent", "id"], name="attempt_of_intent"),
            models.Index(
                fields=["company", "intent"],
                name="attempt_at_dead_address",
                condition=Q(reason="address_is_dead"),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "intent"], condition=Q(state="accepted"), name="accepted_at_most_once"
            )
        ]
