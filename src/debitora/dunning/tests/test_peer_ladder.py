"""Cases of Kill Bill (G), whose ladder follows the age of what is unpaid, told again and decided here."""

from __future__ import annotations

from datetime import date

import pytest

from debitora.dunning.rules.reasons import Reason
from debitora.dunning.tests.test_peer_cases import Book, item, later, policy, reason, totals
from debitora.values.money import Money

# ------------------------------------------------------- G: a ladder of 30, 40 and 50 days, looked at every day


@pytest.mark.parametrize(
    ("open_minor", "expected"),
    [(0, None), (99_99, Reason.BELOW_NOTICE_MINIMUM), (100_00, Reason.NOTICE), (200_00, Reason.NOTICE)],
)
def test_g2_a_minimum_is_reached_by_the_sum_itself(open_minor: int, expected: Reason | None) -> None:
    rules = policy(1, minimum=(Money(100_00, "EUR"),))
    assert reason(Book(rules, item(1, open_minor)).look(later(10))) is expected


def test_g6_items_add_up_and_the_oldest_decides_the_level() -> None:
    items = (item(1, 0), item(2, 10_00, due_on=later(1)), item(3, 100_00, due_on=later(2)))
    decided = Book(policy(5), *items).look(later(7))
    assert totals(decided) == {"EUR": 110_00}


def test_g7_the_ladder_follows_the_calendar() -> None:
    due = date(2012, 5, 31)
    book = Book(policy(30, 40, 50), item(1, due_on=due))
    risen = [later(days, due) for days in range(1, 60) if book.send(later(days, due)).notices]
    assert risen == [date(2012, 6, 30), date(2012, 7, 10), date(2012, 7, 20)]


def test_g8_what_is_paid_is_clear_and_the_next_invoice_begins_anew() -> None:
    book = Book(policy(30, 40, 50), item())
    for days in (30, 40, 50):
        book.send(later(days))
    book.change(1, open_minor=0)
    book.add(item(2, due_on=later(61)))
    assert reason(book.look(later(60))) is None
    assert [(one.level, one.items) for one in book.look(later(91)).notices] == [(1, 1)]


def test_g11_g12_what_is_open_again_has_its_old_age_and_its_level() -> None:
    """There a returned payment jumps to the state of its age; here it climbs one level a notice from where it stood."""
    book = Book(policy(30, 40, 50), item(1, 0))
    assert reason(book.look(later(35))) is None
    book.change(1, open_minor=100_00)
    assert [(one.level_before, one.level_to) for one in book.send(later(35)).decisions] == [(0, 1)]
    book.change(1, open_minor=0)
    assert reason(book.look(later(36))) is None
