"""How long the generator takes; the size counts items, with one customer for ten of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from debitora.demo.generator import generate

SIZES = (10_000, 100_000, 1_000_000)
DAY = date(2026, 11, 20)


def prepare(size: int) -> Callable[[], object]:
    """Return the making of a company with `size` items over 18 months."""
    return lambda: generate(seed=1, customers=size // 10, items=size, months=18, on=DAY)
