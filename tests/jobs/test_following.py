"""Follow-ups of several companies by several workers, one of which is killed."""

from __future__ import annotations

import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.db import connections, transaction

from debitora.dunning.actions import choose_rhythm
from debitora.dunning.jobs import watch
from debitora.dunning.models import Run
from debitora.dunning.rules.rhythm import Mode, Rhythm
from debitora.dunning.testing import TESTS, a_late_payer, a_ready_company, a_run
from debitora.kit.pg.company import serving
from debitora.kit.runtime import now, today
from debitora.people.models import Company
from tests.jobs.conftest import Work
from tests.jobs.test_workers import (
    PATIENCE,
    let_time_pass,
    rescue,
    somebody_waits_for_a_lock,
    until,
    work_here,
)

ALL_DAY = Rhythm(Mode.CONTINUOUS, begins=0, ends=24)


def test_follow_ups_of_one_company_wait_for_no_other_and_a_killed_worker_s_is_made_once(
    folder: Path, company: Company, other_company: Company, work: Work
) -> None:
    """One company is busy with itself for as long as the test wants; the other's follow-up comes all the same."""
    for found in (company, other_company):
        with serving(found.id):
            with transaction.atomic():
                a_ready_company(found)
                choose_rhythm(company=found, wanted=ALL_DAY, by=TESTS, at=now())
                a_run(found, on=today(found.time_zone), at=now())
            with transaction.atomic():
                a_late_payer(found, "10001")
    watch(0)
    with transaction.atomic():
        Company.objects.select_for_update(no_key=True).get(id=company.id)
        first = work("wait")
        until(somebody_waits_for_a_lock)
        second = work("wait")
        until(lambda: follow_ups(other_company) == ["proposed"])
        assert follow_ups(company) == []
        first.kill()
        first.wait()
    let_time_pass()
    rescue()
    watch(0)
    until(lambda: follow_ups(company) == ["proposed"])
    second.send_signal(signal.SIGTERM)
    assert second.wait(PATIENCE) == 0
    work_here()
    assert (follow_ups(company), follow_ups(other_company)) == (["proposed"], ["proposed"])


def follow_ups(company: Company) -> list[str]:
    """The states of a company's follow-ups that have a notice, seen from a connection of its own."""

    def look() -> list[str]:
        try:
            with serving(company.id), transaction.atomic():
                found = Run.objects.filter(follow_up=True, notice_count=1).order_by("id")
                return list(found.values_list("state", flat=True))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(look).result()
