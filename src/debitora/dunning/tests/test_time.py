"""T01 to T03: one run per local day whatever the clock does, and days that belong to the company's calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from debitora.dunning import jobs
from debitora.dunning.models import Run
from debitora.dunning.rules.policy import ContactCap
from debitora.dunning.rules.presets import preset
from debitora.dunning.rules.steps import deadline
from debitora.dunning.testing import a_late_payer, a_ready_company, a_run, a_strategy
from debitora.kit.runtime import clock_at, today
from debitora.messaging.models import Intent
from debitora.messaging.queries import touches
from debitora.messaging.testing import a_queued_mail
from debitora.receivables.queries import items_page
from debitora.receivables.rules.items import ItemFilters, State
from debitora.receivables.testing import a_customer, an_open_item


def _hourly(begin: datetime, hours: int) -> list[date]:
    """Let the hourly clock tick and work off at once what it asks for; the days of the runs that came of it."""
    for hour in range(hours):
        with clock_at(begin + timedelta(hours=hour, minutes=5)):
            jobs.clock(0)
            for company in _taken_from_the_queue():
                jobs.daily(company=company)
    return list(Run.objects.order_by("id").values_list("on", flat=True))


def _taken_from_the_queue() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """update procrastinate_jobs set status = 'succeeded' where status = 'todo' and task_name = 'dunning.daily'
               returning (args ->> 'company')::bigint"""
        )
        return [company for (company,) in cursor.fetchall()]


@pytest.mark.parametrize("around", [date(2026, 3, 29), date(2026, 10, 25)])
def test_t01_the_days_on_which_the_clock_is_put_have_one_run_each(company: Any, around: date) -> None:
    a_late_payer(a_ready_company(company))
    begin = datetime(around.year, around.month, around.day - 1, tzinfo=UTC)
    runs = _hourly(begin, 72)
    assert runs == sorted(set(runs))
    assert runs == [around + timedelta(days=days) for days in (-1, 0, 1)]


def test_c18_days_on_which_nothing_ran_are_not_caught_up(company: Any) -> None:
    a_late_payer(a_ready_company(company))
    _hourly(datetime(2026, 11, 16, 12, tzinfo=UTC), 1)
    runs = _hourly(datetime(2026, 11, 20, 12, tzinfo=UTC), 3)
    assert runs == [date(2026, 11, 16), date(2026, 11, 20)]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 18, 22, 59, tzinfo=UTC), date(2026, 11, 18)),
        (datetime(2026, 11, 18, 23, 1, tzinfo=UTC), date(2026, 11, 19)),
        (datetime(2026, 7, 1, 22, 1, tzinfo=UTC), date(2026, 7, 2)),
    ],
)
def test_t03_the_day_is_the_companys_whatever_the_servers_clock_says(moment: datetime, day: date) -> None:
    with clock_at(moment):
        assert today("Europe/Berlin") == day


def test_t03_an_item_due_today_is_overdue_from_local_midnight_on(company: Any) -> None:
    an_open_item(company.id, a_customer(company.id), due_on=date(2026, 11, 18))
    before, after = datetime(2026, 11, 18, 22, 59, tzinfo=UTC), datetime(2026, 11, 18, 23, 1, tzinfo=UTC)
    counts = []
    for moment in (before, after):
        with clock_at(moment):
            page = items_page(filters=ItemFilters(state=State.OVERDUE), on=today(company.time_zone))
            counts.append(len(page.rows))
    assert counts == [0, 1]


def test_t03_a_contact_of_half_past_midnight_counts_on_its_local_day(company: Any) -> None:
    """A mail that left at 0:30 in Berlin; a cap of one contact in two days ends one day later than by UTC's calendar."""
    a_ready_company(company)
    cap = ContactCap(touches=1, days=2)
    a_strategy(company, kind="business", contact_cap=cap)
    customer = a_late_payer(company)
    half_past = datetime(2026, 11, 17, 23, 30, tzinfo=UTC)
    mail = a_queued_mail(company.id, customer)
    Intent.objects.filter(id=mail.id).update(state="accepted", state_at=half_past)
    assert touches(since=date(2026, 11, 17), time_zone=company.time_zone) == [(customer, date(2026, 11, 18))]
    assert touches(since=date(2026, 11, 17), time_zone="UTC") == [(customer, date(2026, 11, 17))]
    assert touches(since=date(2026, 11, 19), time_zone=company.time_zone) == []
    found = [
        a_run(company, on=date(2026, 11, day), at=half_past + timedelta(days=2)).decisions for day in (19, 20)
    ]
    assert [list(each) for each in found] == [["contact_cap"], ["notice"]]


@pytest.mark.parametrize(
    ("sent_on", "days", "ends_on"),
    [
        (date(2028, 2, 19), 10, date(2028, 2, 29)),  # a leap day is a day
        (date(2027, 2, 19), 10, date(2027, 3, 1)),
        (date(2026, 12, 21), 10, date(2026, 12, 31)),
        (date(2026, 12, 22), 10, date(2027, 1, 4)),  # 1 January is a holiday, then a weekend
        (date(2026, 1, 31), 28, date(2026, 3, 2)),  # 28 February 2026 is a Saturday
    ],
)
def test_t02_a_deadline_counts_calendar_days_and_ends_on_a_working_day(
    sent_on: date, days: int, ends_on: date
) -> None:
    step = replace(preset("de-business").steps[0], deadline_days=days)
    assert deadline(sent_on, step, "DE") == ends_on
