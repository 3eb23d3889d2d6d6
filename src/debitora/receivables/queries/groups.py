"""The product groups that the company's lists name."""

from __future__ import annotations

from typing import Final

from debitora.kit.pg.bulk import rows
from debitora.receivables.queries.reading import statement
from debitora.receivables.rules.items import EVERYTHING, Scope

MOST_GROUPS: Final = 200
"""More than one chooses from."""


def product_groups(scope: Scope = EVERYTHING) -> tuple[str, ...]:
    """The groups of open items whose customers may be seen, by the alphabet, MOST_GROUPS at most."""
    if scope.is_narrow:
        found = rows(statement("reading/product_groups_narrow"), most=MOST_GROUPS, scope=scope.array)
    else:
        found = rows(statement("reading/product_groups"), most=MOST_GROUPS)
    return tuple(str(one["product_group"]) for one in found)
