"""Which copies of invoices go with a notice: those of the items that it asks for, as far as they are kept and fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from debitora.dunning.rules.composition import LineFacts
from debitora.receivables.rules.documents import that_fit

MOST_ENCLOSED_BYTES: Final = 8_000_000
"""Of all copies of one notice; in a mail they take a third more, and servers commonly refuse more than 20 MB."""
ASKED_FOR: Final = ("due", "upcoming")


@dataclass(frozen=True, slots=True)
class Copy:
    """A document kept with an item."""

    document: int
    blob: int
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A copy that belongs to a notice, under the number of its invoice; `sent`: it goes along, else it is only named."""

    number: str
    copy: Copy
    sent: bool


def enclosures(
    lines: Sequence[LineFacts], copies: Mapping[int, Sequence[Copy]], *, most: int = MOST_ENCLOSED_BYTES
) -> tuple[Enclosure, ...]:
    """The copies of what is asked for, in the order of the letter's table; the same bytes once."""
    asked = sorted(
        (line for line in lines if line.kind in ASKED_FOR),
        key=lambda line: (line.due_on, line.number, line.item),
    )
    found = {
        copy.sha256: (line.number, copy)
        for line in reversed(asked)
        for copy in reversed(copies.get(line.item, ()))
    }
    wanted = list(reversed(found.values()))
    fitting = that_fit((copy.size for _number, copy in wanted), most=most)
    return tuple(Enclosure(number, copy, sent) for (number, copy), sent in zip(wanted, fitting, strict=True))


def numbers(found: Sequence[Enclosure], *, sent: bool) -> tuple[str, ...]:
    """The numbers of the invoices whose copies go along, or do not; each once, in their order."""
    return tuple(dict.fromkeys(one.number for one in found if one.sent is sent))
