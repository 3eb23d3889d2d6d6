"""A mail server in a process of its own, as a company's would be: `python -m bench.sink FILE` prints its port.

No benchmark itself. It takes every mail and keeps of each its Message-ID and its recipient, so that what is measured is the sender
and not a mail server written in Python. It ends when its standard input does.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Final

_MESSAGE_ID: Final = re.compile(rb"^message-id:[ \t]*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
_END: Final = b"\r\n.\r\n"
_PIECE: Final = 1 << 16


def start(kept: Path) -> int:
    """Start a sink that notes its mails in the file and lives no longer than this process; returns its port."""
    command = [sys.executable, "-m", "bench.sink", str(kept)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if process.stdout is None:
        raise RuntimeError("no sink")
    return int(process.stdout.readline())


def arrived(kept: Path) -> list[tuple[str, str]]:
    """Message-ID (without its brackets) and recipient of every mail that the file tells."""
    lines = kept.read_text("utf-8").splitlines()
    return [(message_id, recipient) for message_id, _, recipient in (line.partition(" ") for line in lines)]


class _Line(StreamRequestHandler):
    """One connection: the words of SMTP that a sender of mails needs (RFC 5321)."""

    disable_nagle_algorithm = True

    def handle(self) -> None:
        """Answer until the sender leaves."""
        recipient = ""
        self._say("220 sink")
        while line := self.rfile.readline(1_000):
            word, _, rest = line.decode("ascii", "replace").strip().partition(" ")
            if word.upper() == "RCPT":
                recipient = rest.partition("<")[2].partition(">")[0]
            if word.upper() == "DATA":
                self._say("354 go on")
                self._keep(self._message(), recipient)
            self._say("221 bye" if word.upper() == "QUIT" else "250 ok")

    def _message(self) -> bytes:
        """All up to the dot that stands alone."""
        message = bytearray(b"\r\n")
        while not message.endswith(_END):
            piece = self.rfile.read1(_PIECE)
            if not piece:
                raise ConnectionResetError("the sender left in the middle of a mail")
            message += piece
        return bytes(message)

    def _keep(self, message: bytes, recipient: str) -> None:
        found = _MESSAGE_ID.search(message)
        if found is None:
            raise ValueError("a mail without Message-ID")
        with Path(sys.argv[1]).open("a", encoding="utf-8") as kept:
            kept.write(f"{found[1].decode()} {recipient}\n")

    def _say(self, reply: str) -> None:
        self.wfile.write(f"{reply}\r\n".encode())


def main() -> None:
    """Take mails until the standard input ends."""
    Path(sys.argv[1]).touch()
    ThreadingTCPServer.daemon_threads = True
    with ThreadingTCPServer(("127.0.0.1", 0), _Line) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_address[1], flush=True)
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    main()
