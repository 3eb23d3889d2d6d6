"""Importing a list as a workbook (XLSX) into an empty company; a sheet holds at most 1,048,575 rows."""

from __future__ import annotations

from collections.abc import Callable

from bench import ground, importing

SIZES = (10_000, 100_000)
UNIT = "rows"


def prepare(size: int) -> Callable[[], object]:
    """Write the workbook; each run imports it into a company of its own."""
    ground.lay()
    return importing.into_new_companies(ground.listed(size, workbook=True))


also = ground.server_peak
