"""Piles: letters joined in one PDF for the printing office, and the word that they were posted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from debitora.documents.models import Blob
from debitora.kit.pg.fields import Ref
from debitora.messaging.models.intents import Intent
from debitora.people.models import Company

PILE_EVENTS = ("posted", "taken_back")
DROP_STATES = ("claimed", "started", "handed", "failed", "uncertain")


class Pile(models.Model):
    """Letters in the order in which they lie in one PDF, with its cover list. Making it changes no letter.

    `number` counts a company's piles from 1; `pages` and `sheets` are those of the letters, without the list.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    number = models.IntegerField()
    document = Ref(Blob)
    duplex = models.BooleanField()
    letters = models.IntegerField()
    pages = models.IntegerField()
    sheets = models.IntegerField()
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    made_by_label = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "number"], name="pile_number_once"),
            models.CheckConstraint(
                condition=Q(letters__gt=0, pages__gte=models.F("letters"), sheets__gte=models.F("letters")),
                name="pile_holds_letters",
            ),
        ]


class PileLetter(models.Model):
    """One letter's place in a pile (from 1), and its pages."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    pile = Ref(Pile)
    intent = Ref(Intent)
    place = models.IntegerField()
    pages = models.IntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["company", "intent"], name="pile_of_letter")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "pile", "intent"], name="letter_once_in_pile"),
            models.UniqueConstraint(fields=["company", "pile", "place"], name="one_letter_per_place"),
        ]


class PileEvent(models.Model):
    """A pile was printed and posted, or that word was taken back; the newest counts. `intents`: the letters it moved."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    pile = Ref(Pile)
    kind = models.CharField(max_length=12)
    intents = models.JSONField(default=list)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["company", "pile", "-id"], name="events_of_pile")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=PILE_EVENTS), name="pile_event_known")
        ]


class PileDrop(models.Model):
    """A pile on its way into the folder of a letter service: claimed -> started -> handed, or failed, or uncertain.

    `started` is committed before the files get the names under which the service sees them. `token` is the fence of all its
    letters (`intents`), `name` that of the index, `reason` a code of what it failed of. At most one that has not failed per pile.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    pile = Ref(Pile)
    token = models.CharField(max_length=32)
    name = models.CharField(max_length=80)
    intents = models.JSONField()
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=40, blank=True, default="")
    claimed_at = models.DateTimeField()
    state_at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["company", "pile", "-id"], name="drops_of_pile")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "pile"], condition=~Q(state="failed"), name="pile_dropped_once"
            ),
            models.CheckConstraint(condition=Q(state__in=DROP_STATES), name="pile_drop_known"),
        ]
