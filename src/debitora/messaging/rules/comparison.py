"""Two versions of a text held against each other, word by word: what stayed, what went, what came."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

PARTS: Final = ("subject", "mail", "opening", "closing")
"""The parts of a wording, in the order in which they are read."""
_WORDS: Final = re.compile(r"\{\{.*?\}\}\s*|\{%.*?%\}\s*|[^\s{]+\s*|\{\s*|\s+", re.DOTALL)
_MOST_WORDS: Final = 1_500
"""Longer texts are compared line by line, so that no text can make the comparison slow."""


class Fate(StrEnum):
    """What became of a piece of the text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text with one fate, its white space as it was."""

    fate: Fate
    text: str


@dataclass(frozen=True, slots=True)
class PartChange:
    """One part of a wording that changed."""

    part: str
    pieces: tuple[Piece, ...]


def changed_parts(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[PartChange, ...]:
    """The parts that read differently, in reading order; white space at the ends counts for nothing."""
    return tuple(
        PartChange(part, compared(before[part].strip(), after[part].strip()))
        for part in PARTS
        if before[part].strip() != after[part].strip()
    )


def compared(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces of both texts in reading order. SAME and GONE give `before`, SAME and NEW give `after`."""
    olds, news = _words(before), _words(after)
    if max(len(olds), len(news)) > _MOST_WORDS:
        olds, news = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return tuple(_pieces(olds, news))


def _words(text: str) -> list[str]:
    return _WORDS.findall(text)


def _pieces(olds: list[str], news: list[str]) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, olds, news, autojunk=False)
    for code, old, old_end, new, new_end in matcher.get_opcodes():
        if code == "equal":
            yield Piece(Fate.SAME, "".join(olds[old:old_end]))
            continue
        if old < old_end:
            yield Piece(Fate.GONE, "".join(olds[old:old_end]))
        if new < new_end:
            yield Piece(Fate.NEW, "".join(news[new:new_end]))
