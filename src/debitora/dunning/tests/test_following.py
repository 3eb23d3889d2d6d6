"""Follow-ups: whom a change concerns is looked at the same minute, once, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

import pytest
from django.db import connection

from debitora.dunning.actions import (
    approve_run,
    change_strategy,
    choose_rhythm,
    discard_run,
    follow_up,
    release_run,
    watching,
    withhold,
)
from debitora.dunning.models import Decision, Notice, Run, Watch
from debitora.dunning.models import Rhythm as Chosen
from debitora.dunning.queries.rhythm import rhythms_chosen
from debitora.dunning.queries.runs import newest_run, runs_page, usual_notices
from debitora.dunning.rules.policy import Step
from debitora.dunning.rules.presets import preset
from debitora.dunning.rules.rhythm import CAUSES, Cause, Mode, Rhythm
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer, a_run, a_strategy
from debitora.people.models import Company
from debitora.receivables.actions import place_hold, release_hold
from debitora.receivables.testing import an_open_item
from debitora.trail.actions import seal
from debitora.trail.models import Record

CONTINUOUS = Rhythm(Mode.CONTINUOUS)
LATE = date(2026, 11, 1)


def continuous(company: Company) -> None:
    choose_rhythm(company=company, wanted=CONTINUOUS, by=TESTS, at=MOMENT)


def held_payer(company: Company, number: str) -> int:
    """The hold that keeps a late payer out of the run of the day."""
    customer = a_late_payer(company, number)
    return place_hold(
        company=company.id, customer=customer, item=None, reason="clarification", from_on=ON, until_on=None,
        note="", by=TESTS, at=MOMENT,
    ).id  # fmt: skip


def free(company: Company, hold: int) -> None:
    release_hold(company=company.id, hold=hold, on=ON, by=TESTS, at=MOMENT)


def followed(company: Company, *, at: datetime = MOMENT) -> Run | None:
    found = follow_up(company=company, by=TESTS, at=at)
    return Run.objects.get(company_id=company.id, id=found.run) if found else None


def payers(run: Run) -> list[str]:
    found = Notice.objects.filter(run=run).values_list("customer__number", flat=True)
    return sorted(found)


@pytest.fixture
def day(acme: Company) -> dict[str, int]:
    """A morning: one payer stands on the day's run, two are held."""
    continuous(acme)
    a_late_payer(acme, "1")
    holds = {number: held_payer(acme, number) for number in ("2", "3")}
    seal(company=acme.id, at=MOMENT)
    assert a_run(acme).notices == 1
    return holds


def test_where_nothing_has_changed_nothing_is_read_or_made(acme: Company, day: dict[str, int]) -> None:
    assert (
        followed(acme) is None
    )  # what was recorded before the run, but sealed after it, is looked at once more
    reads = len(connection.queries_log)
    assert followed(acme, at=MOMENT + timedelta(minutes=1)) is None
    assert len(connection.queries_log) == reads
    assert Watch.objects.get().looked_at == MOMENT + timedelta(minutes=1)
    assert Run.objects.count() == 1


def test_who_is_released_from_a_hold_gets_her_notice_the_same_minute(
    acme: Company, day: dict[str, int]
) -> None:
    free(acme, day["2"])
    run = followed(acme)
    assert run is not None
    assert (run.follow_up, run.schedule, run.state, payers(run)) == (True, "follow-2", "proposed", ["2"])
    assert {one.customer_id for one in Decision.objects.filter(run_id=run.id)} == {
        Notice.objects.get(run=run).customer_id
    }
    assert run.counts["causes"]["hold"] == 1
    assert Run.objects.get(schedule="hand-1").state == "proposed"
    assert followed(acme) is None


def test_what_comes_later_joins_what_waits(acme: Company, day: dict[str, int]) -> None:
    free(acme, day["2"])
    first = followed(acme)
    free(acme, day["3"])
    second = followed(acme)
    assert first is not None
    assert second is not None
    first.refresh_from_db()
    assert (first.state, payers(second)) == ("discarded", ["2", "3"])
    assert second.counts["causes"]["hold"] == 2


def test_what_a_person_took_out_is_not_asked_again_that_day(acme: Company, day: dict[str, int]) -> None:
    free(acme, day["2"])
    first = followed(acme)
    assert first is not None
    notice = Notice.objects.get(run=first)
    withhold(company=acme.id, notices=[notice.id], note="", by=TESTS, at=MOMENT)
    an_open_item(acme.id, notice.customer_id, number="R-9", due_on=LATE)
    assert followed(acme) is None
    free(acme, day["3"])
    second = followed(acme)
    assert second is not None
    assert payers(second) == ["3"]
    an_open_item(acme.id, notice.customer_id, number="R-10", due_on=LATE)
    assert followed(acme) is None


def test_a_notice_a_day_is_enough(acme: Company, day: dict[str, int]) -> None:
    customer = Notice.objects.get().customer_id
    an_open_item(acme.id, customer, number="R-9", due_on=LATE)
    assert followed(acme) is None
    run = Run.objects.get()
    approve_run(company=acme.id, run=run.id, by=TESTS, at=MOMENT, despite=True)
    an_open_item(acme.id, customer, number="R-10", due_on=LATE)
    assert followed(acme) is None


def test_a_notice_that_was_stopped_is_made_again_for_what_is_left(acme: Company, day: dict[str, int]) -> None:
    customer = Notice.objects.get().customer_id
    an_open_item(acme.id, customer, number="R-9", due_on=LATE)
    run = Run.objects.get()
    approve_run(company=acme.id, run=run.id, by=TESTS, at=MOMENT, despite=True)
    item = Notice.objects.get().line_items[0]
    place_hold(
        company=acme.id, customer=customer, item=item, reason="complaint", from_on=ON, until_on=None, note="",
        by=TESTS, at=MOMENT,
    )  # fmt: skip
    release_run(company=acme, run=run.id, by=TESTS, clock=lambda: MOMENT)
    again = followed(acme)
    assert again is not None
    assert payers(again) == ["1"]
    assert Notice.objects.get(run=again).line_items != [item]
    assert again.counts["causes"]["notice"] == 1


def test_a_change_of_a_strategy_concerns_everyone(acme: Company) -> None:
    continuous(acme)
    late, early = (Step(text="reminder", days_after_due=days) for days in (60, 1))
    strategy = a_strategy(acme, kind="business", steps=(late,))
    a_late_payer(acme, "1")
    seal(company=acme.id, at=MOMENT)
    assert a_run(acme).notices == 0
    policy = replace(preset("de-business"), name="Tests business", steps=(early,))
    change_strategy(company=acme.id, strategy=strategy, version=1, policy=policy, by=TESTS, at=MOMENT)
    run = followed(acme)
    assert run is not None
    assert (payers(run), run.counts["causes"]["strategy"]) == (["1"], 1)


@pytest.mark.parametrize(
    ("rhythm", "hour"),
    [
        (Rhythm(Mode.DAILY), 10),
        (Rhythm(Mode.HAND), 10),
        (CONTINUOUS, 4),
        (CONTINUOUS, 18),
        (Rhythm(Mode.CONTINUOUS, begins=12, ends=14), 10),
    ],
)
def test_other_companies_and_other_hours_are_left_in_peace(
    acme: Company, day: dict[str, int], rhythm: Rhythm, hour: int
) -> None:
    choose_rhythm(company=acme, wanted=rhythm, by=TESTS, at=MOMENT)
    free(acme, day["2"])
    assert followed(acme, at=MOMENT.replace(hour=hour - 1)) is None  # in November an hour behind Berlin
    assert Run.objects.count() == 1


def test_before_the_run_of_the_day_there_is_nothing_to_follow_up(acme: Company) -> None:
    continuous(acme)
    hold = held_payer(acme, "2")
    free(acme, hold)
    assert followed(acme) is None
    thrown = a_run(acme).run or 0
    discard_run(company=acme.id, run=thrown, note="", by=TESTS, at=MOMENT)
    assert followed(acme) is None


def test_follow_ups_are_no_measure_of_what_is_usual(acme: Company, day: dict[str, int]) -> None:
    free(acme, day["2"])
    run = followed(acme)
    assert run is not None
    approve_run(company=acme.id, run=run.id, by=TESTS, at=MOMENT, despite=True)
    release_run(company=acme, run=run.id, by=TESTS, clock=lambda: MOMENT)
    assert usual_notices() is None
    newest = newest_run()
    assert newest is not None
    assert not newest.follow_up
    row = runs_page()[0]
    assert (row.follow_up, row.customers, row.causes["hold"]) == (True, 1, 1)


def test_a_rhythm_is_chosen_once_and_kept_with_who_chose_it(acme: Company) -> None:
    assert choose_rhythm(company=acme, wanted=CONTINUOUS, by=TESTS, at=MOMENT)
    assert not choose_rhythm(company=acme, wanted=CONTINUOUS, by=TESTS, at=MOMENT)
    assert [(one.rhythm, one.chosen_by) for one in rhythms_chosen()] == [(CONTINUOUS, "tests")]
    assert Chosen.objects.count() == Record.objects.filter(verb="rhythm.chosen").count() == 1


def test_a_watch_never_goes_back(acme: Company) -> None:
    seal(company=acme.id, at=MOMENT)
    watching.move_on(company=acme, at=MOMENT)
    reached = Watch.objects.get().sequence
    watching.move_on(company=acme, at=MOMENT, upto=0)
    assert Watch.objects.get().sequence == reached > 0


def test_causes_are_what_they_say() -> None:
    assert set(CAUSES.values()) == set(Cause)


@pytest.mark.parametrize("seed", range(4))
def test_days_of_changes_ask_nobody_twice_a_day_and_pass_nobody_over(acme: Company, seed: int) -> None:
    """Whatever happens in the hours of some days: at the end of each, follow-ups have found what a whole run would find."""
    print(f"seed {seed}")
    random = Random(seed)
    continuous(acme)
    customers = [a_late_payer(acme, str(number)) for number in range(1, 7)]
    holds: dict[int, int] = {}
    for number in range(4):
        at = MOMENT + timedelta(days=number)
        on = at.date()
        a_run(acme, on=on, at=at)
        for hour in range(6):
            moment = at + timedelta(hours=hour)
            _something_happens(acme, random, customers, holds, on, moment)
            found = followed(acme, at=moment)
            if found is not None and random.random() < 0.5:
                approve_run(company=acme.id, run=found.id, by=TESTS, at=moment, confirmed=True, despite=True)
                release_run(company=acme, run=found.id, by=TESTS, clock=lambda moment=moment: moment)
        standing = Notice.objects.filter(run__on=on).exclude(run__state="discarded")
        noticed = [one.customer_id for one in standing]
        assert len(noticed) == len(set(noticed)), f"seed {seed}, {on}: twice on a day"
        missed = Run.objects.get(id=a_run(acme, on=on, at=at + timedelta(hours=7)).run)
        whole = set(Notice.objects.filter(run=missed).values_list("customer_id", flat=True))
        assert whole <= set(noticed), f"seed {seed}, {on}: passed over"
        discard_run(company=acme.id, run=missed.id, note="", by=TESTS, at=at + timedelta(hours=7))


def _something_happens(
    company: Company, random: Random, customers: list[int], holds: dict[int, int], on: date, at: datetime
) -> None:
    customer = random.choice(customers)
    if customer in holds:
        release_hold(company=company.id, hold=holds.pop(customer), on=on, by=TESTS, at=at)
    elif random.random() < 0.4:
        number = f"N-{customer}-{at:%d%H}"
        an_open_item(company.id, customer, number=number, due_on=LATE, on=on, at=at)
    else:
        holds[customer] = place_hold(
            company=company.id, customer=customer, item=None, reason="clarification", from_on=on, until_on=None,
            note="", by=TESTS, at=at,
        ).id  # fmt: skip
