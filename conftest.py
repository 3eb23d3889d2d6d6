"""The database of the tests: one throw-away server, one template migrated once, a clone of it per test process.

Tests run as the app role behind row-level security. `committed` gives real commits and a fresh clone afterwards.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from tests.databases import as_superuser, clone, drop, exists

ROOT = Path(__file__).parent
HOME = Path(os.environ["DEBITORA_HOME"])  # set by tests/settings.py, which is read before this file

if TYPE_CHECKING:
    from django.test import Client

    from debitora.kit.postgres import Server
    from debitora.people.models import Company, User

settings.register_profile(
    "debitora", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("debitora")  # how fast a machine is decides about no test

MOMENT = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Refuse cases from a set: its order differs between processes, and then none of the tests begins."""
    for mark in metafunc.definition.iter_markers("parametrize"):
        if isinstance(mark.args[1] if len(mark.args) > 1 else None, (set, frozenset)):
            raise pytest.UsageError(f"{metafunc.definition.nodeid}: sort the cases, a set has no order")


@pytest.fixture(autouse=True)
def no_request_before() -> None:
    """A request leaves its company's address and its reader's language on the thread: no test finds another's."""
    from django.urls import clear_script_prefix
    from django.utils import translation

    clear_script_prefix()
    translation.deactivate()


@pytest.fixture(scope="session")
def journals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of journals for each test of this process, made when a mail is written into it."""
    base = tmp_path_factory.mktemp("journals")
    return (base / str(number) for number in count())


@pytest.fixture(autouse=True)
def own_journal(journals: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Companies of two tests bear the same number: no test finds the mails that another sent in its journal."""
    monkeypatch.setenv("DEBITORA_JOURNAL", str(next(journals)))


@pytest.fixture(scope="session")
def server() -> Server:
    """The tests' own PostgreSQL, which forgets on a power cut and is fast for it; stopped with the last process."""
    from debitora.kit.pg import cluster
    from debitora.kit.postgres import ensure_roles_and_database, serve

    HOME.mkdir(parents=True, exist_ok=True)
    found = serve(HOME, durable=False)
    ensure_roles_and_database(found, "debitora")
    cluster.use(found)
    return found


def _fingerprint() -> str:
    state = hashlib.sha256()
    for path in sorted((ROOT / "src").glob("debitora/**/migrations/*.py")) + [
        ROOT / "requirements" / "runtime.txt"
    ]:
        state.update(path.read_bytes())
    for path in sorted((ROOT / "src").glob("debitora/*/sql/*.sql")):
        state.update(path.read_bytes())
    for path in sorted((ROOT / "src" / "debitora" / "kit").glob("p*/*.py")):
        state.update(path.read_bytes())
    return state.hexdigest()[:12]


def _template(server: Server) -> str:
    """The migrated template's name; made under a lock when the migrations have changed, kept between sessions."""
    name = f"debitora_template_{_fingerprint()}"
    with (HOME / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not exists(server, name):
            draft = f"{name}_draft"
            as_superuser(
                server, f"drop database if exists {draft}", f"create database {draft} owner debitora_owner"
            )
            from debitora.kit.postgres import ensure_roles_and_database

            ensure_roles_and_database(server, draft)
            environment = {**os.environ, "DEBITORA_ROLE": "owner", "DEBITORA_DATABASE_NAME": draft}
            environment["PYTHONPATH"] = str(ROOT / "src")
            environment["DJANGO_SETTINGS_MODULE"] = "debitora.config.settings"
            subprocess.run(
                [sys.executable, "-P", "-m", "django", "migrate", "--verbosity", "0"],
                env=environment,
                check=True,
                cwd=ROOT,
            )
            as_superuser(server, f"alter database {draft} rename to {name}")
    return name


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    """The migrated database that holds nothing yet and whose numbers begin at 1: what all others are cloned from."""
    return _template(server)


@pytest.fixture(scope="session")
def django_db_setup(server: Server, template: str, django_db_blocker: Any) -> Iterator[str]:
    """A clone of the template for this test process; Django neither creates nor destroys anything."""
    from django.db import connection

    name = f"debitora_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    clone(server, template, name)
    connection.settings_dict["NAME"] = name
    os.environ["DEBITORA_DATABASE_NAME"] = name
    with django_db_blocker.unblock():
        yield name
        connection.close()
    drop(server, name)


@pytest.fixture
def committed(django_db_setup: str, server: Server, template: str, django_db_blocker: Any) -> Iterator[str]:
    """Real commits in this test's database, whose name is given; afterwards a fresh clone takes its place."""
    from django.db import connections

    with django_db_blocker.unblock():
        yield django_db_setup
        connections.close_all()
    clone(server, template, django_db_setup)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> None:
    """The database as the test asked for it: committed if it asked for `committed`, else rolled back at its end."""
    if "committed" not in request.fixturenames:
        request.getfixturevalue("db")


@pytest.fixture
def moment() -> datetime:
    """18 November 2026, 9:00 UTC: the moment at which tests happen (a working Wednesday)."""
    return MOMENT


@pytest.fixture
def company(database: None) -> Iterator[Company]:
    """The company Acme (Germany, EUR), served within the test."""
    from debitora.kit.pg.company import serving

    found = _company("acme", "Acme Werkzeuge GmbH")
    with serving(found.id):
        yield found


@pytest.fixture
def other_company(database: None) -> Company:
    """Another company of the same installation, that nobody of Acme may see."""
    return _company("umbra", "Umbra Handel GmbH")


def _company(code: str, name: str) -> Company:
    from debitora.people.actions import add_company
    from debitora.trail.rules import system

    return add_company(code=code, name=name, country="DE", currency="EUR", by=system("tests"), at=MOMENT)


def _person(company: Company, role: str) -> User:
    from debitora.people.actions import add_user, grant
    from debitora.trail.rules import system

    login = f"{role}-{company.code}"
    user = add_user(
        login=login,
        name=f"{role.title()} {company.code.title()}",
        password="correct horse battery",
        email=f"{login}@debitora.example",
        language="en",
        at=MOMENT,
    )
    grant(company=company, user=user, role=role, by=system("tests"), at=MOMENT)
    return user


@pytest.fixture
def clerk(company: Company) -> User:
    """Acme's clerk."""
    return _person(company, "clerk")


@pytest.fixture
def manager(company: Company) -> User:
    """Acme's credit manager."""
    return _person(company, "manager")


@pytest.fixture
def sales(company: Company) -> User:
    """Acme's salesperson."""
    return _person(company, "sales")


@pytest.fixture
def auditor(company: Company) -> User:
    """Acme's auditor."""
    return _person(company, "auditor")


@pytest.fixture
def stranger(other_company: Company) -> User:
    """The other company's manager."""
    return _person(other_company, "manager")


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A signed-in browserless client: client_of(clerk).get("/c/acme/items/")."""
    from debitora.people.testing import signed_in

    return signed_in
