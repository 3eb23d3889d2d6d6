"""Sending through the queue, with a real worker: a rolled back action leaves no job, a committed one is seen at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from debitora.kit.runtime import now
from debitora.messaging.models import Intent
from debitora.people.models import Company
from tests.sending.scenes import ROOT, a_mail, hold_invariants, reading
from tests.smtp_server import SmtpServer


class Abandoned(Exception):
    """The test's own reason to roll back."""


@contextmanager
def a_worker() -> Iterator[None]:
    """The real worker process, told to end by SIGTERM."""
    environment = {
        **os.environ,
        "DEBITORA_DATABASE_NAME": str(connection.settings_dict["NAME"]),
        "PYTHONPATH": str(ROOT / "src"),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "debitora.cli.main", "worker"], env=environment, cwd=ROOT
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0


def jobs(status: str = "") -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from procrastinate_jobs where task_name = 'messaging.send' and %s in ('', status::text)",
            [status],
        )
        return int(cursor.fetchone()[0])


def queue_and_roll_back(company: Company) -> None:
    with transaction.atomic():
        a_mail(company)
        raise Abandoned


def test_c19_a_rolled_back_message_leaves_no_job(acme: Company) -> None:
    with pytest.raises(Abandoned):
        queue_and_roll_back(acme)
    assert jobs() == 0
    with reading():
        assert not Intent.objects.exists()


def test_c20_a_worker_sees_what_was_committed_at_once(acme: Company, sink: SmtpServer) -> None:
    with a_worker():
        for number in range(25):
            a_mail(acme, str(10001 + number), due_at=now())
        sink.wait_for(1)
        last = 25
        for _ in range(12):  # ten seconds each at most: the worker may still be starting
            if len(sink.mails) == last:
                break
            sink.wait_for(min(last, len(sink.mails) + 1))
    assert len(sink.mails) == last
    assert jobs("failed") == 0
    hold_invariants(acme, sink)


def test_many_messages_ask_for_one_job(acme: Company) -> None:
    for number in range(10):
        a_mail(acme, str(10001 + number))
    assert jobs("todo") == 1
