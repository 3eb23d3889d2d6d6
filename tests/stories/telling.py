"""How a story is read: prose is for people; **what stands in bold** is done, with the table below its paragraph.

A story is told from top to bottom in one company. What a verb finds is held against the table: the same rows, whatever
their order, in the columns that the story shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from debitora.values.money import Money

Row = dict[str, str]
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_RULE = re.compile(r"^\|[\s:|-]+\|$")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens: its words, its table (empty if there is none), and the line of the story it stands on."""

    words: str
    table: tuple[Row, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Verb:
    """Words with gaps, and the function that does them."""

    words: str
    pattern: re.Pattern[str]
    do: Callable[..., None]


VERBS: list[Verb] = []


class StoryBroken(AssertionError):
    """The story says one thing and the house another."""


def verb(words: str, *, among: list[Verb] = VERBS) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function under words with {gaps}; it gets the world, the gaps by name, and the table if it asks for it."""
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(words))

    def register(function: Callable[..., None]) -> Callable[..., None]:
        among.append(Verb(words, re.compile(f"^{pattern}$", re.IGNORECASE), function))
        return function

    return register


def steps(path: Path) -> Iterator[Step]:
    """What happens in a story, in its order."""
    lines = path.read_text("utf-8").splitlines()
    paragraphs = list(_paragraphs(lines))
    for place, (line, text) in enumerate(paragraphs):
        if text.startswith(("|", "#")):
            continue
        said = [" ".join(words.split()).rstrip(".:,") for words in _BOLD.findall(text)]
        below = paragraphs[place + 1][1] if place + 1 < len(paragraphs) else ""
        for number, words in enumerate(said, start=1):
            is_last = number == len(said)
            yield Step(words, _table(below) if is_last and below.startswith("|") else (), line)


def _paragraphs(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(number of its first line, text) of what stands between blank lines."""
    begun, text = 0, list[str]()
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            begun = begun if text else number
            text.append(line.strip())
        elif text:
            yield begun, "\n".join(text)
            text = []


def _table(text: str) -> tuple[Row, ...]:
    head, *body = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if not _RULE.match(line)
    ]
    return tuple(dict(zip(head, cells, strict=True)) for cells in body)


def tell(path: Path, world: Any, *, verbs: Sequence[Verb] = VERBS) -> None:
    """Let a story happen by these verbs. Raises StoryBroken with the place, what was told and what was found."""
    for step in steps(path):
        found = [(each, match) for each in verbs if (match := each.pattern.match(step.words))]
        if len(found) != 1:
            raise StoryBroken(f"{path.name}:{step.line}: {len(found)} verbs say {step.words!r}")
        each, match = found[0]
        gaps: dict[str, Any] = match.groupdict()
        try:
            each.do(world, **gaps, **({"table": step.table} if step.table else {}))
        except StoryBroken as broken:
            raise StoryBroken(f"{path.name}:{step.line}: {step.words}\n{broken}") from None


def agree(told: Sequence[Row], found: Iterable[Row]) -> None:
    """The same rows in the columns that are told, whatever their order. Raises StoryBroken."""
    columns = list(told[0])
    rows = [{column: row[column] for column in columns} for row in found]
    key = list[str]

    def order(row: Row) -> list[str]:
        return key(row.values())

    if sorted(rows, key=order) != sorted(told, key=order):
        raise StoryBroken(f"told:\n{_shown(columns, told)}\nfound:\n{_shown(columns, rows)}")


def _shown(columns: Sequence[str], rows: Iterable[Row]) -> str:
    lines = [" | ".join(columns), *(" | ".join(row[column] for column in columns) for row in rows)]
    return "\n".join(f"    | {line} |" for line in lines)


def day(text: str) -> date:
    """A day as people write it: 18 November 2026."""
    return datetime.strptime(text, "%d %B %Y").date()


def money(text: str) -> Money:
    """An amount as English letters write it: 1,190.00 EUR."""
    amount, currency = text.split()
    return Money(int(Decimal(amount.replace(",", "")) * 100), currency)


def written(minor: int, currency: str = "EUR") -> str:
    """Minor units of a currency with two decimals as `money` reads them."""
    return f"{Decimal(minor) / 100:,.2f} {currency}"
