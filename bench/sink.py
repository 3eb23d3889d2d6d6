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


def arrived(folder: Path) -> list[tuple[str, str]]:
    """Message-ID (without its brackets) and recipient of every mail that the folder holds."""
    return [_told(path) for path in sorted(folder.glob("*.eml"))]


def _told(path: Path) -> tuple[str, str]:
    with path.open("rb") as file:
        lines = file.read(_HEAD).decode("utf-8", "replace").split("\r\n")
    heads = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)}
    return heads["message-id"].strip("<>"), heads["x-envelope-to"]


def main() -> None:
    """Keep mails until the standard input ends."""
    with MailCatcher(Path(sys.argv[1])) as catcher:
        print(catcher.port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
