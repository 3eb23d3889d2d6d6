"""Backup and restore, and an installation from its first word on, each in a home of its own."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction

from debitora.cli.tests.saying import PASSWORD, typed
from debitora.dunning.actions import release_run
from debitora.dunning.testing import SENDER
from debitora.exchange.testing import a_list_of
from debitora.kit.journal import write_line
from debitora.kit.pg.company import serving
from debitora.kit.postgres import Server, serve
from debitora.kit.runtime import now
from debitora.kit.store import place_of
from debitora.kit.tests.postgres_scenes import a_home
from debitora.messaging.actions import confirm_installation, save_sender, send_due, try_server
from debitora.messaging.models import Intent
from debitora.messaging.queries import is_home
from debitora.messaging.queries.journal import Sent
from debitora.people.models import Company
from debitora.receivables.actions import complete_recipients
from debitora.receivables.models import Customer
from debitora.trail.models import Record
from debitora.trail.rules import system
from tests.smtp_server import SmtpServer
from tests.terminal import Terminal, in_a_process

BY = system("tests")
WEDNESDAY = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


def on_wednesday() -> datetime:
    """A clock that stands on a working day."""
    return WEDNESDAY


@pytest.fixture
def home(committed: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home folder of its own for the database of this test."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("DEBITORA_HOME", str(folder))
    monkeypatch.delenv("DEBITORA_JOURNAL", raising=False)
    yield folder
    connection.close()
    with psycopg.connect(**server.credentials("superuser", "postgres").kwargs(), autocommit=True) as cleaning:
        cleaning.execute(f"drop database if exists {committed}_replaced with (force)".encode())


@pytest.fixture
def terminal(home: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A terminal in an installation that belongs to its home."""
    with transaction.atomic():
        confirm_installation(at=now())
    found = Terminal(capsys)
    found.say("company", "add", "acme", "--name", "Acme")
    return found


def a_sender(mail: SmtpServer) -> Company:
    """Acme, ready to send through the server, with an address for each customer."""
    company = Company.objects.get(code="acme")
    host = {"smtp_host": mail.host, "smtp_port": mail.port, "smtp_security": "none"}
    with serving(company.id):
        save_sender(company=company.id, changes={**SENDER, **host}, by=BY, at=now())
        try_server(company=company.id, by=BY, at=now())
        with transaction.atomic():
            ids = list(Customer.objects.values_list("id", flat=True))
        emails = {each: f"payer{each}@debtor.example" for each in ids}
        complete_recipients(company=company.id, emails=emails, by=BY, at=now())
    return company


def imported(terminal: Terminal, folder: Path, numbers: range, as_of: str) -> None:
    file = folder / f"list-{as_of}.csv"
    file.write_bytes(a_list_of(numbers))
    terminal.ask("import", "items", file, "--company", "acme", "--as-of", as_of, "--confirm")


def test_after_a_restore_everything_is_back_and_nothing_is_sent(
    terminal: Terminal, home: Path, tmp_path: Path
) -> None:
    """S15: the restored database knows of ten queued mails; not one of them leaves."""
    run = ("run", "--company", "acme", "--on", "2026-11-18", "--approve")
    imported(terminal, tmp_path, range(1, 11), "2026-11-18")
    with SmtpServer() as mail:
        company = a_sender(mail)
        terminal.ask(*run)
        assert "1 documents\nNot in it: the secret key" in terminal.say("backup", tmp_path / "kept")
        sent = terminal.ask("run", "--company", "acme", "--on", "2026-11-18", "--approve", "--send")
        assert sent["decisions"] == {"pending_notice": 10}
        assert len(mail.mails) == 0
        imported(terminal, tmp_path, range(1, 6), "2026-11-19")
        instance = (home / "instance-id").read_text()

        said = terminal.say("restore", tmp_path / "kept")

        assert "Sending is locked" in said
        assert len(terminal.ask("items", "--company", "acme")["items"]) == 10
        assert terminal.ask("check", "--company", "acme")["findings"] == []
        answer = terminal.ask(*run, "--send", code=1)
        assert answer["missing_before_sending"] == ["installation"]
        assert mail.mails == ()
    assert not (home / "instance-id").exists() or (home / "instance-id").read_text() != instance
    with serving(company.id), transaction.atomic():
        assert not Intent.objects.filter(state="accepted").exists()


def test_o01_a_restore_gives_back_every_row(
    terminal: Terminal, home: Path, server: Server, committed: str, tmp_path: Path
) -> None:
    """O01: each table holds the same rows as when the backup was made, and the check agrees; a changed row would show."""
    imported(terminal, tmp_path, range(1, 11), "2026-11-18")
    terminal.ask("run", "--company", "acme", "--on", "2026-11-18", "--approve")
    kept = contents(server, committed)
    assert sum(rows for rows, _sum in kept.values()) > 100
    terminal.say("backup", tmp_path / "kept")
    imported(terminal, tmp_path, range(1, 6), "2026-11-19")
    assert contents(server, committed) != kept

    terminal.say("restore", tmp_path / "kept")

    assert contents(server, committed) == kept
    assert terminal.ask("check", "--company", "acme")["findings"] == []


def contents(server: Server, database: str) -> dict[str, tuple[int, int]]:
    """Table -> its rows, and a sum over their hashes; read past the walls. What only tells of processes is left out."""
    with psycopg.connect(**server.credentials("superuser", database).kwargs()) as session:
        named = session.execute(
            "select relname from pg_class where relkind in ('r', 'p') and not relispartition "
            "and relnamespace = 'public'::regnamespace and relname not like 'procrastinate_worker%'"
        ).fetchall()
        summed = "select count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text from {} t"
        found = {name: session.execute(summed.format(f'"{name}"').encode()).fetchone() for (name,) in named}
    return {name: (int(row[0]), int(row[1])) for name, row in found.items() if row is not None}


def a_restored_company(terminal: Terminal, folder: Path, mail: SmtpServer) -> Company:
    """Ten mails were queued when the backup was made, four of them left before it was restored."""
    imported(terminal, folder, range(1, 11), "2026-11-18")
    company = a_sender(mail)
    run = terminal.ask("run", "--company", "acme", "--on", "2026-11-18", "--approve")["run"]
    with serving(company.id):
        release_run(company=company, run=run, by=BY, clock=on_wednesday)
        terminal.say("backup", folder / "kept")
        with transaction.atomic():
            late = list(Intent.objects.order_by("id").values_list("id", flat=True)[4:])
            Intent.objects.filter(id__in=late).update(due_at=WEDNESDAY + timedelta(days=1))
        assert send_due(company=company.id, clock=on_wednesday) == {"accepted": 4}
    terminal.say("restore", folder / "kept")
    return company


def state(company: Company) -> tuple[bool, int, int, int]:
    """Whether sending is free, accepted mails, parked customers, and confirmations on record."""
    with serving(company.id), transaction.atomic():
        return (
            is_home(),
            Intent.objects.filter(state="accepted").count(),
            Customer.objects.filter(parked_reason="restored").count(),
            Record.objects.filter(verb="installation.confirmed").count(),
        )


def test_a_restored_installation_sends_again_when_a_person_confirms(
    terminal: Terminal, home: Path, tmp_path: Path
) -> None:
    """O02: what left after the backup is adopted, who got a mail that is forgotten is parked; the rest goes out once."""
    with SmtpServer() as mail:
        company = a_restored_company(terminal, tmp_path, mail)
        with serving(company.id), transaction.atomic():
            forgotten = Intent.objects.order_by("-id").values_list("customer_id", flat=True)[0]
        for customer in (forgotten, 4711):
            sent = Sent(now(), uuid.uuid4(), "notice", 99, customer, "-")
            write_line(company=company.id, line=str(sent))

        told = terminal.ask("confirm-installation", code=1)

        assert "--confirm" in terminal.complaint
        assert state(company) == (False, 0, 0, 0)
        seen = {"company": "acme", "lines": 6, "adopted": 4, "left": [], "unknown": 2}
        assert told["companies"] == [{**seen, "parked": [forgotten], "not_in_journal": []}]
        assert told["status"] == "held"
        done = terminal.ask("confirm-installation", "--confirm")
        assert (done["status"], done["companies"]) == ("done", told["companies"])
        assert state(company) == (True, 4, 1, 1)
        with serving(company.id):
            assert send_due(company=company.id, clock=on_wednesday) == {"accepted": 5, "queued": 1}
    assert len({each.recipients for each in mail.mails}) == len(mail.mails) == 9
    assert terminal.ask("confirm-installation")["status"] == "nothing"


def test_a_confirmation_says_who_gave_it(
    terminal: Terminal, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One who may not give sending free in every company may not confirm; nothing is changed then."""
    for login, role in (("mia", "manager"), ("aud", "auditor")):
        typed(monkeypatch, PASSWORD + "\n")
        terminal.say("user", "add", login, "--name", login, "--company", "acme", "--role", role)
    terminal.say("backup", tmp_path / "kept")
    terminal.say("restore", tmp_path / "kept")
    company = Company.objects.get(code="acme")
    terminal.say("confirm-installation", "--confirm", "--as", "aud", code=1)
    terminal.say("confirm-installation", "--confirm", "--as", "nobody", code=2)
    terminal.say("confirm-installation", "--surely", code=2)
    assert state(company) == (False, 0, 0, 0)
    assert "status: done" in terminal.say("confirm-installation", "--confirm", "--as", "mia")
    with serving(company.id), transaction.atomic():
        row = Record.objects.get(verb="installation.confirmed")
    assert (row.actor_kind, row.actor_label, row.facts["adopted"]) == ("user", "mia", 0)


def test_documents_come_back_with_their_bytes(terminal: Terminal, home: Path, tmp_path: Path) -> None:
    imported(terminal, tmp_path, range(1, 4), "2026-11-18")
    kept = {path: path.read_bytes() for path in (home / "documents").rglob("*") if path.is_file()}
    terminal.say("backup", tmp_path / "kept")
    for path in kept:
        path.unlink()
    findings = terminal.ask("check", "--company", "acme", code=1)["findings"]
    assert findings
    terminal.say("restore", tmp_path / "kept")
    assert {path: path.read_bytes() for path in kept} == kept
    assert all(place_of(company=1, digest=path.name).name == path.name for path in kept)
    assert terminal.ask("check", "--company", "acme")["findings"] == []


def test_a_backup_is_whole_or_refused(terminal: Terminal, home: Path, tmp_path: Path) -> None:
    terminal.say("restore", tmp_path / "nowhere", code=1)
    assert "no complete backup" in terminal.complaint
    terminal.say("backup", tmp_path / "kept")
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0
    terminal.say("backup", tmp_path / "kept", code=1)
    assert "not empty" in terminal.complaint
    note = tmp_path / "kept" / "backup.json"
    assert set(json.loads(note.read_text())) == {"made_at", "sha256", "documents"}
    dump = tmp_path / "kept" / "database.dump"
    dump.write_bytes(dump.read_bytes()[:-10])
    instance = (home / "instance-id").read_text()
    terminal.say("restore", tmp_path / "kept", code=1)
    assert "changed or cut short" in terminal.complaint
    note.unlink()
    terminal.say("restore", tmp_path / "kept", code=1)
    assert (home / "instance-id").read_text() == instance
    assert terminal.ask("items", "--company", "acme") == {"items": []}


def test_a_restore_that_fails_changes_nothing(terminal: Terminal, home: Path, tmp_path: Path) -> None:
    """The note fits, but the file is no archive: sending goes on as before."""
    folder = tmp_path / "odd"
    folder.mkdir()
    (folder / "database.dump").write_bytes(b"no archive")
    digest = hashlib.sha256(b"no archive").hexdigest()
    (folder / "backup.json").write_text(
        json.dumps({"made_at": now().isoformat(), "sha256": digest, "documents": 0})
    )
    instance = (home / "instance-id").read_text()
    terminal.say("restore", folder, code=1)
    assert "not a backup" in terminal.complaint
    assert (home / "instance-id").read_text() == instance


@pytest.mark.slow
def test_an_installation_begins_moves_and_stays_locked(tmp_path: Path) -> None:
    """A fresh home, its first words, and its backup brought to another machine: a second fresh home."""
    with a_home() as first, a_home() as second:
        servers = [serve(first, durable=False)]
        try:
            for words in (("aging", "--company", "acme"), ("worker", "--once")):
                early = in_a_process(*words, home=first)
                assert (early.returncode, early.stdout) == (1, "")
                assert early.stderr.startswith("debitora: ")
                assert "debitora migrate" in early.stderr
            unable = in_a_process("check", home=first)
            assert unable.returncode == 2
            assert "Traceback" not in unable.stderr
            founded = in_a_process(
                "company", "add", "acme", "--name", "Acme", "--country", "DE", "--currency", "EUR", home=first
            )
            assert (founded.returncode, founded.stdout) == (0, "acme: Acme\n")
            missing = in_a_process("run", "--company", "acme", "--approve", "--send", "--json", home=first)
            assert "installation" not in json.loads(missing.stdout)["missing_before_sending"]
            assert in_a_process("backup", tmp_path / "kept", home=first).returncode == 0
            servers.append(serve(second, durable=False))
            moved = in_a_process("restore", tmp_path / "kept", home=second)
            assert (moved.returncode, moved.stderr) == (0, "")
            assert in_a_process("migrate", home=second).returncode == 0
            locked = in_a_process("run", "--company", "acme", "--approve", "--send", "--json", home=second)
            assert locked.returncode == 1
            assert "installation" in json.loads(locked.stdout)["missing_before_sending"]
        finally:
            for entered in servers:
                entered.leave()
