"""I43: the entries of an applied list are those whose digest its trail record holds.

The digest is SHA-256 over one line `item,kind,amount` per entry of the import in the order of their ids. Later rows may stand
for the same import (a payment or an undo puts its word back in force), so the entries first written are a beginning of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from debitora.cli.checks.findings import Finding
from debitora.cli.checks.snapshot import Snapshot

_ADVICE = "An entry of this list was changed, added or removed after it was applied; I1 names its item."
_TOLD = """
    select s.object_id as list_import, r.id as record, r.digest
    from trail_record r
    join trail_subject s on s.company_id = r.company_id and s.record_id = r.id and s.kind = 'list_import'
    where r.company_id = %(company)s and r.verb = 'list.applied' and r.recorded_at >= %(since)s
    order by s.object_id, r.id"""
_ENTRIES = """
    select e.list_import_id as list_import, concat_ws(',', e.item_id, e.kind, e.amount_minor) || E'\\n' as line
    from receivables_entry e
    where e.company_id = %(company)s and e.list_import_id is not null
    order by e.list_import_id, e.id"""


def differing_lists(shot: Snapshot, *, code: str, params: dict[str, Any]) -> tuple[int, list[Finding]]:
    """How many applied lists were recomputed, and those whose entries do not give their digest."""
    told = {row["list_import"]: row for row in shot.rows(_TOLD, params)}
    sound = {row["list_import"] for row in told.values() if bytes(row["digest"]) == _NOTHING}
    for list_import, lines in groupby(shot.rows(_ENTRIES, params), key=lambda row: row["list_import"]):
        if list_import in told and _begins(lines, bytes(told[list_import]["digest"])):
            sound.add(list_import)
    return len(told), [
        Finding(
            "I43",
            code,
            f"list import {lost}",
            f"its entries do not give the digest of record {row['record']}",
            _ADVICE,
        )
        for lost, row in sorted(told.items())
        if lost not in sound
    ]


_NOTHING = hashlib.sha256().digest()


def _begins(lines: Iterator[dict[str, Any]], digest: bytes) -> bool:
    """Whether the first of these lines, up to some line, give the digest."""
    state = hashlib.sha256()
    for row in lines:
        state.update(row["line"].encode())
        if state.digest() == digest:
            return True
    return False
