"""The product groups that the company's lists name."""

from __future__ import annotations

from typing import Final

from debitora.kit.pg.bulk import rows
from debitora.receivables.queries.reading import statement

MOST_GROUPS: Final = 200
"""More than one chooses from."""


def product_groups() -> tuple[str, ...]:
    """The groups of open items, by the alphabet, MOST_GROUPS at most."""
    found = rows(statement("reading/product_groups"), most=MOST_GROUPS)
    return tuple(str(one["product_group"]) for one in found)
