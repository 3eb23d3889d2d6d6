"""I23: the bytes below DEBITORA_HOME/documents are those whose SHA-256 the database holds. Read here without the store's code."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from debitora.cli.checks.findings import Finding
from debitora.cli.checks.snapshot import Snapshot
from debitora.kit.runtime import home

_ADVICE = (
    "Restore the file of this hash from a backup; what was sent with it is in the recipient's and the mail archive's hands. "
    "Until then nothing with this document goes out."
)
_BLOBS = """
    select b.id, b.sha256, b.size, b.media_type, coalesce(sent.customer_id, told.customer_id) as customer
    from documents_blob b
    left join lateral (
        select i.customer_id from messaging_intent i
        where i.company_id = b.company_id and b.id in (i.document_id, i.body_id) order by i.id limit 1
    ) sent on b.media_type in ('application/pdf', 'message/rfc822')
    left join lateral (
        select n.customer_id from dunning_noticeevent e
        join dunning_notice n on n.company_id = e.company_id and n.id = e.notice_id
        where e.company_id = b.company_id and e.document_id = b.id order by e.id limit 1
    ) told on sent.customer_id is null and b.media_type = 'application/pdf'
    where b.company_id = %(company)s and b.erased_at is null and b.stored_at >= %(since)s
    order by b.id"""


def differing_documents(shot: Snapshot, *, code: str, params: dict[str, Any]) -> tuple[int, list[Finding]]:
    """How many documents were read, and those that are missing or not what they were."""
    read, found = 0, []
    for row in shot.rows(_BLOBS, params):
        read += 1
        found += [
            Finding("I23", code, f"document {row['id']}", what, _ADVICE, row["customer"])
            for what in _faults(_place(params["company"], row["sha256"]), row["sha256"], row["size"])
        ]
    return read, found


def _place(company: int, digest: str) -> Path:
    return home() / "documents" / str(company) / digest[:2] / digest


def _faults(place: Path, digest: str, size: int) -> Iterator[str]:
    try:
        data = place.read_bytes()
    except FileNotFoundError:
        yield f"has no bytes under {digest}"
        return
    if len(data) != size:
        yield f"has {len(data)} bytes, was stored with {size}"
    if hashlib.sha256(data).hexdigest() != digest:
        yield f"its bytes do not have the hash {digest}"
