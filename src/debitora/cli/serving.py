"""Commands that keep running: up (web, worker, database) and worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from django.db import transaction

from debitora.cli.answers import DONE, REFUSED, Refused
from debitora.kit.listening import Listening, listening
from debitora.kit.pg.company import serving
from debitora.kit.queue import work_off
from debitora.messaging.queries import missing_before_sending
from debitora.people.queries import all_companies

PACKAGE = Path(__file__).resolve().parent.parent
_PATIENCE = 20.0  # not money: seconds


def up(args: Namespace) -> int:
    """Bring the database to this version, then serve pages and work off jobs until Ctrl-C or a signal."""
    if migrate_apart() != DONE:
        return REFUSED
    for line in what_is_missing():
        print(line)
    return serve(
        args.host, args.port, told=f"Debitora serves on http://{args.host}:{args.port}/ (Ctrl-C ends)"
    )


def serve(host: str, port: int, *, told: str = "") -> int:
    """Web processes and worker together, until one ends or we are told to stop."""
    try:
        with listening(host, port) as web:
            if told:
                print(told, flush=True)
            return run_together([*web_commands(web), worker_command()], keep=(web.fileno(),))
    except OSError as failed:
        raise Refused(f"Cannot listen on {host}:{port}: {failed.strerror}") from None


def migrate_apart() -> int:
    """Migrate in a process of its own, which alone holds the owner's credentials."""
    done = subprocess.run([sys.executable, "-P", "-m", "debitora.cli.main", "migrate"], check=False)
    return DONE if done.returncode == 0 else REFUSED


def what_is_missing() -> list[str]:
    """Per company, what keeps it from a first real sending; one line that tells how to begin if there is no company."""
    companies = all_companies()
    if not companies:
        return ["No company yet: debitora company add CODE --name NAME --country DE --currency EUR"]
    lines = []
    for company in companies:
        with serving(company.id), transaction.atomic():
            missing = missing_before_sending(company=company.id)
        if missing:
            lines.append(f"{company.code}: sending is locked until these are there: {', '.join(missing)}")
    return lines


def web_commands(web: Listening, application: str = "debitora.config.wsgi:application") -> list[list[str]]:
    """The web processes, which need the socket's number among the files that they keep.

    Two where there are two cores: in one, pages that are asked for at the same moment wait for each other.
    """
    processes = os.environ.get("DEBITORA_WEB_PROCESSES") or min(2, os.cpu_count() or 1)
    command = [sys.executable, "-P", "-m", "debitora.cli.web", str(web.fileno()), application]
    return [command] * int(processes)


def worker_command() -> list[str]:
    """The worker, as a process."""
    return [sys.executable, "-P", "-m", "debitora.cli.main", "worker"]


def run_together(commands: Sequence[Sequence[str]], *, keep: Sequence[int] = ()) -> int:
    """Run processes, which keep some open files, until one ends or we are told to stop; then end them all. 0 if we were told to."""
    processes = [subprocess.Popen(command, start_new_session=True, pass_fds=keep) for command in commands]
    told: list[int] = []
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, lambda number, _frame: told.append(number))
    try:
        while not told and all(process.poll() is None for process in processes):
            time.sleep(0.2)  # not money: seconds
    finally:
        _end(processes)
    return DONE if told else REFUSED


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask each to end; what has not in time is killed with all that it started, so that nothing keeps the port."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + _PATIENCE
    for process in processes:
        try:
            process.wait(max(until - time.monotonic(), 0.1))  # not money: seconds
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def worker(args: Namespace) -> int:
    """Work off jobs: for ever, or with --once until none waits. A database that is not migrated is told by the first read."""
    all_companies()
    work_off(wait=not args.once)
    return DONE
