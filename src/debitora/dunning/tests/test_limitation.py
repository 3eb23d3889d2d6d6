"""When claims lapse, the last safe day, and what each step left would still do: as rules, and as a list with its totals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from debitora.dunning.pages.limitation_columns import state_of, steps_said
from debitora.dunning.queries.limitation import (
    LapsingFilters,
    LapsingRow,
    lapsing_page,
    lapsing_with,
    years_lapsing,
)
from debitora.dunning.rules.limitation import (
    MARGIN_DAYS,
    arisen_in,
    arose_on,
    lapses_on,
    limitation_law,
    safe_until,
    steps_left,
)
from debitora.dunning.rules.policy import DebtorKind, Policy, Step
from debitora.dunning.testing import ON
from debitora.people.models import Company, User
from debitora.receivables.models import Item, ItemState
from debitora.receivables.rules.items import Scope
from debitora.receivables.testing import a_customer, an_open_item
from debitora.values.days import is_working_day

ClientOf = Callable[[User], Client]
DAYS = st.dates(date(1996, 1, 1), date(2060, 12, 31))
GERMAN = limitation_law("DE")
POLICY = Policy(
    name="three steps",
    debtor=DebtorKind.BUSINESS,
    country="DE",
    language="de",
    steps=(
        Step(text="first", days_after_due=7),
        Step(text="second", days_after_due=21, min_gap_days=14),
        Step(text="third", days_after_due=35, min_gap_days=14),
    ),
)


@pytest.mark.parametrize(
    ("issued_on", "due_on", "lapses"),
    [
        (date(2023, 1, 1), date(2023, 1, 15), date(2026, 12, 31)),
        (date(2023, 12, 31), date(2024, 1, 14), date(2026, 12, 31)),
        (date(2024, 2, 29), date(2024, 3, 14), date(2027, 12, 31)),
        (None, date(2024, 1, 1), date(2027, 12, 31)),
        (date(2024, 6, 1), date(2023, 6, 1), date(2026, 12, 31)),
    ],
)
def test_a_german_claim_lapses_three_years_after_the_end_of_its_year(
    issued_on: date | None, due_on: date, lapses: date
) -> None:
    assert GERMAN is not None
    assert lapses_on(GERMAN, arose_on(issued_on=issued_on, due_on=due_on)) == lapses


@pytest.mark.parametrize("country", ["AT", "CH", "NL", "BE", "FR", "XX", ""])
def test_other_countries_are_not_known_here(country: str) -> None:
    assert limitation_law(country) is None


def test_the_last_safe_day_is_a_working_day_with_the_margin_to_spare() -> None:
    assert safe_until(date(2026, 12, 31), "DE") == date(2026, 12, 1)
    assert safe_until(date(2024, 12, 31), "DE") == date(2024, 11, 29)  # 1 December 2024 is a Sunday


@given(issued_on=st.none() | DAYS, due_on=DAYS)
def test_over_leap_years_a_claim_has_at_least_three_whole_years_and_less_than_four(
    issued_on: date | None, due_on: date
) -> None:
    assert GERMAN is not None
    arose = arose_on(issued_on=issued_on, due_on=due_on)
    lapses = lapses_on(GERMAN, arose)
    assert arose <= due_on
    assert (lapses.month, lapses.day) == (12, 31)
    assert 3 * 365 <= (lapses - arose).days < 4 * 366
    assert arisen_in(GERMAN, lapses.year) == arose.year
    safe = safe_until(lapses, "DE")
    assert is_working_day(safe, "DE")
    assert MARGIN_DAYS <= (lapses - safe).days <= MARGIN_DAYS + 5


@given(first=DAYS, second=DAYS)
def test_who_arises_later_never_lapses_earlier(first: date, second: date) -> None:
    assert GERMAN is not None
    early, late = sorted([first, second])
    assert lapses_on(GERMAN, early) <= lapses_on(GERMAN, late)


@given(level=st.integers(0, 3), due_on=DAYS, ago=st.none() | st.integers(0, 400), on=DAYS)
def test_the_steps_left_come_in_their_order_and_keep_their_days_and_gaps(
    level: int, due_on: date, ago: int | None, on: date
) -> None:
    reminded = None if ago is None else on - timedelta(days=ago)
    left = list(steps_left(POLICY, level=level, due_on=due_on, last_reminded_on=reminded, on=on))
    assert [one.level for one in left] == list(range(level + 1, 4))
    for one in left:
        assert one.on >= max(on, due_on + timedelta(days=POLICY.step(one.level).days_after_due))
    days = [(one.on, POLICY.step(one.level).min_gap_days) for one in left]
    if reminded is not None:
        days.insert(0, (reminded, 0))
    for (before, _), (day, gap) in pairwise(days):
        assert (day - before).days >= gap


def test_an_item_never_reminded_could_be_reminded_today_and_then_by_the_gaps() -> None:
    today = date(2026, 11, 18)
    left = steps_left(POLICY, level=0, due_on=date(2024, 1, 1), last_reminded_on=None, on=today)
    assert [one.on for one in left] == [today, date(2026, 12, 2), date(2026, 12, 16)]


# ------------------------------------------------------------------------------------------------- as a list


@pytest.fixture
def old(acme: Company) -> int:
    """A customer with claims of three years and one that is settled by a credit's side: 2022, 2023 and 2026."""
    customer = a_customer(acme.id, "10001", kind="business", country="DE")
    for number, issued_on, due_on, minor in (
        ("R-1", date(2022, 12, 20), date(2023, 1, 3), 30_000),
        ("R-2", date(2023, 5, 1), date(2023, 5, 15), 5_000),
        ("R-3", date(2026, 9, 1), date(2026, 9, 15), 700_000),
        ("R-4", None, date(2023, 12, 31), 9_999),
    ):
        an_open_item(acme.id, customer, number=number, minor=minor, due_on=due_on, issued_on=issued_on)
    an_open_item(acme.id, customer, number="G-1", minor=-4_000, due_on=date(2023, 1, 1))
    return customer


def listed(company: Company, **known: Any) -> list[LapsingRow]:
    filters = LapsingFilters(**known)
    return list(lapsing_page(company=company, filters=filters, on=ON).rows)


def numbers(rows: list[LapsingRow]) -> list[str]:
    return [row.claim.number for row in rows]


def test_the_radar_lists_open_debits_by_the_day_they_lapse(acme: Company, old: int) -> None:
    rows = listed(acme)
    assert numbers(rows) == ["R-1", "R-2", "R-4", "R-3"]
    assert [row.lapses_on for row in rows] == [date(year, 12, 31) for year in (2025, 2026, 2026, 2029)]
    assert [state_of(row, on=ON) for row in rows] == ["lapsed", "beyond", "beyond", "in_time"]
    assert rows[1].safe_until == date(2026, 12, 1)
    assert [step.level for step in rows[1].steps] == [1, 2, 3]
    assert rows[1].steps[0].on == ON


def test_each_row_says_what_its_steps_would_still_do(acme: Company, old: int) -> None:
    row = listed(acme)[1]
    said = steps_said(row)
    assert said[0] == "18/11/2026 Payment reminder, e-mail"
    assert said[-1].endswith(": too late")
    assert steps_said(replace(row, steps=())) == ["none left"]
    assert steps_said(replace(row, steps=(), afterwards="propose_agency")) == [
        "then: Propose a collection agency"
    ]
    assert steps_said(replace(row, has_strategy=False)) == ["no strategy"]


def test_the_radar_is_narrowed_by_year_country_sum_and_words(acme: Company, old: int) -> None:
    assert numbers(listed(acme, year=2026)) == ["R-2", "R-4"]
    assert numbers(listed(acme, least=100)) == ["R-1", "R-3"]
    assert numbers(listed(acme, country="DE", text="R-4")) == ["R-4"]
    assert listed(acme, country="AT") == []


def test_the_totals_of_the_years_add_up_to_the_list(acme: Company, old: int) -> None:
    totals = years_lapsing(company=acme, filters=LapsingFilters())
    assert [(one.year, one.items, one.open_minor) for one in totals] == [
        (2025, 1, 30_000),
        (2026, 2, 14_999),
        (2029, 1, 700_000),
    ]


@pytest.mark.parametrize("year", [None, 2025, 2026, 2027, 2029])
def test_kept_totals_are_those_that_are_counted(acme: Company, old: int, year: int | None) -> None:
    kept = years_lapsing(company=acme, filters=LapsingFilters(year=year))
    assert kept == years_lapsing(company=acme, filters=LapsingFilters(year=year, country="DE"))
    assert sum(one.items for one in kept) == len(listed(acme, year=year))


def test_a_claim_whose_due_day_moves_lapses_with_another_year(acme: Company, old: int) -> None:
    item = Item.objects.get(number="R-4")
    ItemState.objects.filter(company_id=acme.id, item=item).update(due_on=date(2022, 12, 31))
    assert ItemState.objects.get(item=item).arose_on == date(2022, 12, 31)
    assert [(one.year, one.items) for one in years_lapsing(company=acme, filters=LapsingFilters())] == [
        (2025, 2),
        (2026, 1),
        (2029, 1),
    ]


def test_the_radar_goes_on_where_the_page_ended(acme: Company, old: int) -> None:
    found, after = [], None
    while True:
        shown = lapsing_page(
            company=acme, filters=LapsingFilters(), on=ON, sort="-amount", after=after, size=1
        )
        found += numbers(list(shown.rows))
        after = shown.next
        if after is None:
            break
    assert found == ["R-3", "R-1", "R-4", "R-2"]


def test_the_alarm_counts_what_lapses_with_the_year(acme: Company, old: int) -> None:
    assert lapsing_with(company=acme, year=2026) == 2
    assert lapsing_with(company=acme, year=2026, scope=Scope((0,))) == 0
    acme.country = "AT"
    assert lapsing_with(company=acme, year=2026) == 0


def test_where_the_law_is_not_known_the_radar_says_so(acme: Company, old: int) -> None:
    acme.country = "AT"
    rows = listed(acme, year=2023)
    assert numbers(rows) == ["R-2", "R-4"]
    assert {(row.lapses_on, row.safe_until, state_of(row, on=ON)) for row in rows} == {
        (None, None, "unknown")
    }


def test_the_page_and_its_file(acme: Company, old: int, client_of: ClientOf, manager: User) -> None:
    client = client_of(manager)
    assert client.get("/c/acme/").status_code == 200
    shown = client.get("/c/acme/limitation/?year=2026&least=100").content.decode()
    assert "No claim fits these filters" in shown
    shown = client.get("/c/acme/limitation/?after=nonsense").content.decode()
    assert "§§ 195, 199 BGB" in shown
    assert "R-1" in shown
    lines = b"".join(client.get("/c/acme/limitation/export/csv/?year=2026").streaming_content).decode()
    assert lines.count("R-") == 2
    assert client.get("/c/acme/limitation/export/doc/").status_code == 404
