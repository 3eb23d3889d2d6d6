"""Reads of documents."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from debitora.documents.models import Blob, Mapping, Source, Upload
from debitora.documents.models import Fault as FaultRow
from debitora.formats.faults import Fault, FaultCode
from debitora.kit import store
from debitora.kit.pg.bulk import rows


def read_bytes(blob: Blob) -> bytes:
    """The bytes of a blob, verified against their hash. Raises store.BytesMissing or store.BytesDiffer."""
    return store.read(company=blob.company_id, digest=blob.sha256)


def sources(*, kind: str) -> list[Source]:
    """The company's sources of a kind ("items", "customers"), by name."""
    return list(Source.objects.filter(kind=kind).order_by("name", "id"))


def source_names(*, kind: str) -> dict[int, str]:
    """What the company's sources of a kind are called, by id, in the order of their names."""
    found = rows("select id, name from documents_source where kind = %(kind)s order by name, id", kind=kind)
    return {row["id"]: row["name"] for row in found}


def remembered_mapping(*, source: Source) -> dict[str, Any] | None:
    """How the source's columns were read last, as formats.guess.Mapping writes it; None if never."""
    newest = Mapping.objects.filter(source=source).order_by("-id").first()
    return newest.mapping if newest else None


def faults_of(*, upload: Upload, most: int = 1000) -> list[Fault]:
    """What could not be read of an upload, in the order of its lines; at most a thousand are kept."""
    found = FaultRow.objects.filter(upload=upload).order_by("line", "id")[:most]
    return [_fault(row) for row in found]


def first_faults(*, uploads: Collection[int]) -> dict[int, Fault]:
    """The first thing that could not be read of each upload, by the upload's id; those without one are left out."""
    found = FaultRow.objects.filter(upload__in=uploads).order_by("upload_id", "line", "id")
    return {row.upload_id: _fault(row) for row in found.distinct("upload_id")}


def _fault(row: FaultRow) -> Fault:
    words = tuple(sorted((name, str(word)) for name, word in row.params.items()))
    return Fault(FaultCode(row.code), row.line or 0, row.column, row.value, words)
