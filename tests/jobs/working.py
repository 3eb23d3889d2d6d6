"""A worker process with jobs made for tests, to be told to end, killed and starved.

`python -m tests.jobs.working FOLDER wait|once|anew [MEGABYTES]`: jobs note what they do in FOLDER/notes. With MEGABYTES no more
memory than that may be had. `anew` is many workers for the price of one start: each line of its input begins another, which
works off what waits, and is answered with how that one ended.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from time import sleep

PAUSE = 0.02


def main() -> None:
    """Register the jobs and work off what waits."""
    folder, how = Path(sys.argv[1]), sys.argv[2]
    import django

    django.setup()
    from debitora.kit.queue import work_off

    register(folder)
    if len(sys.argv) > 3:
        limit = int(sys.argv[3]) * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    if how == "anew":
        for _line in sys.stdin:
            print(ended(lambda: work_off(wait=False)), flush=True)
    else:
        work_off(wait=how == "wait")


def ended(work: Callable[[], None]) -> int:
    """Do it in a process of its own: its exit code, or less than nothing: the signal that killed it."""
    child = os.fork()
    if not child:
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def register(folder: Path) -> None:
    """The jobs: `tests.slow` waits until the test lets it go on, `tests.poison` raises, `tests.hungry` eats memory.

    `tests.deadly` kills its worker, as the system does when memory runs out.
    """
    from debitora.kit.queue import job

    @job("tests.slow")
    def slow(company: int, number: int) -> None:
        note(folder, f"begin {number}")
        while not (folder / "go").exists():
            sleep(PAUSE)
        note(folder, f"end {number}")

    @job("tests.poison")
    def poison(company: int, number: int) -> None:
        note(folder, f"begin {number}")
        raise ValueError(number)

    @job("tests.hungry")
    def hungry(company: int, number: int) -> None:
        note(folder, f"begin {number}")
        bytearray(2**34)
        note(folder, f"end {number}")

    @job("tests.deadly")
    def deadly(company: int, number: int) -> None:
        note(folder, f"begin {number}")
        os.kill(os.getpid(), signal.SIGKILL)

    @job("tests.locking")
    def locking(company: int, number: int) -> None:
        from django.db import transaction

        from debitora.receivables.actions.locks import lock_customer

        with transaction.atomic():
            lock_customer(company=company, customer=number)
            slow(company=company, number=number)


def note(folder: Path, text: str) -> None:
    """Append a line, in one write."""
    handle = os.open(folder / "notes", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, f"{text}\n".encode())
    os.close(handle)


if __name__ == "__main__":
    main()
