"""What the tests of commands say again and again, and what they look up behind the commands' backs."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from debitora.kit.pg.company import serving
from debitora.people.models import Company
from debitora.trail.models import Record
from tests.terminal import Terminal

ON = "2026-11-18"
PASSWORD = "correct horse battery"
committed = pytest.mark.usefixtures("committed")
"""Each command is said at least once as it is meant, outside any transaction; mistakes are told within one."""


def imported(terminal: Terminal, file: Path, *more: str, code: int = 0, as_of: str = ON) -> dict[str, Any]:
    words = ("import", "items", file, "--company", "acme", "--as-of", as_of, *more)
    return terminal.ask(*words, code=code)


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let the next command read this from standard input."""
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def a_person(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, role: str) -> str:
    typed(monkeypatch, f"{PASSWORD}\n")
    terminal.say("user", "add", role, "--name", role.title(), "--company", "acme", "--role", role)
    return role


def known(verb: str) -> list[tuple[str, str]]:
    """(kind, label) of who is recorded with that verb in Acme's trail, oldest first."""
    with serving(Company.objects.get(code="acme").id), transaction.atomic():
        return list(Record.objects.filter(verb=verb).order_by("id").values_list("actor_kind", "actor_label"))


def counted(model: Any) -> int:
    with serving(Company.objects.get(code="acme").id), transaction.atomic():
        return int(model.objects.count())
