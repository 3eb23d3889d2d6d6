"""So many fresh one-page letters with their mails: typeset and composed, stored and synced, rows committed. In one process."""

from __future__ import annotations

from collections.abc import Callable

from bench import releasing

SIZES = (100, 500, 2_000)
UNIT = "letters"


def prepare(size: int) -> Callable[[], object]:
    """As for letters alone, each to a mail address."""
    return releasing.prepared(size, on_paper=False)
