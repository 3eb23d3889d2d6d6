"""I43: the sealed records of a company form an unbroken chain, recomputed here from the documented encoding.

Each hash is SHA-256 over twelve fields, each preceded by its length in eight bytes, most significant first: the hash before
(32 zero bytes at the beginning), number, record id, moment (UTC, ISO 8601 with microseconds), actor's id ("None" without),
kind and label, verb, facts (JSON, keys sorted, no blanks, UTF-8), digest, hash of the free text, subjects (JSON array of
[kind, id, customer], sorted by how Python writes them).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from debitora.cli.checks.findings import Finding
from debitora.cli.checks.sent import folder
from debitora.cli.checks.snapshot import Snapshot

UNSEALED_FOR = timedelta(minutes=5)
_ADVICE = (
    "Stop and keep a copy of the database: the trail was altered past the application, here or before. "
    "Compare with the last backup in which this record is sound."
)
_UNSEALED_ADVICE = "Start a worker (`debitora up` or `debitora worker`): it seals every minute."
_SEALED = """
    select s.sequence, s.hash, s.record_id, r.id, r.recorded_at, r.actor_id, r.actor_kind, r.actor_label, r.verb,
           r.facts, r.digest, r.wording_hash, about.subjects,
           r.wording_id is not null as worded, w.erased_at is not null as erased, w.text, w.salt
    from trail_seal s
    left join trail_record r on r.company_id = s.company_id and r.id = s.record_id
    left join trail_wording w on w.company_id = r.company_id and w.id = r.wording_id
    left join lateral (
        select json_agg(json_build_array(kind, object_id, customer_id)) as subjects
        from trail_subject where company_id = s.company_id and record_id = s.record_id
    ) about on true
    where s.company_id = %(company)s
    order by s.sequence, s.record_id"""
_UNSEALED = """
    select r.id, r.recorded_at from trail_record r
    where r.company_id = %(company)s and r.recorded_at < %(now)s - %(patience)s
      and not exists (select from trail_seal s where s.company_id = r.company_id and s.record_id = r.id)
    order by r.id"""


@dataclass(frozen=True, slots=True)
class Head:
    """The last seal of a chain: its number (0: nothing sealed) and hash."""

    sequence: int
    hash: bytes


class Chain:
    """One walk along a company's chain; after it, `head` and `length` tell how far it reached."""

    def __init__(self, shot: Snapshot, *, company: int, code: str, now: datetime) -> None:
        self._shot, self._company, self._code, self._now = shot, company, code, now
        self._anchored = anchors(company)
        self.head = Head(0, b"\0" * 32)
        self.length = 0

    def findings(self) -> Iterator[Finding]:
        """Everything that breaks the chain: gaps, altered records, altered words, a lost end, an unsealed tail."""
        for row in self._shot.rows(_SEALED, {"company": self._company}):
            self.length += 1
            yield from self._links(row)
            self.head = Head(row["sequence"], bytes(row["hash"]))
        for sequence in sorted(number for number in self._anchored if number > self.head.sequence):
            yield self._finding(f"seal {sequence}", "is anchored outside and gone: the end was cut off")
        late = {"company": self._company, "now": self._now, "patience": UNSEALED_FOR}
        for row in self._shot.rows(_UNSEALED, late):
            yield self._finding(
                f"record {row['id']}", f"unsealed since {row['recorded_at'].isoformat()}", _UNSEALED_ADVICE
            )

    def _links(self, row: dict[str, Any]) -> Iterator[Finding]:
        sequence = row["sequence"]
        name = f"record {row['record_id']} (seal {sequence})"
        if sequence != self.head.sequence + 1:
            yield self._finding(
                name, f"follows seal {self.head.sequence}: {sequence - self.head.sequence - 1} missing"
            )
        if row["id"] is None:
            yield self._finding(name, "is sealed and gone")
            return
        if link(self.head.hash, row) != bytes(row["hash"]):
            yield self._finding(name, "does not have the hash it was sealed with")
        if self._anchored.get(sequence, bytes(row["hash"])) != bytes(row["hash"]):
            yield self._finding(name, "is anchored outside with another hash: the chain was rewritten")
        if row["worded"] and not row["erased"] and not _words_hold(row):
            yield self._finding(name, "its free text is not the one that was recorded")

    def _finding(self, thing: str, difference: str, advice: str = _ADVICE) -> Finding:
        return Finding("I43", self._code, thing, difference, advice)


def link(before: bytes, row: dict[str, Any]) -> bytes:
    """The hash that a record must have after the hash before it."""
    subjects = sorted((tuple(each) for each in row["subjects"] or ()), key=str)
    fields = (
        before,
        str(row["sequence"]).encode(),
        str(row["record_id"]).encode(),
        row["recorded_at"].astimezone(UTC).isoformat(timespec="microseconds").encode(),
        str(row["actor_id"]).encode(),
        row["actor_kind"].encode(),
        row["actor_label"].encode(),
        row["verb"].encode(),
        json.dumps(row["facts"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(),
        bytes(row["digest"] or b""),
        bytes(row["wording_hash"] or b""),
        json.dumps(subjects, separators=(",", ":")).encode(),
    )
    return hashlib.sha256(b"".join(len(each).to_bytes(8, "big") + each for each in fields)).digest()


def _words_hold(row: dict[str, Any]) -> bool:
    if row["text"] is None:
        return False
    kept = hashlib.sha256(bytes(row["salt"]) + row["text"].encode()).digest()
    return kept == bytes(row["wording_hash"] or b"")


def anchors(company: int) -> dict[int, bytes]:
    """Heads that were noted outside the database: number -> hash. No file, no anchors."""
    place = folder() / f"anchor-{company}.log"
    if not place.exists():
        return {}
    lines = (line.split() for line in place.read_text("utf-8").splitlines())
    return {int(words[1]): bytes.fromhex(words[2]) for words in lines if len(words) == 3}


def drop_anchor(*, company: int, head: Head, at: datetime) -> None:
    """Note a head outside the database, beside the sent journal: `moment number hash`. Only a sound chain should be anchored."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder() / f"anchor-{company}.log").open("a", encoding="utf-8") as file:
        file.write(f"{at.isoformat()} {head.sequence} {head.hash.hex()}\n")
