"""What the tests of `kit.postgres` share: homes of their own, both kinds of programs, other processes."""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest

from debitora.kit.postgres import Server, serve
from debitora.kit.postgres.binaries import Binaries, Origin, candidates
from debitora.kit.postgres.places import find_places
from debitora.kit.postgres.processes import find_processes

ROOT = os.geteuid() == 0
only_root = pytest.mark.skipif(not ROOT, reason="only root drops to another account")

both_kinds = pytest.mark.parametrize("kind", ["installed", "wheel"])
any_kind = pytest.mark.parametrize("kind", ["any"])  # where the programs make no difference

# Enters, says so, stays until its input is closed, leaves. Arguments: home, kind.
USER = """
import sys
from pathlib import Path
from debitora.kit.postgres import serve
server = serve(Path(sys.argv[1]), durable=False, prefer=None if sys.argv[2] == "any" else sys.argv[2])
print("entered", server.version, flush=True)
sys.stdin.read()
"""


def programs(kind: str) -> Binaries:
    """The programs of that kind; the test is skipped, with the reason, where they are missing."""
    for each in candidates(preferred(kind)):
        if kind in (each.origin, "any"):
            return each
    pytest.skip(f"no {kind} PostgreSQL of version 15 or newer on this machine")


def preferred(kind: str) -> Origin | None:
    return None if kind == "any" else cast(Origin, kind)


@contextmanager
def a_home(below: Path | None = None) -> Iterator[Path]:
    """A path for a home that does not exist yet; afterwards no server and no file of it is left.

    pytest's own temporary folders are closed to others, so a server that root starts would never live inside
    them.
    """
    folder = Path(tempfile.mkdtemp(prefix="debitora-test-", dir=below or "/tmp"))
    folder.chmod(0o711)
    home = folder / "home"
    try:
        yield home
    finally:
        places = find_places(home)
        found = find_processes(places.data)
        for pid in (*found.orphans, *([found.postmaster] if found.postmaster else [])):
            os.kill(pid, signal.SIGKILL)
        if (places.cluster / "socket-dir").exists():
            shutil.rmtree((places.cluster / "socket-dir").read_text().strip(), ignore_errors=True)
        shutil.rmtree(places.cluster, ignore_errors=True)
        shutil.rmtree(folder)


def enter(home: Path, kind: str, *, durable: bool = False, fresh: bool = False) -> Server:
    """Enters the server; skips when the kind is missing. What is committed and must outlive a kill needs `durable`.

    A new home is copied from one that was made before, which spares a second of initdb, unless it must be `fresh`.
    """
    programs(kind)
    if not fresh and not home.exists():
        home.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", _a_made_home(kind, durable), home], check=True)
    return serve(home, durable=durable, prefer=preferred(kind))


@cache
def _a_made_home(kind: str, durable: bool) -> Path:
    """A home whose server was started and stopped; removed when the tests end."""
    folder = Path(tempfile.mkdtemp(prefix="debitora-test-made-", dir="/tmp"))
    folder.chmod(0o711)
    atexit.register(shutil.rmtree, folder)
    serve(folder / "home", durable=durable, prefer=preferred(kind)).leave()
    return folder / "home"


def python_path() -> str:
    """What another interpreter of the same version needs to find the sources and the packages."""
    return os.pathsep.join(
        str(Path(entry).absolute()) for entry in sys.path if Path(entry).name in ("src", "site-packages")
    )


class Other:
    """Another process that uses the server of `home`."""

    def __init__(self, home: Path, kind: str, *, python: str = sys.executable, **options: Any) -> None:
        self.process = subprocess.Popen(
            [python, "-c", USER, str(home), kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": python_path()},
            **options,
        )

    def line(self) -> str:
        """What it says next; with its complaints when it died instead."""
        said = self.process.stdout.readline().strip() if self.process.stdout else ""
        if not said:
            _, complaint = self.process.communicate()
            pytest.fail(f"the other process ended: {complaint}")
        return said

    def leave(self) -> None:
        _, complaint = self.process.communicate("", timeout=30)
        if self.process.returncode:
            pytest.fail(f"the other process failed: {complaint}")

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


def postmaster(home: Path) -> int:
    """The number of the living server."""
    found = find_processes(find_places(home.resolve()).data).postmaster
    if found is None:
        pytest.fail("no server runs")
    return found


def runs(home: Path) -> bool:
    return find_processes(find_places(home.resolve()).data).any


def connect(server: Server, role: Any = "superuser", dbname: str = "postgres") -> "psycopg.Connection[Any]":
    return psycopg.connect(**server.credentials(role, dbname).kwargs(), autocommit=True)


def ask(server: Server, question: str, role: Any = "superuser", dbname: str = "postgres") -> Any:
    """The first column of the first row."""
    with connect(server, role, dbname) as connection:
        row = connection.execute(question.encode()).fetchone()
        return row[0] if row else None
