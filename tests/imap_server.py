"""A real Dovecot for tests: one user, one Maildir, a free port, nothing of it outside of one folder, and never as root."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

PASSWORD = "open-sesame"
PATIENCE_SECONDS = 20.0
_CONF = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{home}/mail
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}
}}
"""


def dovecot() -> str:
    """Where the program is; a test without it is skipped with a word. `make test` installs it where it can (.ci/imap)."""
    found = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    return found or pytest.skip("no Dovecot: run .ci/imap")


class ImapServer:
    """Serves while its block lasts; `deliver` puts a mail into the inbox, `maildir` is where it lies."""

    def __init__(self, *, certificate: tuple[Path, Path] | None = None) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="imap-"))
        self._certificate = certificate
        self._delivered = 0
        self.port = _free_port()
        self.maildir = self._home / "mail"

    def __enter__(self) -> Self:
        who = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        group = "nogroup" if os.getuid() == 0 else _group(who.pw_gid)
        for place in ("cur", "new", "tmp"):
            (self.maildir / place).mkdir(parents=True)
        self._configure(who, group)
        if os.getuid() == 0:
            for path in (self._home, *self._home.rglob("*")):
                os.chown(path, who.pw_uid, who.pw_gid)
        started = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
        self._process = subprocess.Popen([dovecot(), "-F", "-c", str(self._home / "conf")], **started)  # type: ignore[call-overload]
        self._owner = who
        self._wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE_SECONDS)
        shutil.rmtree(self._home, ignore_errors=True)

    def deliver(self, data: bytes) -> None:
        """Put a mail into the inbox, as a mail server does: whole, by a rename."""
        self._delivered += 1
        name = f"{self._delivered:06}.tests"
        draft = self.maildir / "tmp" / name
        draft.write_bytes(data)
        os.chown(draft, self._owner.pw_uid, self._owner.pw_gid)
        draft.rename(self.maildir / "new" / name)

    def lying(self, folder: str = "") -> int:
        """How many mails lie in the inbox, or in a folder."""
        place = self.maildir / f".{folder}" if folder else self.maildir
        return sum(len(list((place / part).glob("*"))) for part in ("cur", "new"))

    def _configure(self, who: pwd.struct_passwd, group: str) -> None:
        lines = ""
        if self._certificate:
            for name, path in zip(("cert", "key"), self._certificate, strict=True):
                lines += f"ssl_{name} = <{shutil.copy(path, self._home / name)}\n"
        (self._home / "conf").write_text(
            _CONF.format(
                home=self._home,
                ssl="required" if self._certificate else "no",
                certificate=lines,
                user=who.pw_name,
                group=group,
                port=self.port,
                password=PASSWORD,
                uid=who.pw_uid,
                gid=who.pw_gid,
            )
        )

    def _wait(self) -> None:
        ends = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < ends:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1) as found:
                    if found.recv(10).startswith(b"* OK"):
                        return
            except OSError:
                pass
            assert self._process.poll() is None, self._said()
        raise AssertionError(self._said())

    def _said(self) -> str:
        log = self._home / "log"
        return log.read_text() if log.exists() else "it said nothing"


def _group(gid: int) -> str:
    import grp

    return grp.getgrgid(gid).gr_name


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
