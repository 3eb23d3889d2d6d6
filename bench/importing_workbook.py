"""Importing a list as a workbook (XLSX) into an empty company; a sheet holds at most 1,048,575 rows."""

from __future__ import annotations

from collections.abc import Callable

from bench import ground

SIZES = (10_000, 100_000)
UNIT = "rows"


def prepare(size: int) -> Callable[[], object]:
    """Write the workbook; each run imports it into a company of its own."""
    ground.lay()
    path = ground.listed(size, workbook=True)

    def work() -> None:
        state = ground.bring_in(ground.found(), path)
        if state != "applied":
            raise RuntimeError(state)

    return work


also = ground.server_peak
