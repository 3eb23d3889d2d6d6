"""Two look at the same changes at once, or one dies while it looks: each change is followed up once, and none is lost."""

from __future__ import annotations

from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from debitora.dunning.actions import RunExists, choose_rhythm, follow_up, following
from debitora.dunning.models import Notice, Run, Watch
from debitora.dunning.rules.rhythm import Mode, Rhythm
from debitora.dunning.testing import MOMENT, TESTS, a_late_payer, a_ready_company, a_run
from debitora.dunning.tests.test_races import beside, served, until_waiting
from debitora.kit.failpoints import FailpointReached
from debitora.kit.postgres import Server
from debitora.people.models import Company
from debitora.trail.actions import seal


@pytest.fixture
def acme(committed: str, company: Company) -> Company:
    """The day's run is made, and then somebody is late."""
    with transaction.atomic():
        a_ready_company(company)
        choose_rhythm(company=company, wanted=Rhythm(Mode.CONTINUOUS), by=TESTS, at=MOMENT)
        a_run(company)
    with transaction.atomic():
        a_late_payer(company, "1")
    return company


def looking(company: Company) -> Any:
    return served(company, lambda: follow_up(company=company, by=TESTS, at=MOMENT))


def test_two_who_look_at_once_find_a_change_once(acme: Company) -> None:
    with transaction.atomic():
        Company.objects.select_for_update(no_key=True).get(id=acme.id)
        with beside(looking(acme), looking(acme)) as answers:
            until_waiting(2)
            connection.connection.rollback()
            found = [answer.result() for answer in answers]
        transaction.set_rollback(True)
    assert sorted(one is not None for one in found) == [False, True]
    with transaction.atomic():
        assert Run.objects.filter(follow_up=True).count() == 1
        assert Notice.objects.count() == 1


def _without_lock(barrier: Barrier) -> Any:
    def hold(_company: Company) -> None:
        barrier.wait(timeout=20)

    return hold


def test_without_the_lock_the_key_of_the_period_still_bites(
    acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal(company=acme.id, at=MOMENT)
    monkeypatch.setattr(following, "_hold", _without_lock(Barrier(2)))
    with beside(looking(acme), looking(acme)) as answers:
        problems = [answer.exception() for answer in answers]
    assert [type(one) for one in problems if one] in ([RunExists], [])
    with transaction.atomic():
        assert Notice.objects.exclude(run__state="discarded").count() == 1


def test_control_without_lock_and_key_a_change_is_followed_up_twice(
    committed: str, acme: Company, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(**server.credentials("owner", committed).kwargs(), autocommit=True) as owner:
        owner.execute("drop index one_run_per_period")
    seal(company=acme.id, at=MOMENT)
    written = Barrier(2)
    write = following.write_proposal

    def both_write(**facts: Any) -> Run:
        written.wait(timeout=20)
        return write(**facts)

    monkeypatch.setattr(following, "_hold", lambda company: None)
    monkeypatch.setattr(following, "move_on", lambda **facts: None)
    monkeypatch.setattr(following, "write_proposal", both_write)
    with beside(looking(acme), looking(acme)) as answers:
        [answer.result() for answer in answers]
    with transaction.atomic():
        assert Notice.objects.exclude(run__state="discarded").count() == 2, "the control must fail"


def test_who_dies_while_she_looks_has_seen_nothing(acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(**_facts: Any) -> Run:
        raise FailpointReached("a follow-up")

    with monkeypatch.context() as patched:
        patched.setattr(following, "write_proposal", dies)
        with pytest.raises(FailpointReached):
            looking(acme)()
    with transaction.atomic():
        assert not Run.objects.filter(follow_up=True).exists()
        before = Watch.objects.get().sequence
    assert looking(acme)() is not None
    with transaction.atomic():
        assert Watch.objects.get().sequence > before
