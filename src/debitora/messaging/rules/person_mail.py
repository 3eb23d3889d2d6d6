"""A mail to one person of the company, made for a phone's screen: parts of lines, once as HTML and once as plain text.

Nothing is fetched when it is read. Its words come in; here they are only laid out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Final

import css_inline
from liquid import BoundTemplate, Environment, StrictUndefined

from debitora.messaging.rules.pdf import LETTERS_FOLDER
from debitora.values.locales import colon

_SPACE: Final = "\u00a0"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a name, a figure at the right, something smaller below it, and where it leads. `alarm` is a matter that is late."""

    name: str
    value: str = ""
    aside: str = ""
    url: str = ""
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Lines under a title; `note` stands below them, or in their place where there are none. `large`: a figure to read at a glance."""

    title: str
    lines: tuple[Line, ...] = ()
    note: str = ""
    large: bool = False


@dataclass(frozen=True, slots=True)
class PersonLetter:
    """All words of the mail. `go` is (label, address) of the one button, `stop` (sentence, label, address) of the way to end such mails."""

    language: str
    company: str
    subject: str
    lead: str
    parts: tuple[Part, ...]
    go: tuple[str, str]
    stop: tuple[str, str, str]
    choose: tuple[str, str]


def person_html(letter: PersonLetter) -> str:
    """The mail for eyes: one column, readable on a phone and in the dark, styles inlined, every name escaped."""
    return _inliner().inline(_template().render(**asdict(letter)))


def person_text(letter: PersonLetter) -> str:
    """The mail for readers without HTML, in the same order."""
    blocks = [letter.lead, *("\n".join(_part_lines(part)) for part in letter.parts)]
    sign = colon(letter.language)
    blocks.append(f"{letter.go[0]}{sign} {letter.go[1]}")
    sentence, label, address = letter.stop
    ways = f"{label}{sign} {address}\n{letter.choose[0]}{sign} {letter.choose[1]}"
    blocks.append(f"-- \n{letter.company}\n{sentence}\n{ways}")
    return "\n\n".join(block for block in blocks if block).replace(_SPACE, " ") + "\n"


def _part_lines(part: Part) -> Iterator[str]:
    yield part.title.upper()
    for line in part.lines:
        yield f"{line.name}  {line.value}".rstrip()
        if line.aside:
            yield f"  {line.aside}"
        if line.url:
            yield f"  {line.url}"
    if part.note:
        yield part.note


@lru_cache(maxsize=1)
def _template() -> BoundTemplate:
    environment = Environment(undefined=StrictUndefined, strict_filters=True, autoescape=True)
    return environment.from_string((LETTERS_FOLDER / "person.html").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)
