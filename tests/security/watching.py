"""A client that looks at every answer: its headers, marks that must not be in it, and poison that must be inert."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from html.parser import HTMLParser
from itertools import islice
from typing import Any

from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client

from tests.security.addresses import READ, combinations
from tests.security.population import House

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "object-src 'none'"
)
SANDBOX = "default-src 'none'; sandbox"
"""What is shown but never a page of ours (a letter, a picture of it) may do still less."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
"""What every answer carries (TRUST 4), the policy apart."""

_FLEETING = re.compile(
    rb'name="csrf-token" content="[^"]*"|name="(?:csrfmiddlewaretoken|confirmation)" value="[^"]*"'
)
_NUMBER = re.compile(rb"\b[0-9a-f]{8}\b")


class Watched:
    """A client of one person that fails on the first answer that tells or runs what it must not."""

    def __init__(self, client: Client, forbidden: Iterable[str]) -> None:
        self.client, self.forbidden = client, [word.lower().encode() for word in forbidden]
        self.seen = 0

    def get(self, path: str, data: Any = None, **headers: str) -> Any:
        """GET, looked at."""
        return self.send("GET", path, data, **headers)

    def post(self, path: str, data: Any = None, **headers: str) -> Any:
        """POST, looked at."""
        return self.send("POST", path, data, **headers)

    def send(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        """A request of any method, looked at and undone; `.body` is the whole body."""
        with transaction.atomic():
            answer = self.ask(method, path, data, headers)
            transaction.set_rollback(True)
        self.look_at(method, path, answer)
        return answer

    def ask(self, method: str, path: str, data: Any = None, headers: Any = None) -> Any:
        """The same without being looked at or undone."""
        if method in ("GET", "HEAD", "POST"):
            answer = getattr(self.client, method.lower())(path, data or {}, headers=headers)
        else:
            answer = self.client.generic(method, path, headers=headers)
        answer.body = body_of(answer)
        self.seen += 1
        return answer

    def look_at(self, method: str, path: str, answer: Any) -> None:
        """Fail if the answer has a header wrong, tells a forbidden word, or would run poison."""
        told = told_in(answer).lower()
        faults = [*wrong_headers(answer), *(f"tells {word!r}" for word in self.forbidden if word in told)]
        if b"zap" in answer.body and answer.headers["Content-Type"].startswith("text/html"):
            faults += running_parts(answer.body.decode())
        assert not faults, f"{method} {path}: {answer.status_code}: {faults}"


def body_of(answer: HttpResponseBase) -> bytes:
    """The whole body, of a streamed answer too."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def wrong_headers(answer: Any) -> list[str]:
    """What headers an answer lacks or has otherwise; the policy's directives have no order."""
    wrong = [
        f"{name}: {answer.headers.get(name)}"
        for name, value in HEADERS.items()
        if answer.headers.get(name) != value
    ]
    policy = answer.headers.get("Content-Security-Policy", "")
    if policy == SANDBOX and not answer.headers["Content-Type"].startswith("text/html"):
        return wrong
    return wrong if set(policy.split("; ")) == set(POLICY.split("; ")) else [*wrong, f"policy: {policy}"]


def told_in(answer: Any) -> bytes:
    """Everything an answer says: headers, cookies, body, and the inside of workbooks."""
    body: bytes = answer.body
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in book.namelist())
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return headers.encode() + str(answer.cookies).encode() + body


class _Running(HTMLParser):
    """Collects what a browser would run, or fetch for an attacker."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Judge one element as the browser sees it."""
        given = {name: value or "" for name, value in attrs}
        self.found += [f"{tag} {name}" for name in given if name.startswith("on") or name == "srcdoc"]
        self.found += [f"{tag} {value}" for value in given.values() if _runs(value)]
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.found.append("script without a source")
        if given.get("src") == "x" or tag in ("base", "object", "embed"):
            self.found.append(f"<{tag}>")


def _runs(value: str) -> bool:
    return (
        re.sub(r"[\s\x00-\x1f]", "", value).lower().startswith(("javascript:", "data:text/html", "vbscript:"))
    )


def running_parts(html: str) -> list[str]:
    """Elements and attributes of a page that would run or reach out; [] if it is inert."""
    parser = _Running()
    parser.feed(html)
    parser.close()
    return parser.found


def without_fleeting(body: bytes) -> bytes:
    """A body without what differs from answer to answer: the tokens of forms and the support number."""
    return _NUMBER.sub(b"", _FLEETING.sub(b"", body))


def plain_answers(house: House, name: str = "manager") -> dict[str, bytes]:
    """Every page of a company that can be read without knowing more than its address: path -> body."""
    from tests.security.conftest import signed_in_client

    client = signed_in_client(house, name)
    client.raise_request_exception = False  # what breaks is found where it is looked at
    answers: dict[str, bytes] = {}
    for address in READ:
        for values in islice(combinations(address, house.company.id), 2):
            path = address.path(house.company.code, values)
            answer = client.get(path)
            answers[path] = without_fleeting(body_of(answer))
    return answers
