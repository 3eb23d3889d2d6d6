"""One PostgreSQL data folder: make it, start it, see whether it answers, stop it.

Every function here that changes something is called under the lock `pg.lock` of the home.
"""

import os
import shutil
import signal
import time
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import psycopg
from psycopg import pq

from debitora.kit.postgres.binaries import Binaries, Origin, candidates, choose, within_reach
from debitora.kit.postgres.credentials import Credentials, new_password
from debitora.kit.postgres.errors import ClusterUnreachable, PasswordRefused, ServerNotStarted
from debitora.kit.postgres.places import SOCKET_NAME, Places, listed
from debitora.kit.postgres.private import private_text
from debitora.kit.postgres.processes import find_processes, lives, send
from debitora.kit.postgres.servant import Servant

PATIENCE = 15.0  # seconds for a server that says nothing
RECOVERY = 600.0  # seconds for one that says "starting up": replaying its log may take long, and is work
GOING = 60.0  # seconds for a fast shutdown, which writes a checkpoint
PAUSE = 0.05
SUPERUSER = "postgres"
THROW_AWAY = "throw-away"
LONG_LOG = 10_000_000  # bytes; a longer log is set aside at the next start
MEGABYTE = 1024 * 1024


class Answer(Enum):
    """What a connection attempt met."""

    READY = "accepts connections"
    BUSY = "is starting up or shutting down"
    SILENT = "says nothing"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A data folder with all that is needed to run it. `socket` is the folder through which it is reached,
    `prefer` the kind of programs for a new one."""

    places: Places
    servant: Servant
    socket: Path
    prefer: Origin | None = None

    def binaries(self) -> Binaries:
        """The programs that may open the data. Raises NoBinariesFound and OtherMajorVersion."""
        return choose(within_reach(candidates(self.prefer), self.servant), self.places.data)

    def credentials(self) -> Credentials:
        """The superuser's; the password is invented before the data are made."""
        password = private_text(self.places.password, new_password)
        return Credentials(str(self.socket), 5432, "postgres", SUPERUSER, password)

    def answer(self) -> Answer:
        """This will really try to connect, as pg_isready does."""
        info = f"host='{_escaped(self.socket)}' port=5432 dbname=postgres user={SUPERUSER} connect_timeout=3"
        match pq.PGconn.ping(os.fsencode(info)):
            case pq.Ping.OK:
                return Answer.READY
            case pq.Ping.REJECT:
                return Answer.BUSY
            case _:
                return Answer.SILENT

    def ensure_running(self, *, durable: bool) -> None:
        """This will return when the server accepts connections, made, healed and started as needed.

        Raises ServerNotStarted when it does not come up in time, and what `binaries` raises.
        """
        if self.answer() is Answer.READY:
            return
        if not self.servant.may_enter(self.places.cluster):
            raise ClusterUnreachable(self.places.cluster, self.servant.name)
        if not self.places.data.exists():
            _make(self, durable=durable)
        quiet_since = began = time.monotonic()
        problem = "it was not started"
        while (answer := self.answer()) is not Answer.READY:
            now = time.monotonic()
            if answer is Answer.BUSY:
                quiet_since = now
            else:
                problem = self._heal(durable=durable, waited=now - quiet_since) or problem
            if now - quiet_since > PATIENCE or now - began > RECOVERY:
                raise ServerNotStarted(problem, _tail(self.places.log))
            time.sleep(PAUSE)

    def _heal(self, *, durable: bool, waited: float) -> str:
        """One step towards a server that answers, and what was in the way. A living postmaster is coming or
        going, so it is waited for; orphans of a killed one are ended first, since they hold its shared
        memory."""
        found = find_processes(self.places.data)
        if found.postmaster is not None:
            if waited > PATIENCE / 2 and not (self.socket / SOCKET_NAME).exists():
                send(
                    signal.SIGINT, found.postmaster
                )  # its socket was swept away: only a new start brings it back
            return f"process {found.postmaster} runs but says nothing through {self.socket}"
        if found.orphans:
            send(signal.SIGKILL if waited > PATIENCE / 2 else signal.SIGTERM, *found.orphans)
            return f"processes {found.orphans} of a killed server do not end"
        return _start(self, durable=durable)

    def version(self) -> int:
        """This will log in and give the number of the server, such as 150018. Raises PasswordRefused."""
        try:
            with psycopg.connect(**self.credentials().kwargs(), connect_timeout=10) as connection:
                return connection.info.server_version
        except psycopg.OperationalError as refused:
            raise PasswordRefused(
                f"The server in {self.places.cluster} answers but does not let us in: {refused}. The password belongs "
                f"in {self.places.password}; put the file back from a backup of {self.places.home}."
            ) from refused

    def stop(self) -> None:
        """This will end the server, if it runs, as `pg_ctl stop -m fast` does, and wait for it.

        pg_ctl itself would signal whatever process bears the number in a stale postmaster.pid.
        """
        began = time.monotonic()
        found = find_processes(self.places.data)
        send(signal.SIGTERM, *found.orphans)
        postmaster = found.postmaster
        if postmaster is None:
            return
        send(signal.SIGINT, postmaster)
        while lives(postmaster, self.places.data) and time.monotonic() - began < GOING:
            time.sleep(PAUSE / 5)


def _make(cluster: Cluster, *, durable: bool) -> None:
    """This will run initdb in a folder of another name and rename it when complete: a killed initdb leaves no
    half data folder. Each attempt has its own name, because initdb may outlive the process that started
    it."""
    places, servant = cluster.places, cluster.servant
    for leftover in places.cluster.glob("building-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    building = places.cluster / f"building-{os.urandom(4).hex()}"
    locale = ["--locale=C.UTF-8", "--lc-collate=C"]
    done = _initdb(cluster, building, locale, durable=durable)
    if done and "invalid locale" in done:
        done = _initdb(cluster, building, ["--locale=C"], durable=durable)
    if done:
        raise ServerNotStarted("initdb failed", done)
    servant.shell('printf "\\ninclude \'debitora.conf\'\\n" >> "$1"', building / "postgresql.conf")
    if not durable:
        servant.write(places.cluster / THROW_AWAY, "made without fsync: for tests only\n")
    building.rename(places.data)


def _initdb(cluster: Cluster, building: Path, locale: list[str], *, durable: bool) -> str:
    """What initdb complained about; empty when all went well."""
    done = cluster.servant.run(
        cluster.binaries().folder / "initdb",
        f"--pgdata={building}",
        f"--username={SUPERUSER}",
        "--pwfile=/dev/stdin",
        "--auth=scram-sha-256",
        "--data-checksums",
        "--encoding=UTF8",
        *locale,
        *([] if durable else ["--no-sync"]),
        text=cluster.credentials().password + "\n",
    )
    return done.stdout if done.returncode else ""


def _start(cluster: Cluster, *, durable: bool) -> str:
    """One attempt; what went wrong, or an empty text. Only called when no process works in the data folder:
    so the lock files that a killed server left, and that may bear the number of a living stranger, can go."""
    places, servant = cluster.places, cluster.servant
    programs = cluster.binaries().folder  # before anything is touched: they may be missing for this version
    for stale in (
        places.data / "postmaster.pid",
        cluster.socket / SOCKET_NAME,
        cluster.socket / f"{SOCKET_NAME}.lock",
    ):
        stale.unlink(missing_ok=True)
    throw_away = not durable and (places.cluster / THROW_AWAY).exists()
    servant.write(places.data / "debitora.conf", _settings(cluster.socket, throw_away=throw_away))
    if places.log.exists() and places.log.stat().st_size > LONG_LOG:
        places.log.rename(places.log.with_suffix(".log.1"))
    done = (
        servant.run(  # from inside, by relative names: pg_ctl puts them into a shell command without quoting
            programs / "pg_ctl",
            *(
                "start",
                "-s",
                "-w",
                "-t",
                str(int(PATIENCE / 2)),
                "-D",
                places.data.name,
                "-l",
                places.log.name,
            ),
            folder=places.cluster,
        )
    )
    return f"pg_ctl start: {done.stdout.strip()}" if done.returncode else ""


def _settings(socket: Path, *, throw_away: bool) -> str:
    """What differs from PostgreSQL's own settings; lines after the include in postgresql.conf overrule it."""
    settings = {
        "listen_addresses": "''",
        "port": "5432",
        "unix_socket_directories": listed(socket),
        "unix_socket_permissions": "0700",
        "shared_buffers": f"{_shared_buffers()}MB",
        "max_wal_size": "4GB",
        "wal_compression": "off",  # pglz costs more processor than the disk gains (docs/decisions/0036)
        "jit": "off",
        "random_page_cost": "1.1",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
    }
    if throw_away:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    head = "# Written by Debitora at every start. Your own settings go to the end of postgresql.conf.\n"
    return head + "".join(f"{name} = {value}\n" for name, value in settings.items())


def _shared_buffers() -> int:
    """Megabytes: 512, on a small machine a quarter of its memory."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
    return max(16, min(512, memory // 4))


def _tail(log: Path, lines: int = 15) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def _escaped(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace("'", "\\'")
