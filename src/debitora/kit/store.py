"""Bytes kept under their SHA-256, below DEBITORA_HOME/documents/<company>/. Written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

from debitora.kit.failpoints import failpoint
from debitora.kit.runtime import home, new_token

_DIGEST = re.compile(r"^[0-9a-f]{64}$")


class BytesMissing(Exception):
    """No bytes lie under this hash: erased, or the store is older than the database."""


class BytesDiffer(Exception):
    """The stored bytes do not have the hash that they are kept under."""


class NotAHash(Exception):
    """Bytes are asked for by something that is no SHA-256."""


def place_of(*, company: int, digest: str) -> Path:
    """Where bytes of that hash lie. Raises NotAHash for anything else, so no name can leave the folder."""
    if not _DIGEST.match(digest):
        raise NotAHash(digest[:80])
    return home() / "documents" / str(int(company)) / digest[:2] / digest


def write(*, company: int, digest: str, data: bytes) -> None:
    """Write bytes so that they are whole or not there: temporary file, sync, rename, sync of the folder."""
    write_all(company=company, files={digest: data})


def write_all(*, company: int, files: Mapping[str, bytes]) -> None:
    """Write bytes by their hash, each whole or not there; on return all are synced, every folder once."""
    places = {place_of(company=company, digest=digest): data for digest, data in files.items()}
    for folder in sorted({place.parent for place, data in places.items() if _written(place, data)}):
        _sync_folder(folder)


def _written(place: Path, data: bytes) -> bool:
    """Write one file, whose folder is still to be synced; False if the bytes were there."""
    if place.exists() and place.stat().st_size == len(data):
        return False
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = place.with_name(f".{place.name}.{new_token()}")
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            failpoint("document_written")
            os.fsync(file.fileno())
        draft.rename(place)
    finally:
        draft.unlink(missing_ok=True)
    return True


def read(*, company: int, digest: str) -> bytes:
    """The bytes of that hash, verified. Raises BytesMissing or BytesDiffer."""
    try:
        data = place_of(company=company, digest=digest).read_bytes()
    except FileNotFoundError:
        raise BytesMissing(digest) from None
    if hashlib.sha256(data).hexdigest() != digest:
        raise BytesDiffer(digest)
    return data


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
