"""Processes that are run together end together."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from debitora.cli import serving
from debitora.cli.answers import REFUSED

STUBBORN = """
import signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
kept = open(sys.argv[1], "w")
child = subprocess.Popen(["sleep", "60"], stdout=kept)
open(sys.argv[2], "w").close()
child.wait()
"""
"""Does not end when it is asked to, and has a child that keeps what it holds."""
BRIEF = "import pathlib, sys\nwhile not pathlib.Path(sys.argv[1]).exists(): pass"
"""Ends as soon as the other one stands."""


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """Whoever runs processes together listens to signals from then on; a test gives them back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_what_does_not_end_is_killed_with_what_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "_PATIENCE", 0.2)  # not money: seconds
    held, stands = tmp_path / "held", tmp_path / "stands"
    os.mkfifo(held)
    seen = os.open(held, os.O_RDONLY | os.O_NONBLOCK)
    stubborn = [sys.executable, "-c", STUBBORN, str(held), str(stands)]
    assert serving.run_together([stubborn, [sys.executable, "-c", BRIEF, str(stands)]]) == REFUSED
    let_go, _, _ = select.select([seen], [], [], 10)
    assert let_go
    assert os.read(seen, 1) == b""
    os.close(seen)
