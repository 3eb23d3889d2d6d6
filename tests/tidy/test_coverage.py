"""The list of what `make coverage` measures names files that exist: a renamed one would go unmeasured in silence."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.tidy.source import ROOT, settings


def empty(patterns: Iterable[str], root: Path) -> list[str]:
    """Patterns that name no file."""
    return [pattern for pattern in patterns if not any(root.glob(pattern))]


def test_every_measured_place_exists() -> None:
    assert not empty(settings()["tool"]["coverage"]["run"]["include"], ROOT)


def test_a_planted_place_is_found(tmp_path: Path) -> None:
    (tmp_path / "actions.py").touch()
    assert empty(["actions.py", "rules.py", "queries/*"], tmp_path) == ["rules.py", "queries/*"]
