"""Record, its subjects, its words, and the seal that chains it. Company and actor are plain ids: trail is near the ground."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from debitora.kit.pg.fields import Ref


class Wording(models.Model):
    """Free text that a person wrote (a reason, a note). May be overwritten when retention ends; records keep a salted hash."""

    company_id = models.BigIntegerField()
    text = models.TextField()
    salt = models.BinaryField()
    erased_at = models.DateTimeField(null=True)


class Record(models.Model):
    """One thing that was done: verb, actor, moment, ids and codes. Append-only; written in the action's own transaction."""

    company_id = models.BigIntegerField()
    recorded_at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_kind = models.CharField(max_length=10)
    actor_label = models.CharField(max_length=64)
    verb = models.CharField(max_length=60)
    facts = models.JSONField()
    digest = models.BinaryField(null=True)
    wording = Ref(Wording, null=True)
    wording_hash = models.BinaryField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["company_id", "verb", "id"], name="record_by_verb")]


class Subject(models.Model):
    """What a record is about: one row per object and customer concerned. Its key in the database is (company, record, id).

    A run writes a hundred thousand of them: their record is looked up once per statement.
    """

    company_id = models.BigIntegerField()
    record = Ref(Record)
    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company_id", "customer_id", "record"], name="subject_by_customer"),
            models.Index(fields=["company_id", "kind", "object_id", "record"], name="subject_by_object"),
        ]


class Seal(models.Model):
    """A record's place in its company's hash chain: gapless number, hash over the record and the hash before it."""

    company_id = models.BigIntegerField()
    sequence = models.BigIntegerField()
    record = Ref(Record)
    sealed_at = models.DateTimeField()
    hash = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company_id", "sequence"], name="seal_number_once"),
            models.UniqueConstraint(fields=["company_id", "record"], name="sealed_once"),
        ]
