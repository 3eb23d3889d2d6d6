"""Killed, frozen and raced workers (C02 to C07): each mail leaves the house once, or is uncertain.

The sink is the scripted SMTP server: what it kept is the truth of what left the house.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from debitora.documents.queries import read_bytes
from debitora.messaging.actions import adopt_journal
from debitora.messaging.actions.sending import write_journal
from debitora.messaging.models import Intent
from debitora.messaging.queries.journal import Forgotten, forgotten
from debitora.messaging.testing import MOMENT, TESTS
from debitora.people.models import Company
from tests.sending.scenes import (
    ROOT,
    Start,
    a_mail,
    frozen,
    hold_invariants,
    reading,
    reasons_of,
    rescue,
    send,
    state_of,
)
from tests.smtp_server import SmtpServer


def test_mails_go_out_once_and_a_second_round_finds_nothing(acme: Company, sink: SmtpServer) -> None:
    for number in range(12):
        a_mail(acme, str(10001 + number))
    assert send(acme) == {"accepted": 12}
    assert send(acme) == {}
    assert len(sink.mails) == 12
    assert sink.connections == 1
    assert sorted(mail.recipients for mail in sink.mails) == [
        (f"k{10001 + n}@kunde.example",) for n in range(12)
    ]
    hold_invariants(acme, sink)


def test_what_is_not_due_waits(acme: Company, sink: SmtpServer) -> None:
    a_mail(acme, due_at=MOMENT + timedelta(days=2))
    assert send(acme) == {}
    assert send(acme, MOMENT + timedelta(days=2)) == {"accepted": 1}


def test_leading_dots_and_line_ends_arrive_as_they_were(acme: Company, sink: SmtpServer) -> None:
    intent = a_mail(acme)
    send(acme)
    with reading():
        body = Intent.objects.select_related("body").get(id=intent.id).body
        assert body is not None
        assert sink.mails[0].data == read_bytes(body)
    assert b"\r\n.ein Punkt" in sink.mails[0].data


@pytest.mark.parametrize("place", ["claimed", "pre_connect", "pre_send_recheck"])
def test_c02_killed_before_data_is_sent_once_after_the_rescue(
    acme: Company, sink: SmtpServer, worker: Start, place: str
) -> None:
    intent = a_mail(acme)
    worker(failpoint=f"{place}:kill").killed()
    assert state_of(intent) == "claimed"
    assert worker().ended() == {}
    assert rescue(acme) == {"queued": 1}
    assert worker().ended() == {"accepted": 1}
    assert len(sink.mails) == 1
    hold_invariants(acme, sink)


@pytest.mark.parametrize(
    ("place", "kept"), [("data_committed", 0), ("data_started", 0), ("post_dot", 1), ("post_reply", 1)]
)
def test_c03_c04_killed_after_data_is_uncertain_and_never_resent(
    acme: Company, sink: SmtpServer, worker: Start, place: str, kept: int
) -> None:
    intent = a_mail(acme)
    worker(failpoint=f"{place}:kill").killed()
    assert state_of(intent) == "data_started"
    assert rescue(acme) == {"uncertain": 1}
    for days in range(3):
        assert worker(at=MOMENT + timedelta(days=days)).ended() == {}
    if kept:
        sink.wait_for(1)
    assert len(sink.mails) == kept
    hold_invariants(acme, sink)


def test_c04_what_the_journal_knows_is_no_longer_uncertain(
    acme: Company, sink: SmtpServer, worker: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the journal's line and the commit."""
    intent = a_mail(acme)
    worker(failpoint="journal_written:kill").killed()
    assert state_of(intent) == "data_started"
    assert rescue(acme) == {"accepted": 1}
    assert "in_journal" in reasons_of(intent)
    assert send(acme) == {}
    assert len(sink.mails) == 1
    hold_invariants(acme, sink)


@pytest.mark.parametrize("place", ["claimed", "pre_connect", "pre_send_recheck"])
def test_c05_a_thawed_worker_sends_nothing_that_another_has_sent(
    acme: Company, sink: SmtpServer, worker: Start, place: str
) -> None:
    intent = a_mail(acme)
    zombie = frozen(worker, place)
    assert rescue(acme) == {"queued": 1}
    assert send(acme) == {"accepted": 1}
    assert zombie.thaw() == 0
    assert len(sink.mails) == 1
    assert state_of(intent) == "accepted"
    hold_invariants(acme, sink)


def test_c05_control_without_the_fence_the_mail_goes_twice(
    acme: Company, sink: SmtpServer, worker: Start
) -> None:
    a_mail(acme)
    zombie = frozen(worker, "pre_send_recheck", fenced=False)
    rescue(acme)
    send(acme)
    zombie.thaw()
    assert len(sink.mails) == 2


def test_c05_a_worker_frozen_past_its_last_check_leaves_it_uncertain(
    acme: Company, sink: SmtpServer, worker: Start
) -> None:
    intent = a_mail(acme)
    zombie = frozen(worker, "data_committed")
    assert rescue(acme) == {"uncertain": 1}
    assert send(acme) == {}
    assert zombie.thaw() == 0
    assert len(sink.mails) == 1
    assert state_of(intent) == "uncertain"
    hold_invariants(acme, sink)


def test_c07_killed_while_writing_a_document_leaves_no_half_of_it(acme: Company, tmp_path: Path) -> None:
    home = tmp_path / "home"
    code = (
        "import hashlib, sys; from debitora.kit import store; data = b'%PDF' * 100_000;"
        "store.write(company=1, digest=hashlib.sha256(data).hexdigest(), data=data)"
    )
    environment = {
        **os.environ,
        "DEBITORA_HOME": str(home),
        "PYTHONPATH": str(ROOT / "src"),
        "DEBITORA_TEST": "1",
    }
    broken = {**environment, "DEBITORA_FAILPOINT": "document_written:kill"}
    assert subprocess.run([sys.executable, "-c", code], env=broken, check=False).returncode == -signal.SIGKILL
    left = [path for path in home.rglob("*") if path.is_file()]
    assert all(path.name.startswith(".") for path in left)  # a draft, which no digest can name
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    whole = [path for path in home.rglob("*") if path.is_file() and not path.name.startswith(".")]
    assert [path.read_bytes() for path in whole] == [b"%PDF" * 100_000]


def test_two_workers_at_once_send_each_mail_once(acme: Company, sink: SmtpServer, worker: Start) -> None:
    for number in range(40):
        a_mail(acme, str(10001 + number))
    workers = [worker(), worker()]
    counts = [one.ended().get("accepted", 0) for one in workers]
    assert sum(counts) == 40
    assert len(sink.mails) == 40
    hold_invariants(acme, sink)


def test_o02_what_a_restored_database_forgot_is_adopted_and_not_sent_again(
    acme: Company, sink: SmtpServer
) -> None:
    """The journal knows of a mail that the restored database still holds as queued."""
    intent, other = a_mail(acme), a_mail(acme, "10002")
    with reading():
        write_journal(Intent.objects.select_related("document").get(id=intent.id), MOMENT)
        assert forgotten(company=acme.id).not_accepted == [intent.id]
    assert adopt_journal(company=acme.id, by=TESTS, at=MOMENT) == [intent.id]
    assert adopt_journal(company=acme.id, by=TESTS, at=MOMENT) == []
    assert send(acme) == {"accepted": 1}
    assert [mail.recipients for mail in sink.mails] == [("k10002@kunde.example",)]
    assert (state_of(intent), state_of(other)) == ("accepted", "accepted")
    with reading():
        assert forgotten(company=acme.id) == Forgotten([], [], [])
