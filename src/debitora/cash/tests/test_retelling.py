"""A statement that waits because its lines are known under other days says so, and with which statement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from debitora.cash.actions import NotHeldForThis, accept_retold
from debitora.cash.models import BankEntry, Doubt, Statement, Telling
from debitora.cash.queries.retold import retold
from debitora.cash.rules.retelling import MOST_APART, Dated, under_other_days
from debitora.cash.testing import MOMENT, TESTS, Paid, Sheet, camt, mt940, taken
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User

DAY = date(2026, 11, 2)


def dated(*some: tuple[int, int]) -> list[Dated]:
    """Movements by day of the month and minor units, their places as keys."""
    return [Dated(key, DAY.replace(day=day), minor) for key, (day, minor) in enumerate(some)]


@pytest.mark.parametrize(
    ("lines", "known", "pairs"),
    [
        pytest.param([(3, 100)], [(2, 100)], [(0, 0)], id="a day apart"),
        pytest.param([(2, 100)], [(2, 100)], [], id="the same day is no other day"),
        pytest.param([(3, 100), (3, 100)], [(2, 100)], [(0, 0)], id="each known one once"),
        pytest.param([(2, 100), (3, 100)], [(2, 100), (4, 100)], [(1, 1)], id="beside one of the same day"),
        pytest.param([(3, 100)], [(3, -100), (2, 101)], [], id="another amount"),
        pytest.param([(1, 100)], [(8, 100)], [(0, 0)], id="a week"),
        pytest.param([(1, 100)], [(9, 100)], [], id="more than a week"),
        pytest.param([(9, 100), (12, 100)], [(1, 100), (10, 100)], [(0, 1)], id="what lies too far back is passed"),
    ],
)  # fmt: skip
def test_lines_under_other_days(
    lines: Sequence[tuple[int, int]], known: Sequence[tuple[int, int]], pairs: Sequence[tuple[int, int]]
) -> None:
    found = under_other_days(dated(*lines), dated(*known))
    assert [(line.key, had.key) for line, had in found] == list(pairs)


@given(*[st.lists(st.tuples(st.integers(1, 28), st.sampled_from([1, 2, -1])), max_size=12)] * 2)
def test_pairs_are_of_one_amount_near_each_other_and_each_is_one(
    lines: list[tuple[int, int]], known: list[tuple[int, int]]
) -> None:
    found = under_other_days(dated(*lines), dated(*known))
    for side in zip(*found, strict=True):
        assert len({one.key for one in side}) == len(found)
    for line, had in found:
        assert line.minor == had.minor
        assert line.day != had.day
        assert abs(line.day - had.day) <= MOST_APART


def a_week_twice(company: Company, *, more: int = 0) -> Statement:
    """camt by booking days, a statement a day; then the week as MT940 by value days, a day earlier, with `more` that is new."""
    taken(company, camt(Sheet([Paid(10_000, 1)], first=1, last=1, number="1")))
    taken(company, camt(Sheet([Paid(20_000, 2)], opening=10_000, first=2, last=2, number="2")))
    lines = [Paid(10_000, 0), Paid(20_000, 1), *([Paid(more, 1)] if more else [])]
    taken(company, mt940(Sheet(lines, first=0, last=4, closing=30_000 + more)), name="week.sta")
    return Statement.objects.select_related("account", "file__upload__blob").get(file__format="mt940")


def test_a_week_by_value_days_says_that_it_may_be_known(
    company: Company, clerk: User, client_of: Callable[[User], Client]
) -> None:
    held = a_week_twice(company)
    assert (held.state, held.held_for, held.missing_minor) == ("held", "gap", -30_000)
    with clock_at(MOMENT):
        page = client_of(clerk).get(f"/c/acme/bank/statements/{held.id}/").content.decode()
    for said in (
        "These lines may be known already",
        "2 lines, together EUR\u00a0300.00, have the amounts of payments that the account has under other days.",
        "Statement 1</a>",
        "Statement 2</a>",
        "They are other payments",
        "this enters them a second time",
    ):
        assert said in page
    for unsaid in ("Money is missing", "Take the missing file", "went out that no statement tells of"):
        assert unsaid not in page


def test_a_gap_that_other_days_do_not_explain_is_a_gap(company: Company) -> None:
    held = a_week_twice(company)
    held.missing_minor += 1
    assert retold(statement=held) is None
    held.held_for = "difference"
    assert retold(statement=held) is None


def test_the_same_payments_are_not_entered_again(
    company: Company, clerk: User, client_of: Callable[[User], Client]
) -> None:
    held = a_week_twice(company)
    with clock_at(MOMENT):
        answered = (
            client_of(clerk)
            .post(f"/c/acme/bank/statements/{held.id}/other-days/", follow=True)
            .content.decode()
        )
    assert "The statement is applied: 0 new lines." in answered
    held.refresh_from_db()
    assert (held.state, held.new_count, held.missing_minor) == ("applied", 0, 0)
    assert list(BankEntry.objects.order_by("id").values_list("minor", flat=True)) == [10_000, 20_000]
    assert Telling.objects.filter(statement=held).count() == 2
    following = camt(Sheet([Paid(500, 5)], opening=30_000, first=5, last=5, number="5"))
    taken(company, following)
    assert Statement.objects.get(number="5").state == "applied"


def test_what_is_new_beside_them_is_entered(company: Company) -> None:
    held = a_week_twice(company, more=700)
    after = accept_retold(company=company.id, statement=held.id, by=TESTS, at=MOMENT)
    assert (after.state, after.new_count) == ("applied", 1)
    assert sorted(BankEntry.objects.values_list("minor", flat=True)) == [700, 10_000, 20_000]


def test_what_was_said_of_a_line_before_stays(company: Company) -> None:
    """She has called one of the lines new already: then they are not all the same, and nothing changes."""
    held = a_week_twice(company)
    entry = BankEntry.objects.order_by("id")[0]
    Doubt.objects.create(company_id=company.id, statement=held, line=0, entry=entry, answer="new")
    with pytest.raises(NotHeldForThis):
        accept_retold(company=company.id, statement=held.id, by=TESTS, at=MOMENT)
    held.refresh_from_db()
    assert (held.state, held.held_for, BankEntry.objects.count()) == ("held", "gap", 2)


def test_a_gap_of_other_kind_is_not_closed_by_it(company: Company) -> None:
    taken(company, camt(Sheet([Paid(10_000, 1)], first=1, last=1, number="1")))
    taken(company, camt(Sheet([Paid(500, 5)], opening=30_000, first=5, last=5, number="5")))
    held = Statement.objects.get(number="5")
    with pytest.raises(NotHeldForThis):
        accept_retold(company=company.id, statement=held.id, by=TESTS, at=MOMENT)


def test_it_is_said_once(company: Company) -> None:
    held = a_week_twice(company)
    accept_retold(company=company.id, statement=held.id, by=TESTS, at=MOMENT)
    with pytest.raises(NotHeldForThis):
        accept_retold(company=company.id, statement=held.id, by=TESTS, at=MOMENT)
