"""The installation's id: a random word in a file of the home folder, which no backup of the database carries along."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from debitora.kit.runtime import home, new_token


def instance_id() -> str:
    """The id of this home folder, made when it is first asked for. Two processes at once agree on one."""
    place = home() / "instance-id"
    if not place.exists():
        home().mkdir(parents=True, exist_ok=True)
        draft = place.with_name(f"instance-id.{new_token()}")
        draft.write_text(new_token())
        try:
            os.link(draft, place)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return place.read_text().strip()


@contextmanager
def forget_instance() -> Iterator[None]:
    """Have another id from here on, so that no database knows this home; the old one comes back if the block fails."""
    place = home() / "instance-id"
    known = instance_id()
    place.unlink()
    try:
        yield
    except BaseException:
        place.write_text(known)
        raise
