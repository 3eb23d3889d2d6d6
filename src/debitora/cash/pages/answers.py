"""How pages here answer a POST, and how they narrow and leaf through a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, QueryDict

from debitora.kit.ways import see
from debitora.people.gates import CompanyRequest


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a filter's menu."""

    word: str
    address: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force: its label, its value in words, and the address of the list without it."""

    label: str
    value: str
    without: str


def done(request: CompanyRequest, text: str, *, then: str) -> HttpResponse:
    """It was done: say so, and show what is there now."""
    messages.success(request, text)
    return see(then)


def refused(request: CompanyRequest, text: str, *, then: str) -> HttpResponse:
    """Nothing was done: say why, and show what is there now."""
    messages.warning(request, text, extra_tags="stays")
    return see(then)


def changed(query: QueryDict, **changes: str | None) -> str:
    """The query string with changes; None takes a parameter away, and the place in the list with it."""
    wanted = query.copy()
    for name, value in {"after": None, **changes}.items():
        wanted.pop(name, None)
        if value is not None:
            wanted[name] = value
    return f"?{wanted.urlencode()}"


def choices(query: QueryDict, name: str, words: Mapping[str, object]) -> list[Choice]:
    """A choice per word, by the parameter `name`."""
    return [Choice(str(word), changed(query, **{name: code})) for code, word in words.items()]


def one_of(query: QueryDict, name: str, known: Mapping[str, object]) -> str:
    """The parameter's value if it is a known one, else ""."""
    value = query.get(name, "")
    return value if value in known else ""


def text_of(query: QueryDict, name: str) -> str:
    """What was typed, without what no text holds, at most 100 characters of it."""
    return query.get(name, "").replace("\0", "").strip()[:100]


def paging(query: QueryDict, after: str | None) -> dict[str, str]:
    """Addresses of the next page and of the first one, each "" where there is none to go to."""
    return {
        "more": changed(query, after=after) if after else "",
        "start": changed(query) if query.get("after") else "",
    }
