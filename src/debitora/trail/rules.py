"""Actor, Subject, and the hash that chains records: length-prefixed, so that no two different records encode alike."""

from __future__ import annotations

import hashlib
import json
import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

GENESIS = b"\0" * 32


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: a user (with id), the system by the name of its job, or an account of the operating system."""

    id: int | None
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Subject:
    """An object that a record is about, and the customer whose timeline shows it."""

    kind: str
    id: int
    customer: int | None = None


def system(job: str) -> Actor:
    """The system itself, acting as one of its jobs."""
    return Actor(id=None, kind="system", label=job)


def operating_system_account() -> Actor:
    """Whoever runs the command, as the operating system knows her, whatever the environment says; else her number."""
    number = os.getuid()
    try:
        label = pwd.getpwuid(number).pw_name
    except KeyError:
        label = f"uid {number}"
    return Actor(id=None, kind="account", label=label)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a seal covers of a record."""

    sequence: int
    record_id: int
    recorded_at: datetime
    actor_id: int | None
    actor_kind: str
    actor_label: str
    verb: str
    facts: Mapping[str, object]
    digest: bytes
    wording_hash: bytes
    subjects: tuple[tuple[str, int, int | None], ...]


def chain_hash(before: bytes, sealed: Sealed) -> bytes:
    """SHA-256 over the hash before and every field of the record, each with its length in front."""
    fields = [
        before,
        str(sealed.sequence).encode(),
        str(sealed.record_id).encode(),
        sealed.recorded_at.astimezone(UTC).isoformat(timespec="microseconds").encode(),
        str(sealed.actor_id).encode(),
        sealed.actor_kind.encode(),
        sealed.actor_label.encode(),
        sealed.verb.encode(),
        json.dumps(sealed.facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(),
        sealed.digest,
        sealed.wording_hash,
        json.dumps(sorted(sealed.subjects, key=str), separators=(",", ":")).encode(),
    ]
    state = hashlib.sha256()
    for field in fields:
        state.update(len(field).to_bytes(8, "big"))
        state.update(field)
    return state.digest()


def wording_commitment(text: str, salt: bytes) -> bytes:
    """What a record keeps of a free text: erasing text and salt later leaves the chain valid and the words unknown."""
    return hashlib.sha256(salt + text.encode()).digest()
