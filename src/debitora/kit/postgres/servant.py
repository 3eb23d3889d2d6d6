"""The operating-system account that runs PostgreSQL, which refuses to run as root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from debitora.kit.postgres.errors import HomeBelongsToAnother, NoServantAccount

ACCOUNT = "debitora"
SHELL = "/bin/sh"
SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True, slots=True)
class Servant:
    """The account. `dropped` says that we are root and act through it; otherwise it is our own.

    Root writes no file inside a folder of the servant: a program run as the servant does.
    """

    uid: int
    gid: int
    name: str
    dropped: bool

    def run(
        self, *arguments: str | Path, text: str = "", folder: Path = Path("/")
    ) -> subprocess.CompletedProcess[str]:
        """This will run a program as the servant, with `text` as its input, and return its code and output.

        The environment is empty but for the search path: no PGDATA or PGHOST of the caller reaches it.
        """
        reader = self._pipe(text)
        try:
            return subprocess.run(
                [str(argument) for argument in arguments],
                stdin=reader,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                check=False,
                cwd=folder,
                umask=0o077,
                env={"PATH": SEARCH_PATH, "LC_ALL": "C"},
                user=self.uid if self.dropped else None,
                group=self.gid if self.dropped else None,
                extra_groups=[] if self.dropped else None,
            )
        finally:
            os.close(reader)

    def _pipe(self, text: str) -> int:
        """The reading end of a pipe that holds `text` (under 64 KiB). It is given to the servant, because a
        program that opens /dev/stdin or /dev/fd/N by name is checked like any other user."""
        reader, writer = os.pipe()
        if self.dropped:
            os.fchown(reader, self.uid, self.gid)
        with os.fdopen(writer, "w") as file:
            file.write(text)
        return reader

    def shell(self, script: str, *arguments: str | Path, text: str = "") -> None:
        """This will run a line of shell as the servant with $1, $2 …  Raises OSError when it fails."""
        done = self.run(SHELL, "-c", script, "sh", *arguments, text=text)
        if done.returncode:
            raise OSError(f"{script}: {done.stdout.strip()} (as {self.name})")

    def write(self, path: Path, text: str) -> None:
        """This will replace a file of the servant by `text`, whole or not at all."""
        self.shell('cat > "$1.new" && mv -f "$1.new" "$1"', path, text=text)

    def make_folder(self, path: Path) -> None:
        """This will make a folder that only the servant may enter, unless it exists."""
        self.shell('mkdir -p -m 700 "$1"', path)

    def may_enter(self, folder: Path) -> bool:
        """Whether the servant can pass through all folders above `folder` and into it."""
        return not self.dropped or self.run(SHELL, "-c", 'cd "$1"', "sh", folder).returncode == 0

    def may_execute(self, program: Path) -> bool:
        """Whether the servant can reach and run `program`."""
        if not self.dropped:
            return os.access(program, os.X_OK)
        return self.run(SHELL, "-c", 'test -x "$1"', "sh", program).returncode == 0


def find_servant(data: Path) -> Servant:
    """This will choose the account for the data folder `data`, which may not exist yet.

    A normal user serves itself. Root acts for whoever owns the data; else for `debitora`, else for
    `postgres`, which Debian's package brings along; else it makes `debitora`. Raises HomeBelongsToAnother and
    NoServantAccount.
    """
    owner = _owner(data)
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise HomeBelongsToAnother(data, _name(owner))
        return _servant(os.geteuid(), dropped=False)
    if owner:
        return _servant(owner, dropped=True)
    return _servant(_account_to_drop_to(), dropped=True)


def _owner(data: Path) -> int | None:
    try:
        return data.stat().st_uid
    except FileNotFoundError:
        return None
    except PermissionError:
        return data.parent.stat().st_uid


def _name(uid: int | None) -> str:
    try:
        return pwd.getpwuid(uid or 0).pw_name
    except KeyError:
        return f"user {uid}"


def _servant(uid: int, *, dropped: bool) -> Servant:
    """The servant with this number. initdb insists on a name for it."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise NoServantAccount(
            f"The account number {uid} has no name on this machine, and PostgreSQL needs one. Add it to /etc/passwd "
            "(in a container: run with a named user), or name a running server in DEBITORA_DATABASE_URL."
        ) from None
    return Servant(uid=uid, gid=entry.pw_gid, name=entry.pw_name, dropped=dropped)


def _account_to_drop_to() -> int:
    """Never `nobody`: other services may run as nobody and would own our data."""
    for name in (ACCOUNT, "postgres"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    return _make_account()


def _make_account() -> int:
    useradd = shutil.which("useradd", path=SEARCH_PATH)
    command = ["--system", "--user-group", "--no-create-home", "--home-dir", "/var/lib/debitora"]
    command += ["--shell", "/usr/sbin/nologin", ACCOUNT]
    if useradd:
        subprocess.run([useradd, *command], check=False, capture_output=True, cwd="/")
    try:
        return pwd.getpwnam(
            ACCOUNT
        ).pw_uid  # two processes may have made it at once: what counts is that it is there
    except KeyError:
        raise NoServantAccount(
            "PostgreSQL does not run as root, and the account debitora could not be made. Make it "
            f"(useradd {' '.join(command)}), run Debitora as a normal user, or name a running server in "
            "DEBITORA_DATABASE_URL."
        ) from None
