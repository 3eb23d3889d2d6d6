"""So many fresh one-page letters: typeset, their bytes stored and synced, their rows committed. In one process.

Every step goes by post, so a letter is its document and nothing else; `lettering_mailed` makes the mails, too.
"""

from __future__ import annotations

from collections.abc import Callable

from bench import releasing

SIZES = (100, 500, 2_000)
UNIT = "letters"


def prepare(size: int) -> Callable[[], object]:
    """Three approved runs of three companies wait, each with that many notices; each run of the work releases one."""
    return releasing.prepared(size, on_paper=True)
