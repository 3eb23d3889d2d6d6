"""The installation's secret key: from DEBITORA_SECRET_KEY, else made once and kept in the home folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_key(home: Path) -> str:
    """The key that signs sessions and links. Two processes that start at once agree on one."""
    given = os.environ.get("DEBITORA_SECRET_KEY")
    if given:
        return given
    place = home / "secret-key"
    if not place.exists():
        home.mkdir(parents=True, exist_ok=True)
        _write_once(place, secrets.token_urlsafe(50))
    return place.read_text()


def _write_once(place: Path, text: str) -> None:
    draft = place.with_name(f"{place.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    try:
        os.link(draft, place)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
