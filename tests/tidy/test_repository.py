"""What must not stand in a public repository: addresses of package registries, paths of a machine, built files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tidy.source import ROOT
from tests.tidy.test_furniture import tracked

REGISTRY = re.compile(r"https?://[\w.@:-]*(?:pypi|pythonhosted|npmjs|yarnpkg|jsdelivr|unpkg)[\w.-]*")
MACHINE = re.compile(r"(?<![\w.~])/(?:work|root|tmp|home/\w+|Users/\w+)/(?!\s)[\w.-]+|file:/{3}")
BUILT = (".mo", ".pyc", ".map")
LISTED = re.compile(r"^--(?:(?:extra-)?index.url|find.links)", re.MULTILINE)


def addresses(name: str, text: str) -> Iterator[str]:
    """Where a file names a registry or a path that exists on one machine only."""
    for pattern in (REGISTRY, MACHINE, LISTED):
        for found in pattern.finditer(text):
            yield f"{name}: {found.group()}"


def _readable(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def test_no_registry_and_no_machine_is_named() -> None:
    texts = [(path.relative_to(ROOT), _readable(path)) for path in tracked(ROOT)]
    assert not [fault for name, text in texts for fault in addresses(str(name), text)]


def test_built_files_are_not_committed() -> None:
    assert not [path for path in tracked(ROOT) if path.suffix in BUILT or "node_modules" in path.parts]


@pytest.mark.parametrize(
    "text",
    [
        '"resol{}ved": "https:{}//regi{}stry.npm{}js.org/vite/-/vite-8.3.8.tgz"',
        "see /{}work/main/src",
        "--extra-{}index{}-url https://mirror.example/simple",
        "open('/{}home/anna/list.csv')",
        "left in /{}tmp/scratch",
    ],
)
def test_planted_addresses_are_found(text: str) -> None:
    """The plants are cut in two here, so that this file may be read like all others."""
    assert list(addresses("file", text.format(*[""] * text.count("{}"))))


@pytest.mark.parametrize(
    "text",
    ["a home below /{}root", "src/{}work/list", "https://www.example.org/{}home/page", "~/{}work/list"],
)
def test_other_addresses_may_stand(text: str) -> None:
    assert not list(addresses("file", text.format("")))
