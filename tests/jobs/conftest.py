"""Worker processes for tests, and the folder in which their jobs note what they do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from procrastinate.contrib.django import app

from debitora.people.models import Company
from tests.jobs.working import register

ROOT = Path(__file__).resolve().parents[2]
PIPES: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
Work = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def folder(committed: str, company: Company, tmp_path: Path) -> Iterator[Path]:
    """Where the jobs of tests note what they do; they are known to this process, so that it may ask for them."""
    before = set(app.tasks)
    register(tmp_path)
    yield tmp_path
    for name in set(app.tasks) - before:
        del app.tasks[name]


@pytest.fixture
def work(folder: Path) -> Iterator[Work]:
    """Start a worker process: work("wait"), work("once", "600"), work("anew") and one more by each `next_one`."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*words: str) -> subprocess.Popen[bytes]:
        known = {"DJANGO_SETTINGS_MODULE": "debitora.config.settings", "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
        command = [sys.executable, "-m", "tests.jobs.working", str(folder), *words]
        started.append(subprocess.Popen(command, env={**os.environ, **known}, cwd=ROOT, **PIPES))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()
