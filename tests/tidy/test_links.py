"""Every page of the documentation that is linked to exists, with the heading that is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.tidy.source import ROOT
from tests.tidy.test_furniture import tracked

LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")
HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)


def broken_links(page: Path) -> Iterator[str]:
    """Links of a Markdown page to files or headings that are not there."""
    for target, anchor in LINK.findall(page.read_text("utf-8")):
        found = (page.parent / target) if target else page
        if not found.exists():
            yield f"{page.name} links to {target}, which is not there"
        elif anchor and anchor not in _anchors(found):
            yield f"{page.name} links to #{anchor}, which is no heading of {found.name}"


def _anchors(page: Path) -> set[str]:
    headings = HEADING.findall(page.read_text("utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def unlisted(index: Path) -> Iterator[str]:
    """Pages below the index's folder that it does not list; decisions are found by their titles."""
    listed = {(index.parent / target).resolve() for target, _ in LINK.findall(index.read_text("utf-8"))}
    for page in sorted(index.parent.glob("*/*.md")):
        if page.parent.name != "decisions" and page.resolve() not in listed:
            yield f"{page.parent.name}/{page.name} is listed nowhere"


def test_every_page_is_listed() -> None:
    assert not list(unlisted(ROOT / "docs" / "README.md"))


def test_links_lead_somewhere() -> None:
    pages = [path for path in tracked(ROOT) if path.suffix == ".md"]
    assert not [fault for page in pages for fault in broken_links(page)]


def test_planted_dead_ends_are_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Here\n[a](gone.md) [b](page.md#here) [c](#there) [d](https://www.example.org/x)")
    assert list(broken_links(page)) == [
        "page.md links to gone.md, which is not there",
        "page.md links to #there, which is no heading of page.md",
    ]


def test_planted_orphans_are_found(tmp_path: Path) -> None:
    (tmp_path / "howto").mkdir()
    (tmp_path / "howto" / "listed.md").touch()
    (tmp_path / "howto" / "orphan.md").touch()
    (tmp_path / "README.md").write_text("[a](howto/listed.md)")
    assert list(unlisted(tmp_path / "README.md")) == ["howto/orphan.md is listed nowhere"]
