"""A terminal for tests: says words to `debitora` in this process, or in one of its own, and keeps what came back.

terminal = Terminal(capsys)
terminal.say("company", "add", "acme", "--name", "Acme")
assert terminal.ask("aging", "--company", "acme") == {"currencies": {}}
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from debitora.cli.main import main

ROOT = Path(__file__).parent.parent


@dataclass(slots=True)
class Terminal:
    """Commands in this process, against the database of the test; `complaint` is what the last one said on stderr."""

    capsys: pytest.CaptureFixture[str]
    complaint: str = ""

    def say(self, *words: str | Path, code: int = 0) -> str:
        """What the command printed; fails the test unless it ended with this code and without a traceback."""
        ended = main([str(word) for word in words])
        printed = self.capsys.readouterr()
        self.complaint = printed.err
        assert "Traceback" not in printed.err
        assert ended == code, f"ended with {ended}: {printed.err or printed.out}"
        return printed.out

    def ask(self, *words: str | Path, code: int = 0) -> dict[str, Any]:
        """The one JSON object that the command answered."""
        answer = json.loads(self.say(*words, "--json", code=code))
        assert isinstance(answer, dict)
        return answer


def founding(capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A terminal at which the company Acme was just founded, in Germany, in euros."""
    found = Terminal(capsys)
    found.say(
        "company", "add", "acme", "--name", "Acme Werkzeuge GmbH", "--country", "DE", "--currency", "EUR"
    )
    return found


def in_a_process(
    *words: str | Path, home: Path | None = None, stdin: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run `debitora` in a process of its own: against the test's database, or in a home of its own."""
    known = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "debitora.config.settings",
    }
    known.pop("DEBITORA_ROLE", None)
    if home is not None:
        known["DEBITORA_HOME"] = str(home)
        known.pop("DEBITORA_DATABASE_NAME", None)
    return subprocess.run(
        [sys.executable, "-m", "debitora.cli.main", *(str(word) for word in words)],
        env={**known, **environment},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=300,
    )
