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
    values (%(company)s, %(sha256)s, %(size)s, %(media_type)s, %(stored_at)s)
    on conflict (company_id, sha256) do nothing returning id"""


def store_bytes(*, company: int, data: bytes, media_type: str, at: datetime) -> Blob:
    """Keep bytes under their SHA-256: written and synced before the row that names them. The same bytes are kept once."""
    digest = hashlib.sha256(data).hexdigest()
    store.write(company=company, digest=digest, data=data)
    facts: dict[str, Any] = {"sha256": digest, "size": len(data), "media_type": media_type, "stored_at": at}
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, {"company": company, **facts})
        made = cursor.fetchone()
    if made is None:
        return Blob.objects.get(company_id=company, sha256=digest)
    return Blob(id=made[0], company_id=company, **facts)


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
