"""Worker processes on the test's own database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cash.workers import Workers


@pytest.fixture(scope="module")
def workers(server: object) -> Iterator[Workers]:
    found = Workers()
    yield found
    found.close()


@pytest.fixture(autouse=True)
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal of its own: `debitora check` looks at what was sent, too."""
    monkeypatch.setenv("DEBITORA_JOURNAL", str(tmp_path / "journal"))
