"""A customer's dossier: what is known of her on some pages for a meeting. Who makes it brings every value written out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from debitora.messaging.rules.sheet import printable


class SectionUneven(Exception):
    """A row has not as many cells as the head; the text names the section."""


@dataclass(frozen=True, slots=True)
class Section:
    """A table. widths: of its columns in mm, 0 shares what is left; right: places of the columns that stand right; empty: what
    is said where there are no rows; more: what stands under it. Raises SectionUneven.
    """

    title: str
    head: Sequence[str]
    widths: Sequence[int]
    right: Sequence[int]
    rows: Sequence[Sequence[str]]
    empty: str
    more: str = ""

    def __post_init__(self) -> None:
        if any(len(row) != len(self.head) for row in (self.widths, *self.rows)):
            raise SectionUneven(self.title)


@dataclass(frozen=True, slots=True)
class Dossier:
    """title: the customer; under: number, kind and day; facts: short labels with values; foot: stands on every page; page: with {page} and {pages}."""

    title: str
    under: str
    sender: str
    language: str
    foot: str
    page: str
    facts: Sequence[tuple[str, str]]
    sections: Sequence[Section]


def dossier_sheet(dossier: Dossier) -> dict[str, Any]:
    """Everything that stands on it, for letters/dossier.typ."""
    known: dict[str, Any] = printable(asdict(dossier))
    return known
