"""PostgreSQL's processes of one data folder, found by the folder in which they work.

`pg_ctl status` is never asked: it believes postmaster.pid, and calls a zombie or a stranger of that number
"running". The working folder is what the kernel says, and a zombie has none.
"""

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
NAMES = ("postgres", "postmaster")


@dataclass(frozen=True, slots=True)
class Processes:
    """`postmaster` is the living server; `orphans` outlived theirs and still hold its shared memory."""

    postmaster: int | None
    orphans: tuple[int, ...]

    @property
    def any(self) -> bool:
        return self.postmaster is not None or bool(self.orphans)


def find_processes(data: Path) -> Processes:
    """This will look at all processes that this account may see and sort those that work in `data`."""
    try:
        place = data.stat()
    except FileNotFoundError:
        return Processes(postmaster=None, orphans=())
    inside = [pid for pid in _pids() if _is_server_in(pid, place)]
    leader = _named_postmaster(data)
    if leader in inside:
        return Processes(postmaster=leader, orphans=())
    return Processes(postmaster=None, orphans=tuple(inside))


def send(signal_number: signal.Signals, *pids: int) -> None:
    """This will signal each process that is still there."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal_number)


def lives(pid: int, data: Path) -> bool:
    """Whether this very process still works in `data`; cheaper than to look at all."""
    try:
        return _is_server_in(pid, data.stat())
    except FileNotFoundError:
        return False


def _pids() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def _is_server_in(pid: int, place: os.stat_result) -> bool:
    """A person's shell may stand in the folder too; it is left alone."""
    try:
        return (
            os.path.samestat((PROC / str(pid) / "cwd").stat(), place)
            and (PROC / str(pid) / "comm").read_text().strip() in NAMES
        )
    except OSError:  # gone meanwhile, a zombie, or another person's
        return False


def _named_postmaster(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
