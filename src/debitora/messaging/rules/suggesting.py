"""What somebody may have meant who wrote a name that texts do not know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Final

from debitora.messaging.rules.texts import FILTERS, TAGS, TextFault
from debitora.messaging.rules.variables import VARIABLES, Variable

_NAMED: Final = re.compile(r"'([^']+)'")


def suggestion(fault: TextFault, *, variables: tuple[Variable, ...] = VARIABLES) -> str:
    """The known name nearest to what was read; empty where none is near, or where no name is at fault."""
    if fault.code == "unknown_variable":
        return _nearest(fault.value, _names(fault.value, variables))
    if fault.code == "unknown_filter":
        return _nearest(fault.value, FILTERS)
    named = _NAMED.search(fault.value) if fault.code == "unknown_tag" else None
    return _nearest(named.group(1), TAGS) if named else ""


def _names(read: str, variables: tuple[Variable, ...]) -> Iterator[str]:
    """Every name that could stand there: of a list also its lines' fields, under the name by which the text calls a line."""
    root = read.rpartition(".")[0]
    for variable in variables:
        yield variable.name
        yield from (f"{variable.name}.first.{field}" for field in variable.fields)
        if root and not any(known.name.startswith(f"{root}.") for known in variables):
            yield from (f"{root}.{field}" for field in variable.fields)


def _nearest(read: str, names: Iterable[str]) -> str:
    found = get_close_matches(read[:80], sorted(set(names)), n=1)
    return found[0] if found else ""
