"""The sink, a company that may send to it, and worker processes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest
from django.db import connection

from debitora.kit.runtime import home
from debitora.messaging.testing import MOMENT, a_sender
from debitora.people.models import Company
from tests.sending.scenes import Start
from tests.sending.workers import Worker, Workers
from tests.smtp_server import SmtpServer


@pytest.fixture
def sink() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


@pytest.fixture
def acme(
    committed: str, company: Company, sink: SmtpServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Company:
    """A company that may send to the sink, with a journal of its own."""
    monkeypatch.setenv("DEBITORA_JOURNAL", str(tmp_path / "journal"))
    a_sender(company.id, port=sink.port)
    return company


@pytest.fixture
def inbox(acme: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the company's mails arrive, in a home that is another's in all else."""
    (tmp_path / "home").mkdir()
    for each in home().iterdir():
        (tmp_path / "home" / each.name).symlink_to(each)
    monkeypatch.setenv("DEBITORA_HOME", str(tmp_path / "home"))
    folder = tmp_path / "home" / "inbox" / acme.code / "mail"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture(scope="session")
def workers(server: object) -> Iterator[Workers]:
    found = Workers()
    yield found
    found.close()


@pytest.fixture
def worker(workers: Workers, acme: Company, tmp_path: Path) -> Start:
    """A worker process on the same database: worker(failpoint="post_dot:kill", at=..., fenced=False)."""
    answers = (tmp_path / f"answer-{number}" for number in count())

    def start(*, failpoint: str = "", at: datetime = MOMENT, fenced: bool = True) -> Worker:
        name = str(connection.settings_dict["NAME"])
        return workers.start(
            company=acme.id, at=at, failpoint=failpoint, fenced=fenced, database=name, answer=next(answers)
        )

    return start
