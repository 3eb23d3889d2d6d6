"""A database in which a company walked the whole road, and a way to plant faults in it that nobody else sees."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg.rows import dict_row

from debitora.cli.checks.examination import Depth, Report, look
from debitora.cli.checks.sent import journal
from debitora.cli.checks.snapshot import Snapshot
from debitora.cli.tests.road import AFTER, Walked, walk
from debitora.exchange.testing import a_list_file, a_list_of, a_row
from tests.databases import clone, drop, living_in
from tests.terminal import Terminal, founding

if TYPE_CHECKING:
    from debitora.kit.postgres import Server


@pytest.fixture(scope="module")
def walked(
    django_db_setup: str,
    template: str,
    server: Server,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[str, Path, Walked]]:
    """(database, home, ids): built once, through actions, in a database and a home of its own."""
    name, home = f"{django_db_setup}_road", tmp_path_factory.mktemp("home")
    clone(server, template, name)
    try:
        with django_db_blocker.unblock(), living_in(name, home):
            walked = walk(home / "mail")
        yield name, home, walked
    finally:
        drop(server, name)


@pytest.fixture
def house(walked: tuple[str, Path, Walked], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the home folder, which a test may spoil."""
    copy = tmp_path / "home"
    shutil.copytree(walked[1], copy)
    monkeypatch.setenv("DEBITORA_HOME", str(copy))
    monkeypatch.delenv("DEBITORA_JOURNAL", raising=False)
    return copy


@pytest.fixture
def scene(
    walked: tuple[str, Path, Walked], house: Path, server: Server
) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    """A superuser's transaction without triggers, rolled back afterwards: what is planted in it, only it sees."""
    connection = psycopg.connect(**server.credentials("superuser", walked[0]).kwargs(), row_factory=dict_row)
    connection.execute("set session_replication_role = replica")
    yield connection
    connection.rollback()
    connection.close()


@pytest.fixture
def looked(walked: tuple[str, Path, Walked]) -> Callable[[psycopg.Connection[dict[str, Any]]], Report]:
    """Look at everything within a transaction, as of an hour after the last thing that happened."""

    def look_at(scene: psycopg.Connection[dict[str, Any]]) -> Report:
        ids = (walked[2].company, walked[2].other)
        before = {company: journal(company) for company in ids}
        return look(Snapshot(scene), now=AFTER, company=None, depth=Depth.USUAL, before=before)

    return look_at


@pytest.fixture
def at_home(walked: tuple[str, Path, Walked], house: Path, django_db_blocker: Any) -> Iterator[Walked]:
    """Django itself speaks to the road's database, for commands; what it commits stays until the module ends."""
    with django_db_blocker.unblock(), living_in(walked[0], house):
        yield walked[2]


@pytest.fixture
def terminal(
    database: None,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Terminal:
    """A terminal in an installation with the company Acme, and with a journal that knows of no other test."""
    monkeypatch.setenv("DEBITORA_JOURNAL", str(tmp_path / "journal"))
    return founding(capsys)


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    """A folder with lists of November 2026: ten items, nine of them with a part payment, two, and a damaged one."""
    files = {
        "ten.csv": a_list_of(range(1, 11)),
        "nine.csv": a_list_file(
            a_row(f"R-{number}", "40,00" if number == 1 else "100,00", customer=str(10_000 + number))
            for number in range(1, 10)
        ),
        "two.csv": a_list_of(range(1, 3)),
        "damaged.csv": a_list_file([a_row("R-1", "1,00"), a_row("R-2", "1,00", due="31.02.2026")]),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path
