"""Files of banks are taken: twice, overlapping, out of order, in several formats, with gaps."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db.models import Sum

from debitora.cash.actions import (
    AccountConfirmed,
    AccountElsewhere,
    NotHeldForThis,
    accept_gap,
    answer_doubt,
    confirm_account,
)
from debitora.cash.models import BankAccount, BankEntry, Doubt, Statement
from debitora.cash.testing import MOMENT, TESTS, Paid, Sheet, camt, mt940, table, taken, two_pages_apart
from debitora.formats.bank.recognising import read_bank_file
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


SWEPT = [Paid(500, text="Invoice 4711"), Paid(-500, name="Pool")]
OTHERS = [Paid(700, text="Invoice 4712"), Paid(-700, name="Pool")]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param([camt(Sheet([], opening=100)), camt(Sheet(SWEPT, opening=100))], id="after none moved"),
        pytest.param([camt(Sheet([])), mt940(Sheet(SWEPT))], id="in another format"),
        pytest.param([camt(Sheet(OTHERS)), camt(Sheet(SWEPT))], id="after others"),
        pytest.param(
            [
                camt(Sheet(OTHERS, number="1")),
                camt(Sheet([Paid(9, 1), Paid(-9, 1)], first=1, last=1, number="3")),
                camt(Sheet(SWEPT, number="2")),
            ],
            id="late",
        ),
        pytest.param(
            [
                camt(Sheet([Paid(100)])),
                camt(Sheet([Paid(-100)], opening=100)),
                camt(Sheet([Paid(60), Paid(40)])),
            ],
            id="there and back",
        ),
        pytest.param(
            [camt(Sheet([Paid(100)], number="1")), camt(Sheet([Paid(60), Paid(40)], number="3")),
             camt(Sheet([Paid(-100)], opening=100, number="2"))],
            id="there and back, the last one early",
        ),
    ],
)  # fmt: skip
def test_balances_that_come_back_do_not_make_a_statement_known(company: Company, files: list[bytes]) -> None:
    """B05: the same balances of the same day, and other payments between them."""
    told = sum(len(read_bank_file(data).statements[0].lines) for data in files)
    for data in files:
        taken(company, data)
    assert {state for state, *_ in states()} == {"applied"}
    assert sums()[0] == told


def test_a_batch_told_by_its_parts_in_another_format_is_known(company: Company) -> None:
    """B06: one line of 300, and three of 100; where nothing moved in the end, it waits."""
    taken(company, camt(Sheet([Paid(300)])))
    taken(company, mt940(Sheet([Paid(100, name=name) for name in ("A", "B", "C")])))
    assert (states()[1], sums()) == (("known", "", 0), (1, 300))
    taken(company, camt(Sheet([Paid(300, 1), Paid(-300, 1)], opening=300, first=1, last=1)))
    parts = [Paid(100, 1, name=name) for name in ("A", "B", "C")]
    taken(company, mt940(Sheet([*parts, Paid(-300, 1)], opening=300, first=1, last=1)))
    assert (states()[3], sums()) == (("held", "gap", -300), (3, 300))


def test_a_day_of_a_longer_statement_brings_nothing_though_it_begins_at_the_end(company: Company) -> None:
    """B02: what the day moved came to nothing, so it begins and ends at the balance that the account has."""
    back = [Paid(250, 1, text="Invoice 4711"), Paid(-250, 1, name="Pool")]
    taken(company, camt(Sheet([Paid(100), *back], last=1)))
    taken(company, camt(Sheet(back, opening=100, first=1, last=1, note="the day alone")))
    taken(company, mt940(Sheet(back, opening=100, first=1, last=1)))
    assert ({state for state, *_ in states()}, sums()) == ({"applied", "known"}, (3, 100))
    taken(company, camt(Sheet([*back, Paid(7, 2)], opening=100, first=1, last=2)))
    assert (states()[-1][0], sums()) == ("applied", (4, 107))


def test_the_earlier_statement_of_a_day_may_come_later(company: Company) -> None:
    """B03, B05: it ends where the account begins, so its payment is another one."""
    fee = [Paid(100, text="fee")]
    taken(company, camt(Sheet(fee, opening=100, number="2")))
    taken(company, camt(Sheet(fee, number="1")))
    assert ({state for state, *_ in states()}, sums(), account().opening_minor) == ({"applied"}, (2, 200), 0)


@pytest.mark.parametrize(("same", "entries"), [(True, 2), (False, 4)])
def test_equal_statements_that_the_bank_counts_as_two_are_asked(
    company: Company, same: bool, entries: int
) -> None:
    """B04, B05: balances that come back prove nothing, words are the same, and the numbers speak against it."""
    taken(company, camt(Sheet(SWEPT, number="1")))
    taken(company, camt(Sheet(SWEPT, number="1", note="exported again")))
    taken(company, camt(Sheet(SWEPT, number="2")))
    assert [(state, held) for state, held, _missing in states()][1:] == [("known", ""), ("held", "doubt")]
    for doubt in Doubt.objects.order_by("line"):
        answer_doubt(
            company=company.id, statement=doubt.statement_id, line=doubt.line, same=same, by=TESTS, at=MOMENT
        )
    assert (states()[-1][0], sums()) == ("applied", (entries, 0))


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


def test_an_account_that_nobody_confirmed_locks_nobody_out(company: Company, other_company: Company) -> None:
    """A file that was handed to the wrong company waits there; the account is the other's as soon as she confirms it."""
    taken(company, camt(Sheet([Paid(100)])), new=False)
    with serving(other_company.id):
        assert taken(other_company, camt(Sheet([Paid(100)]))).file.state == "taken"
        assert states() == [("applied", "", 0)]
    assert taken(company, camt(Sheet([Paid(100)]))).known
    assert states() == [("held", "account", 0)]
    with pytest.raises(AccountElsewhere):
        confirm_account(company=company.id, account=account().id, name="", by=TESTS, at=MOMENT)


def test_a_file_that_waited_for_its_account_is_finished_by_taking_it_again(company: Company) -> None:
    data = camt(Sheet([Paid(100)]))
    taken(company, data, new=False)
    assert taken(company, data, new=False).known
    assert states() == [("held", "account", 0)]
    assert not taken(company, data).known
    assert (states(), sums()) == ([("applied", "", 0)], (1, 100))
    assert taken(company, data).known


@pytest.mark.parametrize("write", [camt, mt940, lambda sheet: table(sheet.lines)])
def test_a_line_of_nothing_is_no_movement(company: Company, write: Callable[[Sheet], bytes]) -> None:
    """Banks write lines of amount 0 to say something."""
    found = taken(company, write(Sheet([Paid(0, text="Terms have changed"), Paid(5)])))
    assert (states(), sums(), found.file.line_count) == ([("applied", "", 0)], (1, 5), 1)


@pytest.mark.parametrize(("length", "state"), [(36, "taken"), (70, "taken"), (71, "refused")])
def test_an_account_without_an_iban_may_be_long(company: Company, length: int, state: str) -> None:
    found = taken(company, mt940(Sheet([Paid(5)], account="1" * length)))
    assert found.file.state == state
    assert [str(one.code) for one in found.faults] == ["account_unreadable"] * (length > 70)


def test_a_file_that_cannot_be_read_is_refused_each_time(company: Company) -> None:
    for _time in range(2):
        refused = taken(company, b"nothing", name="x")
        assert (refused.file.state, refused.known) == ("refused", False)
        assert refused.faults


def test_a_file_that_is_known_answers_its_faults_again(company: Company) -> None:
    data = camt(Sheet([Paid(10_000)], closing=9_000))
    first, again = taken(company, data), taken(company, data)
    assert (first.known, again.known) == (False, True)
    assert [str(one.code) for one in again.faults] == ["statement_untied"]
    assert again.faults == first.faults


@pytest.mark.parametrize(
    ("lines", "opening", "refused_at"), [(9_300, 0, 1), (2, 4 * 10**14, 2), (1, 0, None)]
)
def test_sums_beyond_what_is_kept_are_refused_at_their_line(
    company: Company, lines: int, opening: int, refused_at: int | None
) -> None:
    """Each amount is one that is kept; what they come to is not, or would not fit beside another statement's."""
    minor = 10**15 - 1 if lines > 2 else 10**14 // 2
    told = [Paid(minor, text=f"{line}") for line in range(lines)]
    data = table(told) if lines > 2 else mt940(Sheet(told, opening=opening, closing=opening))
    found = taken(company, data, name="x.csv")
    assert found.file.state == ("taken" if refused_at is None else "refused")
    assert [str(one.code) for one in found.faults if refused_at] == ["sum_too_large"] * bool(refused_at)
    assert not any(fault.line == 0 for fault in found.faults)
