"""Decisions by month: made where they are missing, dropped when they are old, walled each by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from django.db import Error, connection, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from debitora.dunning.actions import drop_old_months, keep_months_ahead
from debitora.dunning.models import Decision, Run
from debitora.dunning.queries.keeping import decisions_kept, months_kept
from debitora.dunning.queries.why import last_decision
from debitora.dunning.rules.keeping import FEWEST, KeptTooShort, later, month_of, too_old
from debitora.dunning.testing import ON, a_late_payer, a_ready_company, a_run
from debitora.kit.pg.bulk import execute
from debitora.kit.pg.company import serving
from debitora.kit.postgres import Server
from debitora.people.models import Company, User
from debitora.receivables.models import Item
from debitora.trail.models import Record
from debitora.trail.rules import system

OWNER = system("prune")
OCTOBER_2024 = datetime(2024, 10, 31, 23, 59, tzinfo=UTC)
NOVEMBER_2024 = datetime(2024, 11, 1, 0, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
TOO_LITTLE = 400
"""Minor units below any notice: decided by a row, and not by a line of a notice."""


# ------------------------------------------------------------------------------------------------------ the rule


@pytest.mark.parametrize(
    ("month", "on", "gone"),
    [
        (date(2024, 10, 1), date(2026, 11, 1), True),
        (date(2024, 10, 1), date(2026, 10, 31), False),
        (date(2024, 11, 1), date(2026, 11, 30), False),
        (date(2024, 11, 1), date(2026, 12, 1), True),
        (date(2024, 2, 1), date(2026, 2, 28), False),
    ],
)
def test_a_month_is_too_old_on_its_day(month: date, on: date, gone: bool) -> None:
    assert too_old([month], on=on, keep=24) == ((month,) if gone else ())


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.integers(FEWEST, 60),
)
def test_no_day_of_a_dropped_month_is_younger_than_the_setting(day: date, on: date, keep: int) -> None:
    """Told by days, not by the rule's own months: so many whole months before `on` lies a day after the month's last."""
    month = day.replace(day=1)
    last = later(month, 1) - timedelta(days=1)
    whole_months = (on.year - last.year) * 12 + on.month - last.month
    assert (too_old([month], on=on, keep=keep) == (month,)) == (whole_months > keep)


def test_less_than_a_quarter_is_refused() -> None:
    with pytest.raises(KeptTooShort):
        too_old([date(2020, 1, 1)], on=ON, keep=FEWEST - 1)


def test_the_database_and_the_rule_name_the_same_month(company: Company) -> None:
    for moment in (OCTOBER_2024, NOVEMBER_2024, NOW):
        with connection.cursor() as cursor:
            cursor.execute("select dunning_month_of(%s)", [moment])
            assert cursor.fetchone() == (month_of(moment),)


# ------------------------------------------------------------------------------------------------ making a place


def test_a_run_makes_the_place_that_is_missing(company: Company) -> None:
    a_ready_company(company)
    a_late_payer(company, minors=(TOO_LITTLE,))
    then = datetime(2031, 3, 5, 8, 0, tzinfo=UTC)
    assert month_of(then) not in months_kept()
    run = Run.objects.get(id=a_run(company, at=then).run)
    assert month_of(then) in months_kept()
    assert Decision.objects.get(run=run).month == date(2031, 3, 1)
    assert decisions_kept(run)


def test_the_next_month_is_made_ahead(company: Company) -> None:
    keep_months_ahead(at=datetime(2030, 12, 31, 12, 0, tzinfo=UTC))
    assert {date(2030, 12, 1), date(2031, 1, 1)} <= set(months_kept())
    keep_months_ahead(at=datetime(2030, 12, 31, 13, 0, tzinfo=UTC))


@pytest.mark.parametrize("month", ["2026-11-02", "1900-01-01", "2199-01-01"])
def test_no_other_place_is_made(company: Company, month: str) -> None:
    with pytest.raises(Error), transaction.atomic():
        execute("select dunning_keep_month(%(month)s::date)", month=month)


# --------------------------------------------------------------------------------------------------------- walls


@pytest.mark.parametrize(
    "attempt",
    [
        "drop table {month}",
        "alter table dunning_decision detach partition {month}",
        "select count(*) from {month}",
        "insert into {month} select * from dunning_decision",
        "update {month} set reason = 1",
        "delete from {month}",
        "truncate {month}",
        "create table mine partition of dunning_decision for values from ('1990-01-01') to ('1990-02-01')",
        "update dunning_decision set reason = 1",
        "delete from dunning_decision",
        "truncate dunning_decision",
        (
            "insert into dunning_decision select company_id, run_id, item_id + 1, customer_id, open_minor, held_minor,"
            " strategy_version_id, month, days_overdue, reason, level_before, level_to, currency from dunning_decision"
        ),
        (
            "insert into dunning_decision select company_id, run_id, item_id, customer_id, open_minor, held_minor,"
            " strategy_version_id, date '2026-12-01', days_overdue, reason, level_before, level_to, currency"
            " from dunning_decision"
        ),
        (
            "insert into dunning_decision select company_id, run_id, item_id, customer_id + 1, open_minor, held_minor,"
            " strategy_version_id, month, days_overdue, reason, level_before, level_to, currency from dunning_decision"
        ),
        "insert into dunning_decision select * from dunning_decision",
    ],
)
def test_the_app_reaches_decisions_through_the_walls_only(company: Company, attempt: str) -> None:
    a_ready_company(company)
    a_late_payer(company, minors=(TOO_LITTLE,))
    a_run(company)
    keep_months_ahead(at=NOW)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attempt.format(month="dunning_decision_2026_11"))


def test_even_the_owner_is_stopped_in_a_month_itself(
    committed: str, company: Company, server: Server
) -> None:
    with transaction.atomic():
        a_ready_company(company)
        a_late_payer(company, minors=(TOO_LITTLE,))
        a_run(company)
    month = "dunning_decision_2026_11"
    with psycopg.connect(**server.credentials("owner", committed).kwargs(), autocommit=True) as owner:
        for attempt in (f"update {month} set reason = 1", f"delete from {month}", f"truncate {month}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
                owner.execute(attempt.encode())
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            owner.execute(
                f"insert into {month} select company_id, run_id + 99, item_id, customer_id, open_minor, held_minor,"
                f" strategy_version_id, month, days_overdue, reason, level_before, level_to, currency from {month}".encode()
            )


# ------------------------------------------------------------------------------------------------------ dropping


def acting_as(role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What follows is done by this role of the database; `debitora prune` is done by the owner."""
    connection.close()
    monkeypatch.setenv("DEBITORA_ROLE", role)


@pytest.fixture
def runs(committed: str, company: Company) -> list[int]:
    """Runs at the last minute of October 2024, the first of November 2024, and now."""
    with transaction.atomic():
        a_ready_company(company)
        a_late_payer(company, minors=(TOO_LITTLE,))
    return [a_run(company, at=at).run or 0 for at in (OCTOBER_2024, NOVEMBER_2024, NOW)]


def test_what_is_dropped_is_recorded_and_the_rest_stays(
    runs: list[int], company: Company, other_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction.atomic():
        item = Item.objects.get().id
    acting_as("owner", monkeypatch)
    told = drop_old_months(on=ON, keep=24, by=OWNER, at=NOW, dry=True)
    assert date(2024, 10, 1) in months_kept()
    assert drop_old_months(on=ON, keep=24, by=OWNER, at=NOW) == told
    assert [(one.month, dict(one.decisions)) for one in told] == [(date(2024, 10, 1), {company.id: 1})]
    acting_as("app", monkeypatch)
    with serving(company.id), transaction.atomic():
        assert list(Decision.objects.order_by("run_id").values_list("run_id", flat=True)) == runs[1:]
        assert [decisions_kept(run) for run in Run.objects.order_by("id")] == [False, True, True]
        newest = last_decision(item=item)
        assert newest is not None
        assert newest.run == runs[-1]
        row = Record.objects.get(verb="decisions.dropped")
        assert (row.facts, row.actor_label) == ({"month": "2024-10", "count": 1}, OWNER.label)
    with serving(other_company.id), transaction.atomic():
        assert not Record.objects.filter(verb="decisions.dropped").exists()


def test_a_run_s_page_says_that_its_decisions_are_no_longer_kept(
    runs: list[int], client_of: Callable[[User], Client], manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, others = client_of(manager), "/c/acme/runs/{}/?tab=others"
    assert b"No longer kept" not in client.get(others.format(runs[0])).content
    acting_as("owner", monkeypatch)
    drop_old_months(on=ON, keep=24, by=OWNER, at=NOW)
    acting_as("app", monkeypatch)
    assert b"No longer kept" in client.get(others.format(runs[0])).content
    assert b"No longer kept" not in client.get(others.format(runs[1])).content


def test_the_app_cannot_drop(runs: list[int]) -> None:
    with pytest.raises(Error, match=r"permission denied|must be owner"):
        drop_old_months(on=ON, keep=24, by=OWNER, at=NOW)
    with transaction.atomic():
        assert date(2024, 10, 1) in months_kept()
        assert Decision.objects.count() == len(runs)
        assert not Record.objects.filter(verb="decisions.dropped").exists()
