"""What people of the company want to be mailed themselves, and the mails to them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from debitora.messaging.rules.own_mails import Rhythm
from debitora.people.models import Company

MAIL_STATES = ("queued", "started", "sent", "refused", "dropped")


class MailChoice(models.Model):
    """What one person chose to be mailed, by the words of rules.own_mails. Her own preference: the trail does not keep it."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    user_id = models.BigIntegerField()
    rhythm = models.CharField(max_length=10)
    weekday = models.SmallIntegerField()
    hour = models.SmallIntegerField()
    parts = ArrayField(models.CharField(max_length=12))
    alerts = ArrayField(models.CharField(max_length=20))
    begun_on = models.DateField()
    chosen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "user_id"], name="mail_choice_once"),
            models.CheckConstraint(
                condition=Q(rhythm__in=[one.value for one in Rhythm]), name="mail_rhythm_known"
            ),
            models.CheckConstraint(
                condition=Q(weekday__gte=0, weekday__lte=4, hour__gte=5, hour__lte=20),
                name="mail_moment_usual",
            ),
        ]


class PersonMail(models.Model):
    """A mail to one person of the company: a digest of a day, or an alert. Unique per (person, kind, key).

    `started` is committed before the server is handed the mail, and is never sent again: at most once. What it says is
    emptied when it has left; `figures` stay, for the next digest to compare with, and `told`, the records of an alert.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    user_id = models.BigIntegerField()
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=20)
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    figures = models.JSONField(default=dict)
    told = ArrayField(models.BigIntegerField(), default=list)
    state = models.CharField(max_length=10, default="queued")
    reason = models.CharField(max_length=40, blank=True, default="")
    queued_at = models.DateTimeField()
    state_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company", "id"], name="person_mail_queued", condition=Q(state="queued")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "user_id", "kind", "key"], name="person_mail_once"),
            models.CheckConstraint(condition=Q(kind__in=("digest", "alert")), name="person_mail_kind_known"),
            models.CheckConstraint(condition=Q(state__in=MAIL_STATES), name="person_mail_state_known"),
        ]
