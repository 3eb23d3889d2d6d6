"""Cases that other dunning programs test, told again and decided here.

The letters are the programs: A Tryton, B OCA credit control, D metasfresh, F Odoo's community follow-up, H Lago. Where
they disagree, the name of the test says what we do; the reasons stand in docs/decisions 0011 and 0012.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from debitora.dunning.rules.decide import decide
from debitora.dunning.rules.facts import Decided, Facts, Hold, Item
from debitora.dunning.rules.policy import DebtorKind, Policy, Step
from debitora.dunning.rules.policy_file import as_document, from_document
from debitora.dunning.rules.policy_node import FaultCode
from debitora.dunning.rules.reasons import Reason
from debitora.values.money import Money

DUE = date(2025, 1, 10)


def policy(*days_after_due: int, gap: int = 1, minimum: tuple[Money, ...] = ()) -> Policy:
    """A ladder of steps at these days, each with the gap to the one before."""
    steps = tuple(
        Step(text="reminder", days_after_due=days, min_gap_days=gap if level else 0, minimum_notice=minimum)
        for level, days in enumerate(days_after_due)
    )
    return Policy(name="peer", debtor=DebtorKind.BUSINESS, country="DE", language="de", steps=steps)


def item(item_id: int = 1, open_minor: int = 100_00, *, due_on: date = DUE, currency: str = "EUR") -> Item:
    return Item(item_id=item_id, currency=currency, due_on=due_on, open_minor=open_minor)


class Book:
    """One customer's items, on which runs are sent: what a notice lists as due rises by one."""

    def __init__(self, rules: Policy, *items: Item, holds: tuple[Hold, ...] = ()) -> None:
        self.facts = Facts(customer_id=1, items=items, policy=rules, holds=holds)

    def look(self, on: date) -> Decided:
        """Decide without sending."""
        return decide(self.facts, on=on)

    def send(self, on: date) -> Decided:
        """Decide, and let every notice be accepted on the same day."""
        decided = self.look(on)
        rises = {one.item_id: one.level_to for one in decided.decisions if one.reason is Reason.NOTICE}
        self.facts = replace(self.facts, items=tuple(_risen(item, rises, on) for item in self.facts.items))
        return decided

    def change(self, item_id: int, **values: object) -> None:
        """Alter one item."""
        items = tuple(replace(one, **values) if one.item_id == item_id else one for one in self.facts.items)
        self.facts = replace(self.facts, items=items)

    def add(self, *items: Item) -> None:
        self.facts = replace(self.facts, items=(*self.facts.items, *items))

    @property
    def level(self) -> int:
        return self.facts.items[0].level


def _risen(one: Item, rises: dict[int, int], on: date) -> Item:
    return replace(one, level=rises[one.item_id], last_reminded_on=on) if one.item_id in rises else one


def later(days: int, start: date = DUE) -> date:
    return start + timedelta(days=days)


def reason(decided: Decided, item_id: int = 1) -> Reason | None:
    return next((one.reason for one in decided.decisions if one.item_id == item_id), None)


def totals(decided: Decided) -> dict[str, int]:
    return {notice.currency: notice.total_minor for notice in decided.notices}


# --------------------------------------------------------------------------------- A: levels at 5, 20, 40 days


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(4, Reason.GRACE, id="A1 too early"),
        pytest.param(5, Reason.NOTICE, id="A2 the day itself counts"),
    ],
)
def test_a_the_first_level_begins_on_its_day(days: int, expected: Reason) -> None:
    book = Book(policy(5, 20, 40), item(1), item(2, 0))
    decided = book.look(later(days))
    assert reason(decided) is expected
    assert reason(decided, 2) is None, "what is paid is not decided"


def test_a3_a_pending_notice_is_never_overtaken() -> None:
    book = Book(policy(5, 20, 40), item())
    book.change(1, pending=True)
    assert reason(book.look(later(30))) is Reason.PENDING_NOTICE


def test_a4_the_reminder_counts_from_the_day_it_was_accepted() -> None:
    book = Book(policy(5, 20, 40, gap=10), item())
    book.change(1, level=1, last_reminded_on=later(15))
    assert reason(book.look(later(24))) is Reason.GAP
    assert reason(book.look(later(25))) is Reason.NOTICE


def test_a5_a6_a_hold_stops_the_climb_and_its_end_lets_it_go_on() -> None:
    book = Book(policy(5, 20, 40), item(), holds=(Hold(from_on=later(6), item_id=1),))
    book.send(later(5))
    assert reason(book.send(later(30))) is Reason.HELD_ITEM
    assert book.level == 1
    book.facts = replace(book.facts, holds=())
    assert reason(book.send(later(30))) is Reason.NOTICE
    assert book.level == 2


# ---------------------------------------------------------------------- B: levels one after the other, never jumped


def test_b1_a_year_overdue_still_begins_at_level_one() -> None:
    book = Book(policy(10, 30, 40, gap=10), item(1, 500_00))
    decided = book.send(later(365))
    assert [(one.level_before, one.level_to) for one in decided.decisions] == [(0, 1)]
    assert len(decided.notices) == 1


def test_b2_each_run_climbs_one_level() -> None:
    book = Book(policy(10, 30, 40, gap=10), item(1, 500_00))
    levels = []
    for days in (180, 300, 365):
        book.send(later(days))
        levels.append(book.level)
    assert levels == [1, 2, 3]


def test_b2_the_three_time_policy_as_its_file_says_it() -> None:
    """Ten days, then thirty days end of month, then ten days after the reminder before."""
    steps = (
        Step(text="reminder", days_after_due=10),
        Step(text="notice1", days_after_due=30, month_end=True, min_gap_days=1),
        Step(text="final", days_after_due=30, min_gap_days=10),
    )
    book = Book(replace(policy(10), steps=steps), item(1, 500_00))
    risen = []
    for days in range(1, 60):
        if book.send(later(days)).notices:
            risen.append(later(days))
    assert risen == [date(2025, 1, 20), date(2025, 2, 28), date(2025, 3, 10)]


def test_b3_a_run_for_an_earlier_day_climbs_nothing_a_second_time() -> None:
    """There it is refused; here levels and gaps are as they are today, whatever day is asked for."""
    book = Book(policy(10, 30, gap=10), item(1, 500_00))
    book.send(later(40))
    assert [reason(book.send(later(days))) for days in (25, 40)] == [Reason.GRACE, Reason.GAP]
    assert book.level == 1


def test_b6_another_strategy_goes_on_from_the_level_reached() -> None:
    book = Book(policy(10, 30, 40), item(1, 500_00))
    book.send(later(10))
    ends = (Step(text="reminder", days_after_due=30), Step(text="final", days_after_due=30, month_end=True))
    book.facts = replace(book.facts, policy=replace(policy(10), steps=ends))
    assert reason(book.look(later(30))) is Reason.GRACE
    assert reason(book.look(date(2025, 2, 28))) is Reason.NOTICE


def test_b8_the_first_step_cannot_count_from_a_previous_one() -> None:
    document = as_document(policy(10))
    document["steps"][0]["min_gap_days"] = 10
    _, faults = from_document(document)
    assert [fault.code for fault in faults] == [FaultCode.FIRST_STEP_HAS_NO_GAP]


# ------------------------------------------------------------------------------------ D: levels at 10, 20, 30 days


def test_d1_nothing_open_is_nothing_to_decide() -> None:
    assert Book(policy(10, 20, 30), item(1, 0)).look(later(15)).decisions == ()


@pytest.mark.parametrize(
    ("days", "expected"),
    [(5, Reason.GRACE), (10, Reason.NOTICE), (11, Reason.NOTICE), (15, Reason.NOTICE)],
)
def test_d2_the_day_itself_is_enough(days: int, expected: Reason) -> None:
    assert reason(Book(policy(10, 20, 30), item()).look(later(days))) is expected


def test_d3_a_dispute_is_a_hold_and_stops_dunning() -> None:
    book = Book(policy(10, 20, 30), item(), holds=(Hold(from_on=DUE, item_id=1),))
    assert reason(book.look(later(15))) is Reason.HELD_ITEM


@pytest.mark.parametrize("days", [-1, 0])
def test_d4_what_is_not_overdue_is_not_decided(days: int) -> None:
    assert Book(policy(1), item()).look(later(days)).decisions == ()


def test_d5_the_second_level_needs_the_first() -> None:
    book = Book(policy(10, 20, 30), item())
    book.send(later(25))
    assert book.level == 1


def test_d6_a_previous_level_must_really_have_been_sent() -> None:
    book = Book(policy(10, 20, 30), item())
    book.change(1, level=0, pending=True)
    assert reason(book.look(later(20))) is Reason.PENDING_NOTICE


def test_d7_after_two_sent_levels_comes_the_third() -> None:
    book = Book(policy(10, 20, 30, gap=10), item(1, due_on=date(2012, 1, 22)))
    for day in (date(2012, 2, 1), date(2012, 2, 20)):
        book.send(day)
    decided = book.send(date(2012, 3, 1))
    assert [(one.reason, one.level_to) for one in decided.decisions] == [(Reason.NOTICE, 3)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2012, 2, 5), Reason.GAP),
        (date(2012, 2, 11), Reason.NOTICE),
        (date(2012, 2, 20), Reason.NOTICE),
    ],
)
def test_d8_a_gap_of_ten_days_is_over_on_the_tenth(day: date, expected: Reason) -> None:
    book = Book(policy(1, 1, gap=10), item(1, due_on=date(2012, 1, 1)))
    book.send(date(2012, 2, 1))
    assert reason(book.look(day)) is expected


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        pytest.param(-1, Reason.NOTICE, id="ended yesterday"),
        pytest.param(0, Reason.HELD_ITEM, id="its last day is held"),
        pytest.param(1, Reason.HELD_ITEM, id="ends tomorrow"),
    ],
)
def test_d9_a_hold_includes_its_last_day(until: int, expected: Reason) -> None:
    today = later(15)
    book = Book(policy(10), item(), holds=(Hold(from_on=DUE, until_on=later(until, today), item_id=1),))
    assert reason(book.look(today)) is expected


def test_d10_a_level_reached_is_not_sent_again() -> None:
    book = Book(policy(10), item())
    book.send(later(15))
    assert reason(book.send(later(16))) is Reason.LAST_STEP_DONE
    assert book.level == 1


# ------------------------------------------------------------------------------------- F: first level after 15 days


@pytest.mark.parametrize(("days", "level"), [pytest.param(3, 0, id="F1"), pytest.param(15, 1, id="F2")])
def test_f_the_first_level_after_fifteen_days(days: int, level: int) -> None:
    book = Book(policy(15, 30, 40), item(1, 1000_00))
    book.send(later(days))
    assert book.level == level


def test_f3_three_runs_on_one_day_climb_one_level_only() -> None:
    """Odoo climbs three. A policy without a gap of a day between steps is refused."""
    book = Book(policy(15, 30, 40), item(1, 1000_00))
    reasons = [reason(book.send(later(40))) for _ in range(3)]
    assert (reasons, book.level) == ([Reason.NOTICE, Reason.GAP, Reason.GAP], 1)


# ---------------------------------------------- H: two attempts, two days apart, from 150.00 EUR or 100.00 USD on


LAGO = policy(1, 1, gap=2, minimum=(Money(150_00, "EUR"), Money(100_00, "USD")))


def january(day: int) -> date:
    return date(2025, 1, day)


def test_h1_a_minimum_counts_per_currency() -> None:
    book = Book(LAGO, item(1, 149_00, due_on=january(1)), item(2, 120_00, currency="USD", due_on=january(1)))
    decided = book.look(january(3))
    assert reason(decided) is Reason.BELOW_NOTICE_MINIMUM
    assert totals(decided) == {"USD": 120_00}


def test_h2_a_gap_of_two_days_is_over_on_the_second() -> None:
    """Lago waits until more than two days have passed; we count like D8, so that a weekly run keeps its weekday."""
    book = Book(LAGO, item(1, 120_00, currency="USD", due_on=january(1)))
    book.send(january(3))
    assert reason(book.look(january(4))) is Reason.GAP
    assert reason(book.look(january(5))) is Reason.NOTICE


def test_h3_currencies_are_never_mixed_on_one_notice() -> None:
    book = Book(LAGO, item(1, 149_00, due_on=january(1)), item(2, 120_00, currency="USD", due_on=january(1)))
    book.send(january(3))
    book.add(item(3, 10_00, due_on=january(4)))
    decided = book.send(january(6))
    assert totals(decided) == {"EUR": 159_00, "USD": 120_00}
    assert {notice.currency: notice.level for notice in decided.notices} == {"EUR": 1, "USD": 2}


def test_h4_h5_after_the_last_attempt_comes_no_other() -> None:
    book = Book(LAGO, item(1, 159_00, due_on=january(1)))
    reasons = [reason(book.send(january(day))) for day in (3, 6, 9, 12)]
    assert reasons == [Reason.NOTICE, Reason.NOTICE, Reason.LAST_STEP_DONE, Reason.LAST_STEP_DONE]


def test_h6_overdue_begins_the_day_after_the_due_day() -> None:
    book = Book(LAGO, item(1, 149_00, due_on=january(3)))
    assert book.look(january(3)).decisions == ()
    assert reason(book.look(january(4))) is Reason.BELOW_NOTICE_MINIMUM


def test_h7_h8_one_notice_collects_all_that_is_due() -> None:
    book = Book(LAGO, item(1, 149_00, due_on=january(3)), item(2, 6_00, due_on=january(6)))
    found = {day: totals(book.send(january(day))) for day in (6, 7, 8, 10, 13)}
    assert found == {6: {}, 7: {"EUR": 155_00}, 8: {}, 10: {"EUR": 155_00}, 13: {}}


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [pytest.param((50_00, 1_00), {"EUR": 51_00}, id="above"), pytest.param((50_00,), {}, id="below")],
)
def test_h9_a_sum_that_reaches_the_minimum_is_enough(
    amounts: tuple[int, ...], expected: dict[str, int]
) -> None:
    items = [item(number, minor) for number, minor in enumerate(amounts, start=1)]
    assert totals(Book(policy(1, minimum=(Money(50_99, "EUR"),)), *items).look(later(5))) == expected
    exactly = policy(1, minimum=(Money(sum(amounts), "EUR"),))
    assert totals(Book(exactly, *items).look(later(5))) == {"EUR": sum(amounts)}


def test_h10_all_attempts_taken() -> None:
    book = Book(policy(1, 1, 1, 1, 1), item())
    book.change(1, level=5)
    assert reason(book.look(later(90))) is Reason.LAST_STEP_DONE


@pytest.mark.parametrize(("ago", "expected"), [(3, Reason.GAP), (4, Reason.NOTICE), (5, Reason.NOTICE)])
def test_h11_gaps_are_counted_in_days_not_in_hours(ago: int, expected: Reason) -> None:
    book = Book(policy(1, 1, gap=4), item())
    book.change(1, level=1, last_reminded_on=later(60 - ago))
    assert reason(book.look(later(60))) is expected


# ----------------------------------------------------------------------------------- our own: levels of one notice


def test_the_notice_speaks_for_its_highest_item_and_each_item_rises_by_itself() -> None:
    """Two items at different levels on one notice: it is a second notice, and the younger item takes its first step."""
    book = Book(
        policy(7, 21, gap=14),
        item(1, due_on=later(-30)),
        item(2, due_on=later(-8)),
        item(3, due_on=later(-2)),
    )
    book.change(1, level=1, last_reminded_on=later(-14))
    decided = book.look(DUE)
    (notice,) = decided.notices
    assert (notice.level, notice.items, notice.due_minor, notice.also_open_minor) == (2, 2, 200_00, 100_00)
    assert [(line.item_id, line.kind, line.level_from, line.level_to) for line in decided.lines] == [
        (1, "due", 1, 2),
        (2, "due", 0, 1),
        (3, "also_open", 0, 0),
    ]
