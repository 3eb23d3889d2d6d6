"""Templates obey the Content-Security-Policy: nothing inline, nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.tidy.source import PACKAGE

INLINE = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*="),
    "a style element": re.compile(r"<style\b"),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*="),
    "an inline script": re.compile(r"<script\b(?![^>]*\b(?:src|type=\"application/json\"))[^>]*>"),
    "something from elsewhere": re.compile(
        r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)\s*=\s*[\"']https?:"
    ),
}
MAILS = "mail"
"""Mails are not pages: their styles are inlined on purpose. Their templates stand in folders or files named so."""


def refused_by_the_browser(name: str, text: str) -> Iterator[str]:
    """What the policy would block."""
    for what, pattern in INLINE.items():
        if pattern.search(text):
            yield f"{name} holds {what}"


def test_pages_hold_nothing_inline() -> None:
    pages = [
        path
        for path in PACKAGE.rglob("templates/**/*.html")
        if MAILS not in str(path.relative_to(PACKAGE).parent)
    ]
    assert not [
        fault for page in pages for fault in refused_by_the_browser(page.name, page.read_text("utf-8"))
    ]


@pytest.mark.parametrize(
    "text",
    [
        '<td style="color: red">',
        "<style>p {}</style>",
        '<button onclick="go()">',
        "<script>go()</script>",
        '<script src="https://cdn.example.org/x.js">',
    ],
)
def test_planted_inline_code_is_found(text: str) -> None:
    assert list(refused_by_the_browser("page.html", text))


@pytest.mark.parametrize(
    "text",
    [
        "<script src=\"{% asset 'main.js' %}\" defer>",
        '<a href="https://www.example.org">',
        '<p class="style">on = off',
    ],
)
def test_what_the_policy_allows_may_stand(text: str) -> None:
    assert not list(refused_by_the_browser("page.html", text))
