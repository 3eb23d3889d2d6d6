"""Where a home keeps its data: beside it as a rule, below /var/lib/debitora when the server's account cannot
get there."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from debitora.kit.postgres.binaries import SHARED
from debitora.kit.postgres.errors import HomeWasCopied
from debitora.kit.postgres.private import private_text
from debitora.kit.postgres.servant import Servant

SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET = 107  # bytes in sockaddr_un on Linux, without the closing zero
MOVED = "pg-moved-to"
HOME = "home"  # in a moved cluster: the home that it belongs to


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one home: `home` is ours, with locks and passwords; all of `cluster` is the servant's."""

    home: Path
    cluster: Path

    @property
    def data(self) -> Path:
        return self.cluster / "data"

    @property
    def log(self) -> Path:
        return self.cluster / "server.log"

    @property
    def start_lock(self) -> Path:
        return self.home / "pg.lock"

    @property
    def users_lock(self) -> Path:
        return self.home / "pg.users"

    @property
    def password(self) -> Path:
        return self.home / "pg.password"


def open_home(home: Path) -> Path:
    """This will make the home unless it exists, and give it without links. Root makes one that others may
    pass through but not list, so that the server's account reaches the data; an existing home keeps its
    rights."""
    home.parent.mkdir(parents=True, exist_ok=True)
    home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, exist_ok=True)
    return home.resolve()


def find_places(home: Path) -> Places:
    """This will say where the data of `home` is, or would be made. Raises HomeWasCopied."""
    try:
        cluster = Path((home / MOVED).read_text().strip())
    except FileNotFoundError:
        return Places(home=home, cluster=home / "pg")
    first = _first_home(cluster)
    if first not in (home, None) and (first / MOVED).exists():
        raise HomeWasCopied(home, cluster, first)
    return Places(home=home, cluster=cluster)


def prepare(places: Places, servant: Servant) -> Places:
    """This will make the cluster's folder for the servant unless it exists, elsewhere when the servant cannot
    reach the home, and give the places that hold from now on."""
    if not places.cluster.exists():
        places = _new_cluster(places, servant)
    if places.cluster != places.home / "pg" and _first_home(places.cluster) != places.home:
        servant.write(places.cluster / HOME, f"{places.home}\n")  # new, or the home was renamed
    return places


def _first_home(cluster: Path) -> Path | None:
    try:
        return Path((cluster / HOME).read_text().strip())
    except FileNotFoundError:
        return None


def _new_cluster(places: Places, servant: Servant) -> Places:
    cluster = places.cluster
    if not servant.may_enter(places.home):
        mark = hashlib.sha256(os.fsencode(places.home)).hexdigest()[:32]
        SHARED.mkdir(mode=0o755, parents=True, exist_ok=True)
        cluster = Path(private_text(places.home / MOVED, lambda: f"{SHARED / mark}\n").strip())
    cluster.mkdir(mode=0o700, exist_ok=True)
    if servant.dropped:
        os.chown(cluster, servant.uid, servant.gid)
    return Places(home=places.home, cluster=cluster)


def socket_folder(places: Places, servant: Servant) -> Path:
    """This will give the private folder of the server's socket: in the cluster, or in /tmp when the path
    would be too long for a socket or holds a comma, which libpq takes for the end of a host. The choice is
    remembered."""
    own = places.cluster / "socket"
    if len(os.fsencode(own / SOCKET_NAME)) <= LONGEST_SOCKET and "," not in str(own):
        if not own.is_dir():
            servant.make_folder(own)
        return own
    remembered = remembered_socket_folder(places, servant)
    if remembered:
        return remembered
    folder = Path(tempfile.mkdtemp(prefix="debitora-", dir="/tmp"))
    if servant.dropped:
        os.chown(folder, servant.uid, servant.gid)
    servant.write(folder / "cluster", f"{places.cluster}\n")
    servant.write(places.cluster / "socket-dir", f"{folder}\n")
    return folder


def remembered_socket_folder(places: Places, servant: Servant) -> Path | None:
    """The folder in /tmp from an earlier start, if it still is what we made: a real folder of the servant,
    closed to others, that names this cluster (a copied home names its original)."""
    try:
        folder = Path((places.cluster / "socket-dir").read_text().strip())
        status = folder.lstat()
        for_us = (folder / "cluster").read_text().strip() == str(places.cluster)
    except OSError:
        return None
    return (
        folder if for_us and status.st_uid == servant.uid and status.st_mode & 0o170777 == 0o040700 else None
    )


def quoted(value: str) -> str:
    """A value for postgresql.conf, where the backslash escapes."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def listed(folder: Path) -> str:
    """A folder for a setting that takes a list of them: quoted twice, so that blanks stay."""
    return quoted('"' + str(folder).replace('"', '""') + '"')
