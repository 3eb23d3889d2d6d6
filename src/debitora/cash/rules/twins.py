"""Whether a statement is one that the account has already, told again: the whole of it is known then, and nothing is compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Outline:
    """A statement without its lines' words. amounts: how often each amount in minor units stands among its lines."""

    format: str
    number: str
    opened_on: date | None
    opening_minor: int | None
    moved_minor: int
    amounts: Mapping[int, int]


def repeats(told: Outline, known: Iterable[Outline], *, continues: bool) -> bool:
    """Whether `told` is one of the known statements of the same balances on the same closing day.

    continues: it begins where the account ends, so it may be a later one of that day.
    """
    return any(_is(told, one, continues=continues) for one in known)


def _is(told: Outline, known: Outline, *, continues: bool) -> bool:
    """Balances between which money moved are proof enough in another format, which may tell a batch as one line or as its parts.

    Balances between which nothing did prove nothing, nor does the number of a format; the amounts have to be the same.
    """
    if told.format != known.format and told.moved_minor and told.opening_minor is not None:
        return True
    if Counter(told.amounts) != Counter(known.amounts):
        return False
    if told.format != known.format or told.number == known.number:
        return True
    return not continues if told.moved_minor else not numbered_apart(told, known)


def numbered_apart(one: Outline, other: Outline) -> bool:
    """Whether the bank counts them as two of the same day: two statements, unless it numbers one in two ways."""
    counted = bool(one.number and other.number) and one.number != other.number
    return counted and one.format == other.format and one.opened_on == other.opened_on
