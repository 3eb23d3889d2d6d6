"""Actions of documents: keep bytes, uploads, sources, mappings and faults."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from debitora.documents.models import Blob, Fault, Mapping, Source, Upload
from debitora.documents.rules import clean_name
from debitora.kit import store
from debitora.trail.actions import record
from debitora.trail.rules import Actor
from debitora.trail.rules import Subject as About

_KEEP = """insert into documents_blob (company_id, sha256, size, media_type, stored_at)
    select %(company)s, sha256, size, media_type, %(at)s
    from unnest(%(sha256)s::text[], %(size)s::bigint[], %(media_type)s::text[]) as kept (sha256, size, media_type)
    on conflict (company_id, sha256) do nothing"""


def store_bytes(*, company: int, data: bytes, media_type: str, at: datetime) -> Blob:
    """Keep bytes under their SHA-256: written and synced before the row that names them. The same bytes are kept once."""
    return store_all(company=company, kept=[(data, media_type)], at=at)[0]


def store_all(*, company: int, kept: Sequence[tuple[bytes, str]], at: datetime) -> list[Blob]:
    """Keep bytes with their media types, as `store_bytes` does, all files before all rows; in the order given."""
    digests = [hashlib.sha256(data).hexdigest() for data, _media_type in kept]
    by_digest = dict(zip(digests, kept, strict=True))
    store.write_all(company=company, files={digest: data for digest, (data, _type) in by_digest.items()})
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            {
                "company": company,
                "at": at,
                "sha256": sorted(by_digest),
                "size": [len(by_digest[digest][0]) for digest in sorted(by_digest)],
                "media_type": [by_digest[digest][1] for digest in sorted(by_digest)],
            },
        )
    found = {blob.sha256: blob for blob in Blob.objects.filter(company_id=company, sha256__in=by_digest)}
    return [found[digest] for digest in digests]


def take_upload(*, company: int, data: bytes, name: str, media_type: str, by: Actor, at: datetime) -> Upload:
    """Keep a file that someone handed in. Its name is only what it was called."""
    with transaction.atomic():
        blob = store_bytes(company=company, data=data, media_type=media_type, at=at)
        upload = Upload.objects.create(
            company_id=company, blob=blob, name=clean_name(name), uploaded_at=at, uploaded_by_id=by.id
        )
        record(
            company=company,
            by=by,
            at=at,
            verb="file.uploaded",
            subjects=[About("upload", upload.id)],
            facts={"sha256": blob.sha256, "size": blob.size},
        )
    return upload


def source(*, company: int, kind: str, name: str, at: datetime) -> Source:
    """The source of that name, made when it is named for the first time."""
    found, _made = Source.objects.get_or_create(
        company_id=company, kind=kind, name=name.strip()[:80] or "default", defaults={"created_at": at}
    )
    return found


def remember_mapping(
    *, company: int, source: Source, mapping: dict[str, Any], by: Actor, at: datetime
) -> Mapping:
    """Remember how a source's columns are read; the newest counts."""
    return Mapping.objects.create(
        company_id=company, source=source, mapping=mapping, made_at=at, made_by_id=by.id
    )


def note_faults(*, company: int, upload: Upload, faults: Sequence[dict[str, Any]]) -> None:
    """Keep what could not be read of an upload, in place of what was noted before: code, line, column, value, params."""
    Fault.objects.filter(upload=upload).delete()
    Fault.objects.bulk_create(
        [Fault(company_id=company, upload=upload, **fault) for fault in faults], batch_size=1000
    )
