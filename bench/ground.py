"""The ground that benchmarks with a database stand on: an own durable server in a temporary home, and a fresh company.

No benchmark itself. Everything is thrown away when the process ends.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.lists import Lists
    from debitora.people.models import Company

_codes = count(1)


def lay() -> None:
    """Start the server, migrate, and make Django ready. Once per process."""
    home = Path(mkdtemp(prefix="debitora-bench-"))
    home.chmod(
        0o711
    )  # the server's account gets to its data in here, so that they are thrown away with the rest
    os.environ["DEBITORA_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "debitora.config.settings"
    os.environ.pop("DEBITORA_DATABASE_URL", None)
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    subprocess.run([sys.executable, "-P", "-m", "debitora.cli.main", "migrate"], check=True)
    import django

    django.setup()


def tidy() -> None:
    """What the server does by itself within minutes: learn how the tables look, and which rows everybody sees."""
    import psycopg

    from debitora.kit.postgres import serve

    server = serve(Path(os.environ["DEBITORA_HOME"]))
    with psycopg.connect(**server.credentials("superuser").kwargs(), autocommit=True) as connection:
        connection.execute("vacuum analyze")


def found() -> Company:
    """A new company with the shipped strategies and texts."""
    from debitora.cli.setting_up import found_company
    from debitora.trail.rules import system

    return found_company(
        code=f"bench{next(_codes)}",
        name="Bench GmbH",
        country="DE",
        currency="EUR",
        language="de",
        time_zone="",
        by=system("bench"),
    )


def listed(size: int, *, workbook: bool = False) -> Path:
    """A list of so many rows, written by a process of its own: what that needs shall not count. As CSV, or as a workbook."""
    folder = Path(mkdtemp(prefix="debitora-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    more = ["--workbook"] if workbook else []
    command = [sys.executable, "-m", "bench.lists", "--rows", str(size), "--folder", str(folder), *more]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder / f"items-{size}.{'xlsx' if workbook else 'csv'}"


def bring_in(company: Company, path: Path, *, kind: str = "items", days: int = 0) -> str:
    """Import a list whatever a guard says, as the command does; returns the state it ended in.

    days: so many days after DAY, as of which the list counts.
    """
    from datetime import timedelta

    from bench.lists import DAY
    from debitora.exchange.actions import apply_taken, confirm_list, preview_list, take_list
    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import now
    from debitora.trail.rules import system

    by = system("bench")
    with serving(company.id):
        taken = take_list(
            company=company,
            kind=kind,
            source="bench",
            data=path.read_bytes(),
            name=path.name,
            as_of=DAY + timedelta(days=days),
            by=by,
            at=now(),
        )
        preview = preview_list(company=company, list_import=taken.id, at=now())
        if preview.state in ("nothing", "refused"):
            return preview.state
        confirm_list(company=company, list_import=taken.id, confirmed=True, by=by, at=now())
        apply_taken(company=company, list_import=taken.id, by=by, clock=now)
        return "applied"


def approved(
    lists: Lists, *, port: int = 25, before_run: Callable[[Company], None] | None = None
) -> tuple[Company, int]:
    """A company with a sender, its list imported and its run approved; returns it and the run's id.

    before_run: what is still to be set, within one transaction.
    """
    from django.db import transaction

    from bench.lists import DAY
    from debitora.dunning.actions import approve_run, propose_run
    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import now
    from debitora.messaging.actions import save_sender, try_server
    from debitora.trail.rules import system

    company, by = found(), system("bench")
    sender: dict[str, object] = {
        "name": "Bench GmbH", "street": "Weg 1", "postcode": "10115", "city": "Berlin", "email": "a@bench.example",
        "iban": "DE02120300000000202051", "imprint": "HRB 1", "smtp_host": "127.0.0.1", "smtp_port": port,
        "smtp_security": "none", "daily_bound": 1_000_000,
    }  # fmt: skip
    bring_in(company, lists.customers, kind="customers")
    bring_in(company, lists.first)
    with serving(company.id):
        save_sender(company=company.id, changes=sender, by=by, at=now())
        if port != 25:
            with transaction.atomic():
                try_server(company=company.id, by=by, at=now())
        if before_run:
            with transaction.atomic():
                before_run(company)
        proposed = propose_run(company=company, on=DAY, by=by, at=now())
        if proposed.run is None:
            raise RuntimeError("no run")
        approve_run(company=company.id, run=proposed.run, by=by, at=now(), confirmed=True)
    return company, proposed.run


def server_peak() -> dict[str, float]:
    """Memory of the server: the largest resident set of this process's session, what it touched of the shared buffers included.

    Nothing where the system has no /proc.
    """
    from django.db import connection

    connection.ensure_connection()
    status = Path(f"/proc/{connection.connection.info.backend_pid}/status")
    if not status.exists():
        return {}
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return {"server_peak_mib": int(lines["VmHWM"].split()[0]) // 1024}
