"""When nobody answers: a reminder, then somebody else, once each; by tables, in the room, as a job, and when it dies or meets itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from debitora.disputes.actions import (
    answer_case,
    assign_case,
    move_deadline,
    remind_or_escalate,
    reminding,
    reopen_case,
    save_routing,
)
from debitora.disputes.actions import close_case as close
from debitora.disputes.jobs import clock, remind
from debitora.disputes.models import Case, CaseState, CaseStep
from debitora.disputes.queries.reminding import unanswered
from debitora.disputes.rules.outcomes import Outcome, Proposal
from debitora.disputes.rules.reminding import Unanswered, Urge, urge
from debitora.disputes.rules.routing import PRESET, Asked, Rule, Whom
from debitora.disputes.testing import MOMENT, ON, TESTS, a_case, without_lock
from debitora.kit.failpoints import FailpointReached
from debitora.kit.pg.company import serving
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.models import Item
from debitora.receivables.testing import a_customer, an_open_item

WEDNESDAY = ON
DUE = date(2026, 11, 23)  # Monday: three working days later
MONDAY, TUESDAY, NEXT = DUE, date(2026, 11, 24), date(2026, 11, 25)
FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("changes", "on", "wanted"),
    [
        ({}, date(2026, 11, 19), None),
        ({}, FRIDAY, Urge.REMIND),
        ({}, date(2026, 11, 21), Urge.REMIND),
        ({"reminded": True}, MONDAY, None),
        ({"asked_on": FRIDAY}, FRIDAY, None),
        ({"asked_on": FRIDAY}, MONDAY, Urge.REMIND),
        ({"assignee": None}, MONDAY, None),
        ({"reminded": True}, TUESDAY, None),
        ({"reminded": True}, NEXT, Urge.ESCALATE),
        ({}, NEXT, Urge.ESCALATE),
        ({"assignee": None}, NEXT, Urge.ESCALATE),
        ({"escalated": True}, NEXT, Urge.REMIND),
        ({"escalated": True, "reminded": True}, NEXT, None),
        ({"escalates_after": None, "reminded": True}, date(2027, 1, 4), None),
        ({"escalates_after": 0, "reminded": True}, MONDAY, None),
        ({"escalates_after": 0, "reminded": True}, TUESDAY, Urge.ESCALATE),
    ],
)
def test_what_a_case_needs(changes: dict[str, Any], on: date, wanted: Urge | None) -> None:
    case = Unanswered(7, DUE, WEDNESDAY, reminded=False, escalated=False, escalates_after=2)
    assert urge(replace(case, **changes), on=on, country="DE") == wanted


@given(st.integers(0, 400), st.integers(0, 9), st.integers(0, 9))
def test_day_by_day_there_is_one_reminder_and_then_one_escalation(start: int, days: int, after: int) -> None:
    asked = date(2026, 1, 1) + timedelta(days=start)
    case = Unanswered(7, asked + timedelta(days=days), asked, False, False, after)
    done = []
    for on in (asked + timedelta(days=day) for day in range(60)):
        found = urge(case, on=on, country="DE")
        if found is Urge.REMIND:
            case = replace(case, reminded=True)
        if found is Urge.ESCALATE:
            assert on > case.due_on
            case = replace(case, escalated=True, reminded=True)
        done += [found] if found else []
    assert done in ([Urge.REMIND, Urge.ESCALATE], [Urge.ESCALATE])


@pytest.fixture
def item(company: Company, sales: User) -> Item:
    return an_open_item(company.id, a_customer(company.id, salesperson_id=sales.id))


def look(company: Company, case: Case, on: date) -> str:
    row = remind_or_escalate(company=company, case=case.id, on=on, by=TESTS, at=MOMENT)
    return row.kind if row else ""


def test_reminded_once_then_passed_on_once_then_reminded_anew(
    company: Company, item: Item, sales: User, manager: User
) -> None:
    case = a_case(company, [item])
    assert unanswered(company=company, on=WEDNESDAY) == []
    assert unanswered(company=company, on=FRIDAY) == [case.id]
    assert [look(company, case, on) for on in (FRIDAY, FRIDAY, MONDAY, TUESDAY)] == ["reminded", "", "", ""]
    assert CaseState.objects.get().assignee_id == sales.id
    assert [look(company, case, NEXT), look(company, case, NEXT)] == ["escalated", ""]
    state = CaseState.objects.get()
    assert (state.assignee_id, state.due_on, state.state) == (manager.id, date(2026, 11, 30), "open")
    assert look(company, case, date(2026, 11, 27)) == "reminded"
    assert look(company, case, date(2026, 12, 31)) == ""
    assert unanswered(company=company, on=date(2026, 12, 31)) == []


def test_an_answer_a_new_day_and_somebody_new_change_what_is_due(
    company: Company, item: Item, clerk: User, manager: User
) -> None:
    case = a_case(company, [item])
    known: dict[str, Any] = {"company": company, "case": case.id, "by": TESTS, "at": MOMENT}
    assert look(company, case, FRIDAY) == "reminded"
    move_deadline(**known, due_on=TUESDAY, on=FRIDAY)
    assert look(company, case, MONDAY) == "reminded"
    answer_case(**known, proposal=Proposal(Outcome.VALID), on=MONDAY)
    assert look(company, case, date(2026, 12, 1)) == ""
    assign_case(**known, assignee=clerk.id, on=date(2026, 12, 1), due_on=date(2026, 12, 3))
    assert look(company, case, date(2026, 12, 2)) == "reminded"
    assert look(company, case, date(2026, 12, 7)) == "escalated"
    close(**known, proposal=Proposal(Outcome.VALID), on=date(2026, 12, 8))
    assert look(company, case, date(2026, 12, 30)) == ""
    reopen_case(**known, on=date(2026, 12, 8))
    assert look(company, case, date(2026, 12, 30)) == "escalated"


def test_nobody_to_go_on_to_leaves_it_where_it_is(company: Company, item: Item, sales: User) -> None:
    case = a_case(company, [item])
    assert look(company, case, NEXT) == "escalated"
    assert CaseState.objects.get().assignee_id == sales.id
    assert look(company, case, NEXT) == ""


def test_a_rule_without_escalation_stays_silent(company: Company, item: Item, sales: User) -> None:
    quiet = replace(PRESET, rules=(Rule(Asked(Whom.SALESPERSON), 3),))
    save_routing(company=company, number=0, wanted=quiet, by=TESTS, at=MOMENT)
    case = a_case(company, [item])
    assert look(company, case, FRIDAY) == "reminded"
    assert look(company, case, date(2027, 1, 4)) == ""


def at_eight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, 0, tzinfo=MOMENT.tzinfo)


def test_the_job_looks_on_working_days_only(company: Company, item: Item) -> None:
    a_case(company, [item])
    for day in (date(2026, 11, 21), FRIDAY, FRIDAY):  # Saturday first
        with clock_at(at_eight(day)):
            clock(0)
            remind(company=company.id)
    assert CaseStep.objects.filter(kind="reminded").count() == 1


@pytest.fixture
def waiting(committed: str, company: Company, sales: User, manager: User) -> Case:
    with transaction.atomic():
        item = an_open_item(company.id, a_customer(company.id, salesperson_id=sales.id))
        return a_case(company, [item])


def twice(company: Company, case: Case, on: date) -> list[str]:
    """What two who look at the same moment do."""
    start = Barrier(2)

    def one() -> str:
        try:
            with serving(company.id):
                start.wait(timeout=20)
                return look(company, case, on)
        except IntegrityError:
            return "refused"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        found = [pool.submit(one) for _worker in range(2)]
        return sorted(each.result() for each in found)


@pytest.mark.parametrize(("on", "kind"), [(FRIDAY, "reminded"), (NEXT, "escalated")])
def test_two_who_look_at_once_do_it_once(company: Company, waiting: Case, on: date, kind: str) -> None:
    assert twice(company, waiting, on) == ["", kind]
    with transaction.atomic():
        assert CaseStep.objects.filter(kind=kind).count() == 1


def test_control_without_the_lock_it_is_passed_on_twice(
    company: Company, waiting: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both look before either writes, and nothing but the lock tells them apart."""
    without_lock(monkeypatch)
    met, seen = Barrier(2), reminding.unanswered_case

    def look_together(**known: Any) -> Any:
        found = seen(**known)
        met.wait(timeout=20)
        return found

    monkeypatch.setattr(reminding, "unanswered_case", look_together)
    assert twice(company, waiting, NEXT) == ["escalated", "escalated"]
    with transaction.atomic():
        assert CaseStep.objects.filter(kind="escalated").count() == 2


def test_without_the_lock_the_key_of_the_day_still_bites(
    company: Company, waiting: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_lock(monkeypatch)
    met, seen = Barrier(2), reminding.unanswered_case

    def look_together(**known: Any) -> Any:
        found = seen(**known)
        met.wait(timeout=20)
        return found

    monkeypatch.setattr(reminding, "unanswered_case", look_together)
    assert twice(company, waiting, FRIDAY) == ["refused", "reminded"]


def test_a_worker_that_dies_leaves_nothing_and_the_next_does_it(
    company: Company, waiting: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEBITORA_FAILPOINT", "case_urged:raise")
    with pytest.raises(FailpointReached):
        look(company, waiting, FRIDAY)
    with transaction.atomic():
        assert not CaseStep.objects.filter(kind="reminded").exists()
    monkeypatch.delenv("DEBITORA_FAILPOINT")
    assert look(company, waiting, FRIDAY) == "reminded"
