"""Two at once, killed in the middle, rolled back: what a run promises holds on committed data."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.test import Client

from debitora.documents.queries import read_bytes
from debitora.dunning import jobs
from debitora.dunning.actions import approve_run, propose_run, release_run, runs
from debitora.dunning.models import Decision, Notice, NoticeEvent, Run, RunApproval
from debitora.dunning.rules.policy import Approval
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer, a_ready_company, a_run, a_strategy
from debitora.kit.pg.bulk import rows
from debitora.kit.pg.company import serving
from debitora.kit.postgres import Server
from debitora.kit.runtime import clock_at
from debitora.messaging.models import Intent
from debitora.people.models import Company, User
from debitora.trail.models import Record
from debitora.trail.rules import Actor

ClientOf = Callable[[User], Client]
PATIENCE = 500
"""So many looks, twenty milliseconds apart, until two sessions stand at a lock."""


@pytest.fixture
def acme(committed: str, company: Company) -> Company:
    with transaction.atomic():
        a_ready_company(company)
        for number in range(4):
            a_late_payer(company, f"1000{number}")
    return company


@pytest.fixture
def run(acme: Company) -> int:
    return a_run(acme).run or 0


def until_waiting(sessions: int) -> None:
    """Come back when so many sessions of this database stand at a lock."""
    for _look in range(PATIENCE):
        with connection.cursor() as cursor:
            cursor.execute("select pg_stat_clear_snapshot(), pg_sleep(0.02)")
            cursor.execute(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
            )
            if cursor.fetchone() == (sessions,):
                return
    pytest.fail(f"never {sessions} sessions at a lock")


@contextmanager
def beside(*works: Callable[[], Any]) -> Iterator[list[Future[Any]]]:
    """Run pieces of work in threads of their own, each with its own connection."""

    def closing(work: Callable[[], Any]) -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        yield [pool.submit(closing, work) for work in works]


def served(company: Company, work: Callable[[], Any]) -> Callable[[], Any]:
    """The work as a job does it: for the company, at the tests' moment."""

    def job() -> Any:
        with serving(company.id), clock_at(MOMENT):
            return work()

    return job


def approving(client_of: ClientOf, user: User, run: int) -> Callable[[], str]:
    client = client_of(user)
    client.raise_request_exception = False
    return lambda: client.post(f"/c/acme/runs/{run}/approval/", follow=True).content.decode()


def starting(client_of: ClientOf, user: User) -> Callable[[], int]:
    client = client_of(user)
    return lambda: client.post("/c/acme/runs/start/", {"day": "18.11.2026"}).status_code


# ---------------------------------------------------------------------------------- H01: two approve one run


def test_two_managers_approve_one_run_and_the_second_is_told(
    acme: Company, run: int, manager: User, client_of: ClientOf
) -> None:
    works = [approving(client_of, manager, run) for _place in range(2)]
    with transaction.atomic():
        Run.objects.select_for_update().get(id=run)
        with beside(*works) as answers:
            until_waiting(2)
            transaction.set_rollback(True)
            connection.connection.rollback()
        told = [answer.result() for answer in answers]
    assert sorted("approved already" in text for text in told) == [False, True]
    with transaction.atomic():
        assert RunApproval.objects.count() == 1
        assert Record.objects.filter(verb="run.approved").count() == 1


def _without_lock(barrier: Barrier) -> Callable[[int, int], Run]:
    def proposed(company: int, run: int) -> Run:
        found = Run.objects.get(company_id=company, id=run)
        barrier.wait(timeout=20)
        return found

    return proposed


def test_without_the_lock_the_constraint_still_bites(
    acme: Company, run: int, manager: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "_proposed", _without_lock(Barrier(2)))
    with beside(*(approving(client_of, manager, run) for _place in range(2))) as answers:
        [answer.result() for answer in answers]
    with transaction.atomic():
        assert RunApproval.objects.count() == 1


def test_control_without_lock_and_constraint_one_run_is_approved_twice(
    committed: str,
    acme: Company,
    run: int,
    manager: User,
    client_of: ClientOf,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with psycopg.connect(**server.credentials("owner", committed).kwargs(), autocommit=True) as owner:
        owner.execute("alter table dunning_runapproval drop constraint run_approved_once")
    monkeypatch.setattr(runs, "_proposed", _without_lock(Barrier(2)))
    with beside(*(approving(client_of, manager, run) for _place in range(2))) as answers:
        [answer.result() for answer in answers]
    with transaction.atomic():
        assert RunApproval.objects.count() == 2, "the control must fail, or the race test proves nothing"


# ------------------------------------------------------------------- H02 and what else happens at the same time


def test_a_double_click_on_start_leaves_one_proposal(acme: Company, clerk: User, client_of: ClientOf) -> None:
    with beside(*(starting(client_of, clerk) for _place in range(2))) as answers:
        assert [answer.result() for answer in answers] == [303, 303]
    with transaction.atomic():
        assert sorted(Run.objects.values_list("state", flat=True)) == ["discarded", "proposed"]


def test_what_is_approved_while_a_run_is_proposed_is_seen_as_on_its_way(acme: Company, run: int) -> None:
    propose = served(acme, lambda: propose_run(company=acme, on=ON, by=TESTS, at=MOMENT))
    with transaction.atomic():
        approve_run(company=acme.id, run=run, by=TESTS, at=MOMENT)
        with beside(propose) as answers:
            until_waiting(1)
            connection.connection.commit()
            assert dict(answers[0].result().decisions) == {"pending_notice": 4}
    with transaction.atomic():
        assert Run.objects.get(id=run).state == "approved"


# ---------------------------------------------------------------------------------- C01: killed in the middle

_RELEASE = """
import sys, django
django.setup()
from debitora.dunning.actions import release, release_run
from debitora.dunning.testing import MOMENT, TESTS
from debitora.kit.pg.company import serving
from debitora.people.queries import company_by_id
company = company_by_id(company=int(sys.argv[1]))
release.CHUNK = 2
with serving(company.id):
    release_run(company=company, run=int(sys.argv[2]), by=TESTS, clock=lambda: MOMENT)
"""


@pytest.mark.parametrize(
    ("failpoint", "made"),
    [
        ("document_written:kill:1", {0}),  # its bytes lie there, no row names them
        ("batch_stored:kill:1", {0}),
        ("notice_released:kill:1", {2}),
        ("batch_stored:kill:2", {2}),
        ("notice_released:kill:2", {4}),
    ],
)
def test_a_release_killed_in_the_middle_goes_on_where_it_stopped(
    acme: Company, run: int, failpoint: str, made: set[int]
) -> None:
    approve_run(company=acme.id, run=run, by=TESTS, at=MOMENT)
    environment = {
        **os.environ,
        "DEBITORA_FAILPOINT": failpoint,
        "DJANGO_SETTINGS_MODULE": "debitora.config.settings",
    }
    environment["PYTHONPATH"] = os.pathsep.join(["src", *filter(None, [os.environ.get("PYTHONPATH")])])
    killed = subprocess.run(
        [sys.executable, "-c", _RELEASE, str(acme.id), str(run)],
        env=environment,
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -9, killed.stderr.decode()
    with transaction.atomic():
        done = Intent.objects.count()
        assert done in made
        assert Run.objects.get(id=run).state == "approved"
    ended = release_run(company=acme, run=run, by=TESTS, clock=lambda: MOMENT)
    assert ended == ({"rendered": 4 - done} if done < 4 else {})
    with transaction.atomic():
        _each_notice_once()
        assert Run.objects.get(id=run).state == "released"


def _each_notice_once() -> None:
    notices = sorted(Notice.objects.values_list("id", flat=True))
    assert sorted(NoticeEvent.objects.filter(kind="rendered").values_list("notice_id", flat=True)) == notices
    assert sorted(Intent.objects.values_list("subject_id", flat=True)) == notices
    for event in NoticeEvent.objects.filter(kind="rendered").select_related("document"):
        assert event.document is not None
        assert hashlib.sha256(read_bytes(event.document)).hexdigest() == event.document.sha256


# --------------------------------------------------------------------------------------- C18, C19: the clock


def test_two_schedulers_make_one_daily_run(acme: Company) -> None:
    daily = served(acme, lambda: jobs.daily(company=acme.id))
    with transaction.atomic():
        Company.objects.select_for_update(no_key=True).get(id=acme.id)
        with beside(daily, daily) as answers:
            until_waiting(2)
            connection.connection.rollback()
            [answer.result() for answer in answers]
        transaction.set_rollback(True)
    with transaction.atomic():
        assert list(Run.objects.values_list("schedule", "on", "state")) == [("daily", ON, "proposed")]
        assert Decision.objects.count() == 4


def test_the_clock_asks_once_however_often_it_ticks(acme: Company) -> None:
    with clock_at(MOMENT):
        jobs.clock(0)
        jobs.clock(3600)
    assert _jobs("dunning.daily") == 1


def test_before_its_hour_the_clock_asks_for_nothing(acme: Company) -> None:
    with clock_at(MOMENT.replace(hour=2)):
        jobs.clock(0)
    assert _jobs("dunning.daily") == 0


def test_jobs_alone_carry_a_run_once_a_person_has_approved_one(acme: Company, manager: User) -> None:
    by = Actor(id=manager.id, kind="user", label=manager.login)
    with transaction.atomic():
        for kind in ("business", "consumer"):
            a_strategy(acme, kind=kind, approval=Approval.AUTOMATIC)
        approve_run(company=acme.id, run=a_run(acme).run or 0, by=by, at=MOMENT)
        a_late_payer(acme, "20001")
    with serving(acme.id), clock_at(MOMENT + timedelta(days=1)):
        jobs.daily(company=acme.id)
        newest = Run.objects.order_by("-id")
        with transaction.atomic():
            made = newest[0]
        jobs.release(company=acme.id, run=made.id)
        jobs.follow(company=acme.id)
        jobs.sweep(0)
    with transaction.atomic():
        made.refresh_from_db()
        assert (made.schedule, made.state, made.notice_count) == ("daily", "released", 1)
        assert RunApproval.objects.get(run=made).approved_by_label == "dunning.daily"


def test_an_approval_that_is_rolled_back_leaves_no_job(acme: Company, run: int) -> None:
    with transaction.atomic():
        approve_run(company=acme.id, run=run, by=TESTS, at=MOMENT)
        assert _jobs("dunning.release") == 1
        transaction.set_rollback(True)
    assert _jobs("dunning.release") == 0
    with transaction.atomic():
        assert Run.objects.get(id=run).state == "proposed"


def _jobs(name: str) -> int:
    found = rows("select count(*) as n from procrastinate_jobs where task_name = %(name)s", name=name)
    return int(found[0]["n"])
