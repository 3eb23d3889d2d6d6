"""Worker processes that send once and end, to be killed, frozen and thawed by tests/sending.

`Workers` keeps one process that has imported everything and forks a worker whenever a test wants one: importing takes
seconds, forking none. Each worker is a process of its own with its own connection, as in production.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from debitora.messaging.models import Intent
    from debitora.messaging.rules.states import Event

ROOT = Path(__file__).resolve().parents[2]
REPLY_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker process, as the test sees it."""

    workers: Workers
    pid: int
    answer: Path

    def ended(self) -> dict[str, int]:
        """Wait for its end; how many messages ended in which state."""
        assert self.workers.wait(self.pid) == 0, "the worker failed"
        return dict(json.loads(self.answer.read_text()))

    def killed(self) -> None:
        """Wait until a failpoint has killed it."""
        assert self.workers.wait(self.pid) == -signal.SIGKILL, "the worker was not killed"

    def stopped(self) -> None:
        """Wait until a failpoint has frozen it."""
        assert self.workers.wait(self.pid) == "stopped", "the worker did not stop"

    def thaw(self) -> int:
        """Let it go on; how it ended."""
        os.kill(self.pid, signal.SIGCONT)
        return int(self.workers.wait(self.pid))


class Workers:
    """The process that forks workers."""

    def __init__(self) -> None:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "debitora.config.settings",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.sending.workers"],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(
        self, *, company: int, at: datetime, failpoint: str, fenced: bool, database: str, answer: Path
    ) -> Worker:
        """Fork a worker that sends what is due at a moment; a failpoint kills or freezes it."""
        environment = {
            "DEBITORA_TEST": "1",
            "DEBITORA_FAILPOINT": failpoint,
            "DEBITORA_JOURNAL": os.environ["DEBITORA_JOURNAL"],
        }
        ask = {"company": company, "at": at.isoformat(), "fenced": fenced, "database": database}
        pid = self._ask({**ask, "environment": environment, "answer": str(answer)})
        return Worker(self, int(pid), answer)

    def wait(self, pid: int) -> int | str:
        """ "stopped", or the exit code (the negative signal where one ended it)."""
        said = self._ask({"wait": pid})
        return said if said == "stopped" else int(said)

    def close(self) -> None:
        """End the forking process."""
        _pipe(self._process.stdin).close()
        _pipe(self._process.stdout).close()
        self._process.wait(timeout=10)

    def _ask(self, question: dict[str, Any]) -> str:
        _pipe(self._process.stdin).write(json.dumps(question) + "\n")
        _pipe(self._process.stdin).flush()
        return _pipe(self._process.stdout).readline().strip()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


def main() -> None:
    """Answer questions from standard input: fork a worker, or wait for one."""
    import django

    django.setup()
    import debitora.messaging.actions  # noqa: F401  (once, before any fork)

    for line in sys.stdin:
        ask = json.loads(line)
        print(_status(ask["wait"]) if "wait" in ask else _forked(ask), flush=True)


def _status(pid: int) -> str:
    _pid, status = os.waitpid(pid, os.WUNTRACED)
    return "stopped" if os.WIFSTOPPED(status) else str(os.waitstatus_to_exitcode(status))


def _forked(ask: dict[str, Any]) -> int:
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            _work(ask)
            code = 0
        finally:
            os._exit(code)
    return pid


def _work(ask: dict[str, Any]) -> None:
    from django.db import connection

    from debitora.kit.pg.company import serving
    from debitora.kit.smtp import Patience
    from debitora.messaging.actions import send_due, sending

    os.environ.update(ask["environment"])
    connection.settings_dict["NAME"] = ask["database"]
    moment = datetime.fromisoformat(ask["at"])
    if not ask["fenced"]:  # the negative control: a claim that is believed without a look
        vars(sending)["move_mine"] = _believing
    patience = Patience(reply=REPLY_SECONDS, body=REPLY_SECONDS, dot=REPLY_SECONDS)
    with serving(ask["company"]):
        ended = send_due(company=ask["company"], clock=lambda: moment, patience=patience)
    Path(ask["answer"]).write_text(json.dumps(ended))


def _believing(intent: Intent, event: Event, **how: Any) -> bool:
    from debitora.messaging.actions.intents import move

    move(intent, event, **how)
    return True


if __name__ == "__main__":
    main()
