"""Reads of the trail: what happened to an object or customer, and what is not sealed yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from debitora.trail.models import Record, Seal, Subject, Wording
from debitora.trail.rules import Sealed


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One thing that happened, ready to be shown: `facts` are ids and codes, `wording` the free text ("" if none or erased)."""

    id: int
    recorded_at: datetime
    actor: str
    actor_kind: str
    verb: str
    facts: dict[str, Any]
    wording: str
    kind: str
    object_id: int


def timeline_of_customer(*, customer: int, before: int | None = None, size: int = 50) -> list[TimelineRow]:
    """What happened to a customer, newest first; `before` is the record id to continue from."""
    subjects = Subject.objects.filter(customer_id=customer)
    return _timeline(subjects, before, size)


def timeline_of_object(
    *, kind: str, object_id: int, before: int | None = None, size: int = 50
) -> list[TimelineRow]:
    """What happened to one object, newest first."""
    return _timeline(Subject.objects.filter(kind=kind, object_id=object_id), before, size)


def timeline_of_company(*, before: int | None = None, size: int = 50, verb: str = "") -> list[TimelineRow]:
    """The whole company's record, newest first, optionally of one verb."""
    records = Record.objects.select_related("wording").order_by("-id")
    if verb:
        records = records.filter(verb__startswith=verb)
    if before is not None:
        records = records.filter(id__lt=before)
    return [_row(record, "", 0) for record in records[:size]]


def _timeline(subjects: Any, before: int | None, size: int) -> list[TimelineRow]:
    if before is not None:
        subjects = subjects.filter(record_id__lt=before)
    rows: dict[int, TimelineRow] = {}
    for subject in subjects.select_related("record", "record__wording").order_by("-record_id", "id")[
        : size * 3
    ]:
        rows.setdefault(subject.record_id, _row(subject.record, subject.kind, subject.object_id))
    return list(rows.values())[:size]


def _row(record: Record, kind: str, object_id: int) -> TimelineRow:
    return TimelineRow(
        id=record.id,
        recorded_at=record.recorded_at,
        actor=record.actor_label,
        actor_kind=record.actor_kind,
        verb=record.verb,
        facts=record.facts,
        wording=record.wording.text if record.wording else "",
        kind=kind,
        object_id=object_id,
    )


def wordings(ids: Iterable[int]) -> dict[int, str]:
    """Free texts by id."""
    return dict(Wording.objects.filter(id__in=list(ids)).values_list("id", "text"))


def last_seal(*, company: int, lock: bool = False) -> Seal | None:
    """The company's newest seal; with `lock` no other transaction can seal this company until the end."""
    if lock:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtextextended('trail:' || %s, 0))", [company])
    return Seal.objects.filter(company_id=company).order_by("-sequence").first()


def unsealed_records(*, company: int, most: int) -> list[Record]:
    """Records without a seal, oldest first. Ids are given before commit, so a late commit is sealed later than its id says."""
    sealed = Seal.objects.filter(company_id=company).values("record_id")
    return list(Record.objects.filter(company_id=company).exclude(id__in=sealed).order_by("id")[:most])


def sealed_content(sequence: int, record: Record) -> Sealed:
    """What a seal of this number covers of the record."""
    subjects = Subject.objects.filter(record_id=record.id).values_list("kind", "object_id", "customer_id")
    return Sealed(
        sequence=sequence,
        record_id=record.id,
        recorded_at=record.recorded_at,
        actor_id=record.actor_id,
        actor_kind=record.actor_kind,
        actor_label=record.actor_label,
        verb=record.verb,
        facts=record.facts,
        digest=bytes(record.digest or b""),
        wording_hash=bytes(record.wording_hash or b""),
        subjects=tuple(subjects),
    )
