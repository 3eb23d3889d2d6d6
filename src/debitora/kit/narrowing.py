"""The query string of a list: what narrows it, as chips that can be taken away and menus that add one.

What a list cannot understand narrows nothing and leaves no chip, so an old link still shows a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from debitora.kit.ways import whole_number

PLACE = ("after",)
"""Parameters that a change of filters takes away: the place in the old list means nothing in the new one."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force: its label, its value in words, and the address of the list without it."""

    label: str
    value: str
    without: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a menu or a tab: word, address, and whether the list is narrowed to it now."""

    word: str
    address: str
    active: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """Filters of one kind that can be added."""

    label: str
    choices: tuple[Choice, ...]


def changed(query: QueryDict, **changes: str | None) -> str:
    """The query string with changes; None takes a parameter away."""
    wanted = query.copy()
    for name, value in {**dict.fromkeys(PLACE), **changes}.items():
        wanted.pop(name, None)
        if value is not None:
            wanted[name] = value
    return f"?{wanted.urlencode()}"


def choices(query: QueryDict, name: str, words: Mapping[str, object], *, now: str = "") -> tuple[Choice, ...]:
    """One choice per word, by the parameter `name`; `now` is the code in force."""
    others = changed(query, **{name: None})
    begun = f"{others}&" if others != "?" else others
    return tuple(
        Choice(str(word), f"{begun}{urlencode({name: code})}", code == now) for code, word in words.items()
    )


def chip(query: QueryDict, name: str, label: object, value: object) -> Chip:
    """The chip of a parameter."""
    return Chip(str(label), str(value), changed(query, **{name: None}))


def carried(query: QueryDict, *, but: Iterable[str]) -> list[tuple[str, str]]:
    """Parameters that a form within the list must hand on, without those it sets itself."""
    left_out = {*but, *PLACE}
    return [(name, value) for name, values in query.lists() if name not in left_out for value in values]


def one_of(query: QueryDict, name: str, known: Iterable[str]) -> str:
    """The parameter's value if it is a known one, else ""."""
    value = query.get(name, "")
    return value if value in set(known) else ""


def whole(query: QueryDict, name: str) -> int | None:
    """The parameter as a whole number of at most 18 digits, or None."""
    return whole_number(query.get(name, ""))


def ids(values: Iterable[str]) -> list[int]:
    """The ids among the values, each once."""
    return list(dict.fromkeys(found for value in values if (found := whole_number(value)) is not None))


def yes_no(query: QueryDict, name: str) -> bool | None:
    """yes, no, or neither."""
    return {"yes": True, "no": False}.get(query.get(name, ""))


def text_of(query: QueryDict, name: str) -> str:
    """What was typed, without what no text holds, at most 100 characters of it."""
    return query.get(name, "").replace("\0", "").strip()[:100]


def paging(query: QueryDict, after: str | None) -> dict[str, str]:
    """Addresses of the next page and of the first one, each "" where there is none to go to."""
    return {
        "more": changed(query, after=after) if after else "",
        "start": changed(query) if query.get("after") else "",
    }
