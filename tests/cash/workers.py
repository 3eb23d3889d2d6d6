"""Processes that take a bank's file or match its lines, killed where a test says.

`Workers` keeps one process that has imported everything and forks a worker whenever a test wants one: importing takes seconds,
forking none. A worker counts the statements that it sends to the database, its commits among them, and ends itself by SIGKILL.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]


class Workers:
    """The process that forks workers."""

    def __init__(self) -> None:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "debitora.config.settings",
            "DEBITORA_TEST": "1",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.cash.workers"],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self,
        *,
        work: str,
        company: int,
        database: str,
        file: Path | None = None,
        batch: int = 100,
        kill_at: int = 0,
        after: bool = False,
    ) -> tuple[bool, int]:
        """Let a worker do `work` (take or match), killed at its n-th statement or after it: (was it killed, statements)."""
        asked = {
            "work": work,
            "company": company,
            "database": database,
            "file": str(file or ""),
            "batch": batch,
        }
        _pipe(self._process.stdin).write(json.dumps({**asked, "kill_at": kill_at, "after": after}) + "\n")
        _pipe(self._process.stdin).flush()
        code, statements = json.loads(_pipe(self._process.stdout).readline())
        assert code in (0, -signal.SIGKILL), "the worker failed"
        return code != 0, statements

    def close(self) -> None:
        """End the forking process."""
        _pipe(self._process.stdin).close()
        _pipe(self._process.stdout).close()
        self._process.wait(timeout=10)


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


def main() -> None:
    """Answer questions from standard input: fork a worker and wait for its end."""
    import django

    django.setup()
    import debitora.cash.actions  # noqa: F401  (once, before any fork)

    for line in sys.stdin:
        print(json.dumps(_forked(json.loads(line))), flush=True)


def _forked(ask: dict[str, Any]) -> tuple[int, int]:
    """(exit code, the negative signal where one ended it; how many statements it sent)."""
    counted, counting = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            statements = _work(ask)
            os.write(counting, str(statements).encode())
            code = 0
        finally:
            os._exit(code)
    os.close(counting)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    said = os.read(counted, 20)
    os.close(counted)
    return code, int(said or 0)


def _work(ask: dict[str, Any]) -> int:
    from django.db import connection, connections

    from debitora.cash.actions import match, matching, take_file
    from debitora.cash.testing import MOMENT, TESTS
    from debitora.kit.pg.company import serving

    connection.settings_dict["NAME"] = ask["database"]
    vars(matching)["BATCH"] = ask["batch"]
    facts = {"company": ask["company"], "by": TESTS, "at": MOMENT}
    count = _Count(ask["kill_at"], after=ask["after"])
    session = connections["default"]
    vars(session)["_commit"] = count.around(session._commit)
    with serving(ask["company"]), connection.execute_wrapper(count.statement):
        if ask["work"] == "take":
            data = Path(ask["file"]).read_bytes()
            take_file(data=data, name="bank.xml", new_accounts=True, **facts)
        else:
            match(**facts)
    return count.passed


class _Count:
    """Counts statements and commits; at the wanted one the process is killed, before it is sent or when it has been answered."""

    def __init__(self, kill_at: int, *, after: bool) -> None:
        self.passed, self._kill_at, self._after = 0, kill_at, after

    def statement(self, execute: Callable[..., Any], *said: Any) -> Any:
        return self.around(execute)(*said)

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*said: Any) -> Any:
            self.passed += 1
            here = self.passed == self._kill_at
            if here and not self._after:
                os.kill(os.getpid(), signal.SIGKILL)
            answer = call(*said)
            if here:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer

        return counted


if __name__ == "__main__":
    main()
