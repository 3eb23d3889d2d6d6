"""The links and forms of a page as a browser sees them, and forms filled as a willing person would fill them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile

from debitora.exchange.testing import a_list_of

_LINKS = ("href", "hx-get", "src")


@dataclass
class Form:
    """One form: where it goes, its fields with what they hold, and its buttons as (name, value, action)."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)

    def pressed(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Path and data of each way to send it, one per button."""
        for name, value, action in self.buttons or [("", "", "")]:
            data: dict[str, Any] = {key: self._filled(key, values) for key, values in self.fields.items()}
            if name:
                data[name] = value
            yield action or self.action, data

    def _filled(self, name: str, values: list[str]) -> Any:
        if self.kinds.get(name) == "file":
            return SimpleUploadedFile("list.csv", a_list_of([1, 2]))
        held = [value for value in values if value]
        return held or [_guess(name, self.kinds.get(name, ""))]


def _guess(name: str, kind: str) -> str:
    """What one would type into an empty field of that name."""
    guesses = {
        "until": "31.12.2026", "day": "8.12.2026", "as_of": "8.12.2026", "amount": "1,00", "login": "newcomer",
        "email": "new@acme.example", "pattern": "@acme.example", "password": "eine gute Kasse",
    }  # fmt: skip
    return next(
        (text for word, text in guesses.items() if word in name), "" if kind == "hidden" else "Because"
    )


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.links, self.forms = page, list[str](), list[Form]()
        self.named: dict[str, Form] = {}
        self.open: Form | None = None
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link, a form, or a part of one."""
        given = {name: value or "" for name, value in attrs}
        self.links += [given[name] for name in _LINKS if given.get(name) and tag != "script"]
        if tag == "form":
            self.open = Form(urljoin(self.page, given.get("action", "")), given.get("method", "get").lower())
            self.forms.append(self.open)
            self.named[given.get("id", "")] = self.open
        into = self.named.get(given.get("form", "")) if "form" in given else self.open
        if into is not None:
            self._part(tag, given, into)

    def _part(self, tag: str, given: dict[str, str], form: Form) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "button" and kind != "button":
            action = urljoin(self.page, given["formaction"]) if "formaction" in given else ""
            form.buttons.append((name, given.get("value", ""), action))
        elif tag == "option" and self.select:
            self._option(given, form)
        elif tag == "select":
            self.select = name
        elif name and tag in ("input", "textarea"):
            self.area = name if tag == "textarea" else ""
            if (
                kind not in ("checkbox", "radio")
                or "checked" in given
                or name == "chosen"
                or "required" in given
            ):
                form.fields.setdefault(name, []).append(
                    given.get("value", "on" if kind == "checkbox" else "")
                )
                form.kinds[name] = kind

    def _option(self, given: dict[str, str], form: Form) -> None:
        held = form.fields.setdefault(self.select, [])
        if "selected" in given or not any(held):
            held[:] = [given.get("value", "")]

    def handle_data(self, data: str) -> None:
        """What stands in a textarea."""
        if self.area and self.open is not None and data.strip():
            self.open.fields[self.area] = [data.strip()]

    def handle_endtag(self, tag: str) -> None:
        """A form, a select or a textarea ends."""
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""


def read(page: str, html: str) -> tuple[list[str], list[Form]]:
    """Links (within the house, without fragment) and forms of a page."""
    reader = _Reader(page)
    reader.feed(html)
    reader.close()
    whole = [urljoin(page, link) for link in reader.links if not link.startswith(("#", "data:", "mailto:"))]
    return [
        urlsplit(link)._replace(fragment="").geturl() for link in whole if link.startswith("/")
    ], reader.forms
