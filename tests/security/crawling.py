"""Following every link from the front page, as one person, and remembering the forms on the way."""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.security.forms import Form, read
from tests.security.watching import Watched

PER_PAGE, PER_KIND = 8, 2
"""How many addresses of one page are visited, and of those how many with the same parameters."""


@dataclass
class Crawl:
    """What was found: answers by path, forms, and the parameters that the product's own links and forms send."""

    pages: dict[str, Any] = field(default_factory=dict)
    forms: list[Form] = field(default_factory=list)
    parameters: dict[str, set[str]] = field(default_factory=dict)


def crawl(watched: Watched, start: str) -> Crawl:
    """Follow links within the company, each kind of address a few times. Every answer is looked at."""
    found, visits, waiting = Crawl(), Counter[str](), deque([start])
    while waiting:
        path = waiting.popleft()
        page, kind = kind_of(path)
        if path in found.pages or not path.startswith(start):
            continue
        if visits[page] >= PER_PAGE or visits[kind] >= PER_KIND:
            continue
        visits.update((page, kind))
        answer = found.pages[path] = watched.get(path)
        if answer.headers.get("Location"):
            waiting.append(answer.headers["Location"])
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            links, forms = read(path, answer.body.decode())
            waiting += links
            found.forms += forms
            _note(found, links, forms)
    return found


def kind_of(path: str) -> tuple[str, str]:
    """The page an address leads to (numbers left out), and the same with the names of its parameters."""
    split = urlsplit(path)
    page = re.sub(r"\d+", "0", split.path)
    return page, f"{page}?{','.join(sorted({name for name, _value in parse_qsl(split.query)}))}"


def _note(found: Crawl, links: list[str], forms: list[Form]) -> None:
    for link in links:
        split = urlsplit(link)
        found.parameters.setdefault(split.path, set()).update(name for name, _value in parse_qsl(split.query))
    for form in forms:
        if form.method == "get":
            found.parameters.setdefault(urlsplit(form.action).path, set()).update(form.fields)
