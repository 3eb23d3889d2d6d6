"""Reads of the trail: what happened to an object or customer, and what is not sealed yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet

from debitora.kit.pg.bulk import rows
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


@dataclass(frozen=True, slots=True)
class Asked:
    """Which records are asked for: of these verbs, by this actor, from `since` on and before `until`. Empty: all."""

    verbs: tuple[str, ...] = ()
    actor_id: int | None = None
    actor_kind: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record as the audit reads it.

    `sealed` is its number in the hash chain, None until the job has sealed it; `customer` is one of the `customers`
    (a count) concerned; `is_erased` says that there was a wording whose retention has ended.
    """

    id: int
    recorded_at: datetime
    actor: str
    actor_kind: str
    verb: str
    facts: Mapping[str, Any]
    wording: str
    is_erased: bool
    sealed: int | None
    customer: int | None
    customers: int
    digest: str
    seal_hash: str


def records(*, asked: Asked, before: int | None = None, size: int = 50) -> list[RecordRow]:
    """The company's records, newest first, those with an id below `before`; each with its seal and whom it concerns."""
    found = _asked_for(asked).select_related("wording").order_by("-id")
    if before is not None:
        found = found.filter(id__lt=before)
    return _as_rows(list(found[:size]))


def record_of(*, record: int) -> RecordRow | None:
    """One record, or None if the company has none of that id."""
    return next(iter(_as_rows(list(Record.objects.select_related("wording").filter(id=record)))), None)


@dataclass(frozen=True, slots=True)
class News:
    """A record that somebody is told of: what was done, by whom, and the first object it is about."""

    id: int
    recorded_at: datetime
    actor: str
    verb: str
    kind: str
    object_id: int


def news(
    *,
    verbs: Iterable[str],
    own_verbs: Iterable[str],
    actor: int,
    since: datetime,
    after: int = 0,
    size: int = 100,
    named_verbs: Iterable[str] = (),
) -> list[News]:
    """Records of the verbs, of `own_verbs` only what the actor did herself, and of `named_verbs` only what names her as a
    subject; newest first, with ids above `after`.
    """
    found = rows(
        _NEWS,
        verbs=list(verbs),
        own=list(own_verbs),
        named=list(named_verbs),
        actor=actor,
        since=since,
        after=after,
        size=size,
    )
    return [News(**row) for row in found]


_NEWS: Final = """
    select r.id, r.recorded_at, r.actor_label as actor, r.verb, about.kind, about.object_id
    from trail_record r
    cross join lateral (
        select s.kind, s.object_id from trail_subject s
        where s.company_id = r.company_id and s.record_id = r.id order by s.id limit 1
    ) about
    where (
        r.verb = any(%(verbs)s) or (r.verb = any(%(own)s) and r.actor_id = %(actor)s)
        or (r.verb = any(%(named)s) and exists (
            select from trail_subject n
            where n.company_id = r.company_id and n.record_id = r.id and n.kind = 'user' and n.object_id = %(actor)s
        ))
    )
      and r.id > %(after)s and r.recorded_at >= %(since)s
    order by r.id desc limit %(size)s"""
"""Every page asks for it: as a query that has to be built first it took five times as long."""


def subject_counts(*, record: int) -> dict[str, int]:
    """What a record is about: kind of object -> how many."""
    counted = (
        Subject.objects.filter(record_id=record)
        .values("kind")
        .annotate(many=Count("object_id", distinct=True))
    )
    return {row["kind"]: row["many"] for row in counted.order_by("kind")}


def _asked_for(asked: Asked) -> QuerySet[Record]:
    wanted: dict[str, Any] = {
        "verb__in": asked.verbs,
        "actor_id": asked.actor_id,
        "actor_kind": asked.actor_kind,
        "recorded_at__gte": asked.since,
        "recorded_at__lt": asked.until,
    }
    return Record.objects.filter(**{name: value for name, value in wanted.items() if value})


def _as_rows(found: list[Record]) -> list[RecordRow]:
    ids = [row.id for row in found]
    seals = {seal.record_id: seal for seal in Seal.objects.filter(record_id__in=ids)}
    concerned = Subject.objects.filter(record_id__in=ids).values("record_id")
    whom = {
        row["record_id"]: (row["first"], row["many"])
        for row in concerned.annotate(first=Min("customer_id"), many=Count("customer_id", distinct=True))
    }
    return [_record_row(row, seals.get(row.id), *whom.get(row.id, (None, 0))) for row in found]


def _record_row(row: Record, seal: Seal | None, customer: int | None, customers: int) -> RecordRow:
    return RecordRow(
        id=row.id,
        recorded_at=row.recorded_at,
        actor=row.actor_label,
        actor_kind=row.actor_kind,
        verb=row.verb,
        facts=row.facts,
        wording=row.wording.text if row.wording and not row.wording.erased_at else "",
        is_erased=bool(row.wording and row.wording.erased_at),
        sealed=seal.sequence if seal else None,
        customer=customer,
        customers=customers,
        digest=bytes(row.digest or b"").hex(),
        seal_hash=bytes(seal.hash).hex() if seal else "",
    )


def timeline_of_customer(
    *, customer: int, before: int | None = None, size: int = 50, verbs: Sequence[str] = ()
) -> list[TimelineRow]:
    """What happened to a customer, newest first; `before` is the record id to continue from.

    With `verbs` only what was done by a verb that begins with one of them.
    """
    subjects = Subject.objects.filter(customer_id=customer)
    if verbs:
        subjects = subjects.filter(reduce(or_, (Q(record__verb__startswith=verb) for verb in verbs)))
    return _timeline(subjects, before, size)


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


@dataclass(frozen=True, slots=True)
class Changes:
    """What was done since a seal: how often by verb, the customers concerned, and whether something concerns them all.

    `upto` is the number of the newest seal that was looked at.
    """

    upto: int
    verbs: Mapping[str, int]
    customers: frozenset[int]
    everyone: bool


def changes_since(*, company: int, after: int, verbs: Iterable[str]) -> Changes:
    """The company's sealed records of the verbs after seal number `after`. What names no customer concerns everyone.

    Seals have no gaps, and are given to what is committed: so nothing that commits late is ever passed over.
    """
    newest = last_seal(company=company)
    upto = newest.sequence if newest else 0
    found = rows(_CHANGES, after=after, upto=upto, verbs=list(verbs)) if upto > after else []
    return Changes(
        upto=upto,
        verbs={row["verb"]: row["records"] for row in found if row["verb"]},
        customers=frozenset(row["customer"] for row in found if row["customer"] is not None),
        everyone=any(row["alone"] for row in found),
    )


_CHANGES: Final = """
    with changed as materialized (
        select r.id, r.verb, r.company_id from trail_seal s
        join trail_record r on r.company_id = s.company_id and r.id = s.record_id and r.verb = any(%(verbs)s)
        where s.company_id = current_setting('app.company')::bigint and s.sequence > %(after)s and s.sequence <= %(upto)s
    ), concerned as (
        select c.id, c.verb, about.customer_id
        from changed c
        left join trail_subject about
            on about.company_id = c.company_id and about.record_id = c.id and about.customer_id is not null
    )
    select verb, null::bigint as customer, count(distinct id) as records, bool_or(customer_id is null) as alone
    from concerned group by verb
    union all
    select distinct '', customer_id, 0, false from concerned where customer_id is not null"""


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
