"""More cases of other dunning programs: what a ledger does between runs, collective notices, instalments, returns.

The letters go on from test_peer_cases: B OCA credit control, D metasfresh, E ERPNext, G Kill Bill. Cases that we answer
in another way, or not at all, stand with their reasons in docs/decisions/0017.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from debitora.dunning.actions import propose_run
from debitora.dunning.models import Notice, Run
from debitora.dunning.rules.facts import Hold
from debitora.dunning.rules.reasons import Reason
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer, a_ready_company
from debitora.dunning.tests.test_peer_cases import DUE, Book, item, later, policy, reason, totals
from debitora.people.models import Company
from debitora.receivables.testing import an_open_item
from debitora.values.money import Money

# ------------------------------------------------------------------------------------- B: order of runs, policies


def test_b3_a_run_for_an_earlier_day_reminds_nobody_twice() -> None:
    """OCA refuses it. Here an earlier day is allowed: what has been reminded since is inside its gap."""
    book = Book(policy(10, 30, gap=10), item())
    book.send(later(60))
    assert reason(book.look(later(45))) is Reason.GAP
    assert reason(book.look(later(69))) is Reason.GAP
    assert reason(book.look(later(70))) is Reason.NOTICE


def test_b4_b5_what_the_customer_has_paid_leaves_the_proposal(company: Company) -> None:
    """OCA protects an invoice with a ready reminder. Here the ledger goes first, and the notice is made anew."""
    customer = a_late_payer(a_ready_company(company), minors=(100_00, 50_00))
    propose_run(company=company, on=ON, by=TESTS, at=MOMENT)
    an_open_item(company.id, customer, number="P-1", minor=-50_00)
    propose_run(company=company, on=ON, by=TESTS, at=MOMENT)
    assert list(Run.objects.order_by("id").values_list("state", flat=True)) == ["discarded", "proposed"]
    assert list(Notice.objects.order_by("id").values_list("total_minor", flat=True)) == [150_00, 100_00]


@pytest.mark.parametrize(
    ("level", "expected", "level_to"),
    [
        pytest.param(0, Reason.NOTICE, 1, id="begins at the new ladder's first step"),
        pytest.param(1, Reason.NOTICE, 2, id="goes on where it stands"),
        pytest.param(3, Reason.LAST_STEP_DONE, 3, id="is above the new ladder's end"),
    ],
)
def test_b6_another_strategy_goes_on_at_the_items_own_level(
    level: int, expected: Reason, level_to: int
) -> None:
    book = Book(policy(10, 30, 40, gap=10), item())
    book.change(1, level=level, last_reminded_on=later(20) if level else None)
    book.facts = replace(book.facts, policy=policy(30, 60, gap=60))
    (one,) = book.look(later(80)).decisions
    assert (one.reason, one.level_to) == (expected, level_to)


# --------------------------------------------------------------------- D: what is recalculated, and in which currency


def test_d12_a_new_proposal_reads_the_ledger_anew(company: Company) -> None:
    """metasfresh refreshes what is flagged stale. Here nothing is refreshed: a new proposal replaces the old one."""
    customer = a_late_payer(a_ready_company(company))
    first = propose_run(company=company, on=ON, by=TESTS, at=MOMENT)
    an_open_item(company.id, customer, number="R-2", minor=50_00, due_on=date(2026, 11, 1))
    second = propose_run(company=company, on=ON, by=TESTS, at=MOMENT)
    totals_by_run = dict(Notice.objects.values_list("run_id", "total_minor"))
    assert totals_by_run == {first.run: 119_00, second.run: 169_00}
    assert Run.objects.get(id=first.run).state == "discarded"


def test_d13_an_item_is_asked_for_in_its_own_currency() -> None:
    """metasfresh converts 100 EUR to 150 CHF. Here no rate decides what a debtor is asked for."""
    book = Book(policy(10), item(1, 100_00), item(2, 150_00, currency="CHF"))
    assert totals(book.look(later(15))) == {"EUR": 100_00, "CHF": 150_00}


# --------------------------------------------------------------------------- E: collective notices and instalments


def test_e1_a_reminder_without_claims_asks_for_what_is_open() -> None:
    assert totals(Book(policy(7), item(1, 100_00)).look(later(20))) == {"EUR": 100_00}


def test_e3_what_is_paid_in_full_is_over() -> None:
    book = Book(policy(7, 14, gap=7), item(1, 100_00))
    book.send(later(20))
    book.change(1, open_minor=0)
    decided = book.look(later(60))
    assert (decided.decisions, decided.notices) == ((), ())


def test_e4_items_of_one_customer_are_collected() -> None:
    (notice,) = Book(policy(5), item(1, 100_00), item(2, 300_00)).look(later(6)).notices
    assert (notice.items, notice.total_minor) == (2, 400_00)


@pytest.mark.parametrize(
    ("days", "paid", "expected"),
    [
        pytest.param(6, False, {"EUR": 50_00}, id="E5 the first alone"),
        pytest.param(6, True, {}, id="E6 the first is paid, the second not due"),
        pytest.param(11, False, {"EUR": 100_00}, id="both"),
        pytest.param(11, True, {"EUR": 50_00}, id="the second alone"),
    ],
)
def test_e5_e6_each_instalment_is_due_by_itself(days: int, paid: bool, expected: dict[str, int]) -> None:
    """An invoice in two instalments is two items with a due day each."""
    book = Book(policy(1), item(1, 50_00, due_on=later(5)), item(2, 50_00, due_on=later(10)))
    book.change(1, open_minor=0 if paid else 50_00)
    assert totals(book.look(later(days))) == expected


@pytest.mark.parametrize(
    ("days", "held", "expected"),
    [
        pytest.param(20, None, Reason.HELD_ITEM, id="kept: all of it rests"),
        pytest.param(31, None, Reason.NOTICE, id="broken: its end has passed"),
        pytest.param(20, 60_00, Reason.NOTICE, id="about a part: the rest goes on"),
    ],
)
def test_a_plan_rests_what_it_is_about_until_its_end(days: int, held: int | None, expected: Reason) -> None:
    plan = Hold(from_on=DUE, until_on=later(30), item_id=1, amount_minor=held)
    book = Book(policy(7), item(1, 100_00), holds=(plan,))
    decided = book.look(later(days))
    assert reason(decided) is expected
    if held:
        assert totals(decided) == {"EUR": 40_00}


# ------------------------------------------------------------------- G: conditions, and what happens between the runs


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        pytest.param((), {}, id="G1 none unpaid"),
        pytest.param((1,), {"EUR": 1}, id="G1 one"),
        pytest.param((1, 1), {"EUR": 2}, id="G1 two"),
        pytest.param((0, 10_00, 100_00), {"EUR": 110_00}, id="G6 the sum of what is open"),
    ],
)
def test_g1_g6_what_is_open_is_summed(amounts: tuple[int, ...], expected: dict[str, int]) -> None:
    items = [item(number, minor) for number, minor in enumerate(amounts, start=1)]
    assert totals(Book(policy(1), *items).look(later(5))) == expected


@pytest.mark.parametrize(
    ("minor", "expected"), [(99_99, {}), (100_00, {"EUR": 100_00}), (200_00, {"EUR": 200_00})]
)
def test_g2_the_balance_that_is_enough(minor: int, expected: dict[str, int]) -> None:
    rules = policy(1, minimum=(Money(100_00, "EUR"),))
    assert totals(Book(rules, item(1, minor)).look(later(5))) == expected


@pytest.mark.parametrize(("days", "noticed"), [(9, False), (10, True), (20, True)])
def test_g3_the_age_that_is_enough(days: int, noticed: bool) -> None:
    assert bool(Book(policy(10), item()).look(later(days)).notices) is noticed


def test_g7_g9_the_ladder_follows_the_calendar_whatever_was_tried_to_collect() -> None:
    book = Book(policy(30, 40, 50, gap=10), item(1, due_on=date(2012, 5, 31)))
    days = [date(2012, 6, 8), date(2012, 6, 29), date(2012, 6, 30), date(2012, 7, 10), date(2012, 7, 20)]
    levels = []
    for day in days:
        book.send(day)
        levels.append(book.level)
    assert levels == [0, 0, 1, 2, 3]


def test_g8_who_has_paid_begins_anew_with_the_next_invoice() -> None:
    book = Book(policy(30, 40, 50, gap=10), item())
    for days in (30, 40, 50):
        book.send(later(days))
    book.change(1, open_minor=0)
    book.add(item(2, due_on=later(61)))
    assert reason(book.look(later(70)), 2) is Reason.GRACE
    assert [(one.item_id, one.level_to) for one in book.look(later(91)).decisions] == [(2, 1)]


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        pytest.param(0, (Reason.NOTICE, 1), id="never reminded"),
        pytest.param(1, (Reason.NOTICE, 2), id="reminded once"),
    ],
)
def test_g11_what_is_open_again_keeps_its_age_and_its_level(level: int, expected: tuple[Reason, int]) -> None:
    """A payment that comes back reopens the item as it was; it is not a new debt."""
    book = Book(policy(30, 40, gap=10), item(1, 0))
    book.change(1, level=level, last_reminded_on=later(32) if level else None)
    assert book.look(later(65)).decisions == ()
    book.change(1, open_minor=100_00)
    (one,) = book.look(later(65)).decisions
    assert (one.reason, one.level_to) == expected


def test_g12_a_return_that_is_reversed_leaves_nothing_to_ask_for() -> None:
    book = Book(policy(30), item(1, 100_00))
    assert reason(book.look(later(35))) is Reason.NOTICE
    book.change(1, open_minor=0)
    assert book.look(later(36)).decisions == ()
