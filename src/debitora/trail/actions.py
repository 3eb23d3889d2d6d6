"""Actions of the trail: write a record within the caller's transaction; seal the records that have none."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from debitora.kit.pg.bulk import array_text
from debitora.trail.models import Record, Seal, Subject, Wording
from debitora.trail.queries import last_seal, sealed_content, unsealed_records
from debitora.trail.rules import GENESIS, Actor, chain_hash, wording_commitment
from debitora.trail.rules import Subject as About

_WRITE = """with written as (
        insert into trail_record
            (company_id, recorded_at, actor_id, actor_kind, actor_label, verb, facts, digest, wording_id, wording_hash)
        values (%(company)s, %(at)s, %(actor)s, %(kind)s, %(label)s, %(verb)s, %(facts)s, %(digest)s, %(wording)s,
            %(wording_hash)s)
        returning id
    ), concerned as (
        insert into trail_subject (company_id, record_id, kind, object_id, customer_id)
        select %(company)s, written.id, about.*
        from written, unnest(%(kinds)s::text[], %(ids)s::bigint[], %(customers)s::bigint[]) as about
    )
    select id from written"""
"""A record and what it is about in one statement, for a list may concern a hundred thousand customers."""


def put_wording(*, company: int, text: str) -> Wording:
    """Keep a free text apart from the ledger, with the salt of its commitment."""
    return Wording.objects.create(company_id=company, text=text, salt=secrets.token_bytes(16))


def record(
    *,
    company: int,
    by: Actor,
    at: datetime,
    verb: str,
    subjects: Iterable[About] = (),
    facts: Mapping[str, object] | None = None,
    wording: str = "",
    digest: bytes | None = None,
    customers: Sequence[int] = (),
) -> int:
    """Write that `by` did `verb` at a moment: ids and codes in `facts`, free text in `wording`. Returns the record's id.

    To be called once by every action, inside its own transaction. A bulk action hands in the digest of its rows and the ids of
    all `customers` whom the first of its subjects concerns.
    """
    words = put_wording(company=company, text=wording) if wording else None
    about = list(subjects)
    many = len(customers)
    values: dict[str, Any] = {
        "company": company,
        "at": at,
        "actor": by.id,
        "kind": by.kind,
        "label": by.label[:64],
        "verb": verb,
        "facts": Jsonb(dict(facts or {})),
        "digest": digest,
        "wording": words.id if words else None,
        "wording_hash": wording_commitment(words.text, bytes(words.salt)) if words else None,
        "kinds": array_text([*(one.kind for one in about), *[one.kind for one in about[:1]] * many]),
        "ids": array_text([*(one.id for one in about), *[one.id for one in about[:1]] * many]),
        "customers": array_text([*(one.customer for one in about), *customers]),
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)
        return int(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class Entry:
    """One of many records that an action writes: what was done, to what, with ids and codes in `facts`."""

    verb: str
    subjects: Sequence[About]
    facts: Mapping[str, object]


def record_all(*, company: int, by: Actor, at: datetime, entries: Sequence[Entry]) -> None:
    """Write what one transaction did to many, a record each, as `record` does it, in two statements."""
    made = Record.objects.bulk_create(
        Record(
            company_id=company,
            recorded_at=at,
            actor_id=by.id,
            actor_kind=by.kind,
            actor_label=by.label[:64],
            verb=entry.verb,
            facts=dict(entry.facts),
        )
        for entry in entries
    )
    Subject.objects.bulk_create(
        Subject(
            company_id=company, record=row, kind=about.kind, object_id=about.id, customer_id=about.customer
        )
        for row, entry in zip(made, entries, strict=True)
        for about in entry.subjects
    )


def seal(*, company: int, at: datetime, most: int = 10_000) -> int:
    """Chain the company's unsealed records in the order of their ids; returns how many were sealed.

    The head is locked by an advisory lock for the transaction, so two sealers never give one number twice.
    """
    with transaction.atomic():
        before = last_seal(company=company, lock=True)
        sequence, last_hash = (before.sequence, bytes(before.hash)) if before else (0, GENESIS)
        seals = []
        for row in unsealed_records(company=company, most=most):
            sequence += 1
            last_hash = chain_hash(last_hash, sealed_content(sequence, row))
            seals.append(
                Seal(company_id=company, sequence=sequence, record_id=row.id, sealed_at=at, hash=last_hash)
            )
        Seal.objects.bulk_create(seals, batch_size=5000)
    return len(seals)
