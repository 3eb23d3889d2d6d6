"""T05 in processes of their own: workers whose clocks are four hours apart, and clocks that jump back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from debitora.dunning.models import Run
from debitora.dunning.testing import ON, a_late_payer, a_ready_company, a_run
from debitora.kit.pg.company import serving
from debitora.messaging.actions import rescue_abandoned
from debitora.messaging.testing import MOMENT
from debitora.people.models import Company
from tests.sending.scenes import Start, a_mail, frozen, hold_invariants, rescue, state_of
from tests.smtp_server import SmtpServer

SKEW = timedelta(hours=2)
MAILS = 12


def test_t05_workers_four_hours_apart_send_each_mail_once(
    acme: Company, sink: SmtpServer, worker: Start
) -> None:
    for number in range(MAILS):
        a_mail(acme, str(10001 + number), due_at=MOMENT - SKEW)
    both = [worker(at=MOMENT - SKEW), worker(at=MOMENT + SKEW)]
    assert sum(one.ended().get("accepted", 0) for one in both) == MAILS
    assert len({mail.recipients for mail in sink.mails}) == len(sink.mails) == MAILS
    hold_invariants(acme, sink)


@pytest.mark.parametrize("skew", [-SKEW, SKEW], ids=["behind", "ahead"])
def test_t05_a_worker_with_another_clock_leaves_the_message_of_a_slow_one(
    acme: Company, sink: SmtpServer, worker: Start, skew: timedelta
) -> None:
    """Whose lease has run out is told in the time of the database, which is nobody's clock."""
    intent = a_mail(acme, due_at=MOMENT - SKEW)
    slow = frozen(worker, "pre_send_recheck")
    assert rescue_abandoned(company=acme.id, at=MOMENT + skew) == {}
    assert worker(at=MOMENT + skew).ended() == {}
    assert slow.thaw() == 0
    assert state_of(intent) == "accepted"
    assert len(sink.mails) == 1
    hold_invariants(acme, sink)


def test_t05_a_clock_that_jumps_back_sends_what_a_dead_worker_left(
    acme: Company, sink: SmtpServer, worker: Start
) -> None:
    a_mail(acme, due_at=MOMENT - SKEW)
    worker(failpoint="claimed:kill").killed()
    assert rescue(acme, MOMENT - SKEW) == {"queued": 1}
    assert worker(at=MOMENT - SKEW).ended() == {"accepted": 1}
    assert worker(at=MOMENT + SKEW).ended() == {}
    assert len(sink.mails) == 1
    hold_invariants(acme, sink)


def test_t05_a_run_decides_by_its_day_whatever_the_clock_says(company: Company) -> None:
    a_ready_company(company)
    a_late_payer(company, minors=(11_900, 5_000))
    digests = set()
    for skew in (-SKEW, timedelta(0), SKEW):
        with serving(company.id), transaction.atomic():
            run = a_run(company, on=ON, at=MOMENT + skew).run
            digests.add(bytes(Run.objects.get(id=run).digest))
            transaction.set_rollback(True)
    assert len(digests) == 1
