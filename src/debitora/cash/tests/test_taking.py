"""Files of banks are taken: twice, overlapping, out of order, in several formats, with gaps."""

from __future__ import annotations

import pytest
from django.db.models import Sum

from debitora.cash.actions import (
    AccountConfirmed,
    NotHeldForThis,
    accept_gap,
    answer_doubt,
    confirm_account,
)
from debitora.cash.models import BankAccount, BankEntry, Doubt, Statement
from debitora.cash.testing import MOMENT, TESTS, Paid, Sheet, camt, mt940, table, taken, two_pages_apart
from debitora.kit.pg.company import serving
from debitora.people.models import Company

pytestmark = pytest.mark.usefixtures("db")


def states() -> list[tuple[str, str, int]]:
    return list(Statement.objects.order_by("id").values_list("state", "held_for", "missing_minor"))


def account() -> BankAccount:
    return BankAccount.objects.get()


def sums() -> tuple[int, int]:
    """How many entries there are, and their sum."""
    return BankEntry.objects.count(), BankEntry.objects.aggregate(Sum("minor"))["minor__sum"] or 0


def test_a_statement_is_entered_and_the_same_file_is_known(company: Company) -> None:
    """B01, B05."""
    data = camt(Sheet([Paid(100), Paid(100), Paid(-30)]))
    first = taken(company, data)
    assert not first.known
    assert states() == [("applied", "", 0)]
    assert sorted(BankEntry.objects.values_list("minor", "occurrence")) == [(-30, 1), (100, 1), (100, 2)]
    again = taken(company, data)
    assert (again.known, again.file.id) == (True, first.file.id)
    assert sums() == (3, 170)
    assert (account().opening_minor, account().closing_minor) == (0, 170)


def test_an_unknown_account_waits_for_a_person(company: Company) -> None:
    taken(company, camt(Sheet([Paid(100)])), new=False)
    taken(company, camt(Sheet([Paid(50, 1)], opening=100, first=1, last=1)), new=False)
    assert states() == [("held", "account", 0)] * 2
    waiting = account()
    assert confirm_account(company=company.id, account=waiting.id, name="Bank", by=TESTS, at=MOMENT) == 2
    assert [state for state, *_ in states()] == ["applied", "applied"]
    with pytest.raises(AccountConfirmed):
        confirm_account(company=company.id, account=waiting.id, name="", by=TESTS, at=MOMENT)


def test_the_same_day_in_another_format_brings_nothing(company: Company) -> None:
    """B06: what MT940 cuts off is no difference where the balances are those of a known statement."""
    sheet = Sheet([Paid(100, text="Invoice 4711 with many thanks for everything"), Paid(100, name="Smith")])
    taken(company, camt(sheet))
    taken(company, mt940(sheet))
    assert [state for state, *_ in states()] == ["applied", "known"]
    assert sums() == (2, 200)


def test_what_was_announced_is_booked_once(company: Company) -> None:
    """B06: camt.052 in the morning, camt.053 in the evening."""
    taken(company, camt(Sheet([Paid(100, text="Invoice 4711")], opening=None), kind="052"))
    assert (states(), account().closing_minor) == ([("applied", "", 0)], None)
    taken(company, camt(Sheet([Paid(100, text="Invoice 4711"), Paid(25)])))
    assert (sums(), account().closing_minor) == ((2, 125), 125)


def test_overlapping_statements_bring_each_movement_once(company: Company) -> None:
    """B02, B03."""
    days = [Paid(100 + day, day, text=f"Invoice {day}") for day in range(6)]
    taken(company, camt(Sheet(days[:4], last=3)))
    taken(company, camt(Sheet(list(reversed(days[2:])), opening=201, first=2, last=5)))
    assert sums() == (6, 615)
    assert account().closing_minor == 615


def test_twins_told_by_two_statements_of_a_day_are_two(company: Company) -> None:
    """B05: the balances say that the second begins where the first ended."""
    fee = [Paid(100, text="fee")]
    taken(company, camt(Sheet(fee, number="1")))
    taken(company, camt(Sheet(fee, opening=100, number="2")))
    assert sums() == (2, 200)
    taken(company, camt(Sheet([Paid(-200, text="out")], opening=200, number="3")))
    taken(company, camt(Sheet(fee, number="4")))
    assert sums() == (4, 100)
    taken(company, camt(Sheet(fee, number="4", note="exported again")))
    assert sums() == (4, 100)


def test_what_leaves_a_gap_waits_until_it_is_filled(company: Company) -> None:
    """B07."""
    taken(company, camt(Sheet([Paid(100)])))
    taken(company, camt(Sheet([Paid(7, 4)], opening=150, first=4, last=4)))
    taken(company, camt(Sheet([Paid(8, 5)], opening=157, first=5, last=5)))
    assert states()[1:] == [("held", "gap", 50), ("held", "gap", 57)]
    taken(company, camt(Sheet([Paid(50, 2)], opening=100, first=2, last=2)))
    assert [state for state, *_ in states()] == ["applied"] * 4
    assert (sums(), account().closing_minor) == ((4, 165), 165)


def test_a_gap_is_accepted_with_a_reason(company: Company) -> None:
    taken(company, camt(Sheet([Paid(100)])))
    taken(company, camt(Sheet([Paid(7, 4)], opening=150, first=4, last=4)))
    held = Statement.objects.get(state="held")
    done = accept_gap(
        company=company.id, statement=held.id, reason="The bank lost a day.", by=TESTS, at=MOMENT
    )
    assert (done.state, done.missing_minor, account().closing_minor) == ("applied", 50, 157)
    with pytest.raises(NotHeldForThis):
        accept_gap(company=company.id, statement=held.id, reason="Again.", by=TESTS, at=MOMENT)


def test_lines_that_miss_their_closing_wait(company: Company) -> None:
    """B07."""
    taken(company, camt(Sheet([Paid(100)], closing=90)))
    assert (states(), sums()) == ([("held", "difference", -10)], (0, 0))
    held = Statement.objects.get()
    accept_gap(company=company.id, statement=held.id, reason="The bank's fault.", by=TESTS, at=MOMENT)
    assert (states(), account().closing_minor) == ([("applied", "", -10)], 90)


def test_a_file_that_contradicts_itself_waits(company: Company) -> None:
    """The second page of a statement does not begin where the first one ended."""
    apart = taken(company, two_pages_apart(), name="auszug.sta")
    assert [str(one.code) for one in apart.faults] == ["pages_apart"]
    assert {held for _state, held, _missing in states()} == {"faults"}
    for held in Statement.objects.filter(state="held"):
        accept_gap(company=company.id, statement=held.id, reason="I have seen it.", by=TESTS, at=MOMENT)
    assert {state for state, *_ in states()} == {"applied"}


@pytest.mark.parametrize(("same", "entries"), [(True, 1), (False, 2)])
def test_what_may_be_known_is_asked(company: Company, same: bool, entries: int) -> None:
    """B04: an export without balances brings day and amount of a known payment, and nothing else of it."""
    taken(company, camt(Sheet([Paid(100, text="Invoice 4711")])))
    taken(company, table([Paid(100, name="Smith", text="Order 0815")]), name="umsatz.csv")
    assert states()[1] == ("held", "doubt", 0)
    doubt = Doubt.objects.get()
    for statement, line in ((doubt.statement_id, 99), (0, 0)):
        with pytest.raises(NotHeldForThis):
            answer_doubt(company=company.id, statement=statement, line=line, same=same, by=TESTS, at=MOMENT)
    answer_doubt(
        company=company.id, statement=doubt.statement_id, line=doubt.line, same=same, by=TESTS, at=MOMENT
    )
    assert states()[1][0] == "applied"
    assert sums()[0] == entries


def test_an_account_of_another_company_is_refused(company: Company, other_company: Company) -> None:
    taken(company, camt(Sheet([Paid(100)])))
    with serving(other_company.id):
        refused = taken(other_company, camt(Sheet([Paid(100)])))
        assert refused.file.state == "refused"
        assert [str(one.code) for one in refused.faults] == ["account_elsewhere"]
        assert not BankAccount.objects.exists()


def test_a_file_that_cannot_be_read_is_refused_each_time(company: Company) -> None:
    for _time in range(2):
        refused = taken(company, b"nothing", name="x")
        assert (refused.file.state, refused.known) == ("refused", False)
        assert refused.faults
