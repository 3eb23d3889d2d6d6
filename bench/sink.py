"""A mail server in a process of its own, as a company's would be: `python -m bench.sink FOLDER` prints its port.

No benchmark itself. It keeps every mail as a file (debitora.demo.catcher) and ends when its standard input does.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from debitora.demo.catcher import MailCatcher

_HEAD = 4096


def start(folder: Path) -> int:
    """Start a sink that keeps its mails in the folder and lives no longer than this process; returns its port."""
    command = [sys.executable, "-m", "bench.sink", str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if process.stdout is None:
        raise RuntimeError("no sink")
    return int(process.stdout.readline())


def distinct(folder: Path) -> int:
    """How many different messages, by Message-ID, the folder holds."""
    found = set()
    for path in folder.glob("*.eml"):
        with path.open("rb") as file:
            lines = file.read(_HEAD).split(b"\r\n")
        found.update(line for line in lines if line.lower().startswith(b"message-id:"))
    return len(found)


def main() -> None:
    """Keep mails until the standard input ends."""
    with MailCatcher(Path(sys.argv[1])) as catcher:
        print(catcher.port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
