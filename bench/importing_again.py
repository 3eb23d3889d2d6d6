"""The list of the day after, of which nothing has changed: read, compared with all that is known, and nothing written."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from bench import ground

SIZES = (10_000, 100_000, 1_000_000)
UNIT = "rows"


def prepare(size: int) -> Callable[[], object]:
    """Import the list once; each run brings it once more, as of a later day."""
    ground.lay()
    path = ground.listed(size)
    company, days = ground.found(), count(1)
    ground.bring_in(company, path)

    def work() -> None:
        state = ground.bring_in(company, path, days=next(days))
        if state != "nothing":
            raise RuntimeError(state)

    return work


also = ground.server_peak
