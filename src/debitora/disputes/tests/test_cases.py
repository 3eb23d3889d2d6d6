"""Cases on PostgreSQL: opened, handed on, answered, closed and opened again, and what of it dunning sees."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from debitora.disputes.actions import (
    AlreadyInClarification,
    AssigneeMayNotAnswer,
    CaseIsClosed,
    CaseIsNotClosed,
    CaseUnknown,
    DayIsPast,
    ItemInAnotherCase,
    NothingToClarify,
    OutcomeRefused,
    Part,
    SeveralCurrencies,
    answer_case,
    assign_case,
    close_case,
    move_deadline,
    reopen_case,
)
from debitora.disputes.models import Case, CaseHold, CaseState, CaseStep
from debitora.disputes.queries.cases import CaseFilters, cases_page, cases_tally, overdue_cases
from debitora.disputes.rules.outcomes import Outcome, Proposal
from debitora.disputes.rules.routing import CaseReason
from debitora.disputes.testing import MOMENT, ON, TESTS, a_case
from debitora.people.models import Company, User
from debitora.receivables.actions import release_hold
from debitora.receivables.actions.holds import HeldAmountIsNotOpen, ItemOfAnotherCustomer
from debitora.receivables.models import Item
from debitora.receivables.queries import holds_in_force
from debitora.receivables.rules.items import Scope
from debitora.receivables.testing import a_customer, an_open_item
from debitora.trail.models import Record
from debitora.trail.rules import Actor
from debitora.values.money import Money

DAY = timedelta(days=1)
VALID = Proposal(Outcome.VALID)


def person(user: User) -> Actor:
    return Actor(user.id, "user", user.login)


def held(item: Item, *, on: date = ON) -> list[tuple[str, int | None, date | None]]:
    """Reason, amount and last day of the holds in force on an item."""
    return [(one.reason, one.amount_minor, one.until_on) for one in holds_in_force(on=on, item=item.id)]


@pytest.fixture
def item(company: Company, sales: User) -> Item:
    """An invoice of 100.00 of a customer whom the salesperson looks after."""
    customer = a_customer(company.id, salesperson_id=sales.id)
    return an_open_item(company.id, customer, number="R-1")


@pytest.fixture
def facts(company: Company) -> dict[str, Any]:
    """What every action is told."""
    return {"company": company, "on": ON, "by": TESTS, "at": MOMENT}


def other_item(item: Item, number: str = "R-2", **fields: Any) -> Item:
    return an_open_item(item.company_id, item.customer_id, number=number, **fields)


def test_what_is_disputed_is_held_at_once_and_nothing_else(company: Company, item: Item) -> None:
    other = other_item(item)
    a_case(company, [item], minor=4_000)
    assert held(item) == [("clarification", 4_000, None)]
    assert held(other) == []


def test_a_case_of_several_items_holds_each(company: Company, item: Item) -> None:
    other = other_item(item, minor=5_000)
    case = a_case(company, [item, other])
    assert held(item) == held(other) == [("clarification", None, None)]
    assert CaseState.objects.get(case=case).amount_minor == 15_000


def test_the_salesperson_is_asked_within_working_days(company: Company, item: Item, sales: User) -> None:
    state = CaseState.objects.get(case=a_case(company, [item]))
    assert (state.state, state.assignee_id, state.due_on) == ("open", sales.id, date(2026, 11, 23))


def test_who_opened_it_is_asked_where_nobody_else_can_be(
    company: Company, clerk: User, stranger: User
) -> None:
    for number, salesperson in (("10001", None), ("10002", stranger.id)):
        customer = a_customer(company.id, number, salesperson_id=salesperson)
        case = a_case(company, [an_open_item(company.id, customer, number=number)], by=person(clerk))
        assert CaseState.objects.get(case=case).assignee_id == clerk.id


def test_a_chosen_person_is_asked_until_a_chosen_day(company: Company, item: Item, manager: User) -> None:
    case = a_case(company, [item], assignee=manager.id, due_on=ON)
    state = CaseState.objects.get(case=case)
    assert (state.assignee_id, state.due_on) == (manager.id, ON)


def test_twice_the_same_is_one(company: Company, item: Item) -> None:
    case = a_case(company, [item])
    with pytest.raises(AlreadyInClarification) as refused:
        a_case(company, [other_item(item), item], minor=10)
    assert refused.value.case == case.id
    assert Case.objects.count() == 1
    assert len(held(item)) == 1


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"parts": []}, NothingToClarify),
        ({"due_on": ON - DAY}, DayIsPast),
        ({"assignee": 4711}, AssigneeMayNotAnswer),
        ({"minor": 10_001}, HeldAmountIsNotOpen),
    ],
)
def test_nonsense_is_refused_and_leaves_nothing(
    company: Company, item: Item, changes: dict[str, Any], refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        a_case(company, [item], **changes)
    assert not Case.objects.exists()
    assert held(item) == []


def test_items_that_do_not_belong_together_are_refused(company: Company, item: Item) -> None:
    credit, dollars = other_item(item, minor=-500), other_item(item, "R-3", currency="USD")
    foreign = an_open_item(company.id, a_customer(company.id, "10009"), number="F-1")
    for items, refused in (
        ([item, credit], NothingToClarify),
        ([item, item], NothingToClarify),
        ([item, dollars], SeveralCurrencies),
        ([item, foreign], ItemOfAnotherCustomer),
    ):
        with pytest.raises(refused):
            a_case(company, items)
    with pytest.raises(HeldAmountIsNotOpen):
        a_case(company, [item], parts=[Part(item.id, Money(100, "USD"))])


def test_no_salesperson_but_the_customers_own_is_asked(
    company: Company, item: Item, auditor: User, facts: dict[str, Any]
) -> None:
    case = a_case(company, [item])
    for nobody in (auditor.id, 4711):
        with pytest.raises(AssigneeMayNotAnswer):
            assign_case(case=case.id, assignee=nobody, **facts)


@pytest.mark.parametrize(
    ("proposal", "holds"),
    [
        (VALID, []),
        (Proposal(Outcome.CREDIT_EXPECTED, ON + DAY), [("clarification", 4_000, ON + DAY)]),
        (Proposal(Outcome.CREDIT_EXPECTED, ON, 1_500), [("clarification", 1_500, ON)]),
        (Proposal(Outcome.NEW_DUE_DATE, ON + DAY), [("agreement", 4_000, ON + DAY)]),
        (Proposal(Outcome.PROMISED, ON + DAY), [("promise", 4_000, ON + DAY)]),
        (Proposal(Outcome.ALREADY_PAID, ON + DAY), [("clarification", 4_000, ON + DAY)]),
        (Proposal(Outcome.WRITE_OFF_PROPOSED), [("clarification", 4_000, None)]),
    ],
)
def test_an_outcome_is_carried_out_when_the_case_is_closed(
    company: Company, item: Item, facts: dict[str, Any], proposal: Proposal, holds: list[Any]
) -> None:
    case = a_case(company, [item], minor=4_000)
    answer_case(case=case.id, proposal=proposal, note="So it is.", **facts)
    assert held(item) == [("clarification", 4_000, None)]
    close_case(case=case.id, proposal=proposal, **facts)
    assert held(item) == holds
    state = CaseState.objects.get(case=case)
    assert (state.state, state.outcome, state.until_on) == ("closed", proposal.outcome, proposal.until_on)


def test_a_hold_until_a_day_ends_by_itself(company: Company, item: Item, facts: dict[str, Any]) -> None:
    case = a_case(company, [item])
    close_case(case=case.id, proposal=Proposal(Outcome.PROMISED, ON + DAY), **facts)
    assert held(item, on=ON + DAY)
    assert held(item, on=ON + 2 * DAY) == []


@pytest.mark.parametrize(
    "proposal",
    [
        Proposal(Outcome.PROMISED),
        Proposal(Outcome.PROMISED, ON - DAY),
        Proposal(Outcome.CREDIT_EXPECTED, ON, 4_001),
        Proposal(Outcome.VALID, ON),
    ],
)
def test_an_outcome_that_makes_no_sense_is_refused(
    company: Company, item: Item, facts: dict[str, Any], proposal: Proposal
) -> None:
    case = a_case(company, [item], minor=4_000)
    for act in (answer_case, close_case):
        with pytest.raises(OutcomeRefused):
            act(case=case.id, proposal=proposal, **facts)
    assert CaseStep.objects.count() == 1
    assert held(item) == [("clarification", 4_000, None)]


def test_what_was_closed_stays_until_it_is_opened_again(
    company: Company, item: Item, facts: dict[str, Any], manager: User
) -> None:
    case = a_case(company, [item], minor=4_000)
    with pytest.raises(CaseIsNotClosed):
        reopen_case(case=case.id, **facts)
    close_case(case=case.id, proposal=VALID, **facts)
    with pytest.raises(CaseIsClosed):
        close_case(case=case.id, proposal=VALID, **facts)
    with pytest.raises(CaseIsClosed):
        answer_case(case=case.id, proposal=VALID, **facts)
    with pytest.raises(CaseIsClosed):
        assign_case(case=case.id, assignee=manager.id, **facts)
    with pytest.raises(CaseIsClosed):
        move_deadline(case=case.id, due_on=ON, **facts)
    reopen_case(case=case.id, **facts)
    assert held(item) == [("clarification", 4_000, None)]
    assert CaseState.objects.get(case=case).state == "open"


def test_opening_again_ends_what_the_outcome_held(
    company: Company, item: Item, facts: dict[str, Any]
) -> None:
    case = a_case(company, [item])
    close_case(case=case.id, proposal=Proposal(Outcome.PROMISED, ON + DAY), **facts)
    reopen_case(case=case.id, **facts)
    assert held(item) == [("clarification", None, None)]
    close_case(case=case.id, proposal=VALID, **facts)
    assert held(item) == []


def test_an_item_that_stands_in_another_case_meanwhile_keeps_this_one_closed(
    company: Company, item: Item, facts: dict[str, Any]
) -> None:
    first = a_case(company, [item])
    close_case(case=first.id, proposal=VALID, **facts)
    a_case(company, [item])
    with pytest.raises(ItemInAnotherCase):
        reopen_case(case=first.id, **facts)


def test_a_hold_that_a_person_released_is_no_hindrance(
    company: Company, item: Item, facts: dict[str, Any]
) -> None:
    case = a_case(company, [item])
    hold = CaseHold.objects.get().hold_id
    release_hold(company=company.id, hold=hold, on=ON, by=TESTS, at=MOMENT)
    close_case(case=case.id, proposal=VALID, **facts)
    assert held(item) == []


def test_handing_on_asks_anew_and_moving_the_day_does_not(
    company: Company, item: Item, facts: dict[str, Any], manager: User
) -> None:
    case = a_case(company, [item])
    answer_case(case=case.id, proposal=VALID, **facts)
    move_deadline(case=case.id, due_on=ON + 9 * DAY, **facts)
    assert CaseState.objects.get(case=case).state == "answered"
    assign_case(case=case.id, assignee=manager.id, note="Since when?", **facts)
    state = CaseState.objects.get(case=case)
    assert (state.state, state.assignee_id, state.due_on) == ("open", manager.id, ON + 9 * DAY)
    for act in (
        lambda: move_deadline(case=case.id, due_on=ON - DAY, **facts),
        lambda: assign_case(case=case.id, assignee=manager.id, due_on=ON - DAY, **facts),
    ):
        with pytest.raises(DayIsPast):
            act()


def test_an_unknown_case_is_none(company: Company, facts: dict[str, Any]) -> None:
    with pytest.raises(CaseUnknown):
        close_case(case=4711, proposal=VALID, **facts)


def test_the_board_is_narrowed_sorted_and_paged(
    company: Company, item: Item, facts: dict[str, Any], sales: User
) -> None:
    small = other_item(item, "K-77", minor=100)
    first, second = a_case(company, [item]), a_case(company, [small], reason=CaseReason.DUPLICATE)
    closed = a_case(company, [other_item(item, "R-9")])
    close_case(case=closed.id, proposal=VALID, **facts)

    def found(*, scope: Scope | None = None, sort: str = "number", **filters: Any) -> list[int]:
        page = cases_page(filters=CaseFilters(**filters), on=ON, sort=sort, scope=scope or Scope())
        return [row.id for row in page.rows]

    assert found() == [first.id, second.id]
    assert found(sort="amount") == [second.id, first.id]
    assert found(state="all") == [first.id, second.id, closed.id]
    assert found(state="closed") == found(state="all", outcome="valid") == [closed.id]
    assert found(reason="duplicate") == found(text="K-77") == [second.id]
    assert found(owner=sales.id) == found(item=item.id) == [first.id]
    assert found(customer=item.customer_id, scope=Scope((sales.id,))) == [first.id, second.id]
    assert found(opener=4711) == []
    assert found(least=1) == [first.id, second.id]
    assert found(least=2) == [first.id]
    assert found(least=10_000) == []
    assert found(scope=Scope((4711,))) == []
    told = cases_tally(filters=CaseFilters(), on=ON)
    assert told.cases == 2
    assert [(one.currency, one.cases, one.amount_minor) for one in told.sums] == [
        ("EUR", 2, sum(row.amount_minor for row in cases_page(filters=CaseFilters(), on=ON).rows))
    ]
    assert cases_tally(filters=CaseFilters(text="K-77"), on=ON, scope=Scope((sales.id,))).cases == 1
    assert cases_tally(filters=CaseFilters(), on=ON, scope=Scope((4711,))).sums == ()
    page = cases_page(filters=CaseFilters(), on=ON, sort="-due", size=1)
    rest = cases_page(filters=CaseFilters(), on=ON, sort="-due", size=1, after=page.next)
    assert {page.rows[0].id, rest.rows[0].id} == {first.id, second.id}


def test_what_waits_too_long_is_overdue_for_whom_it_waits(
    company: Company, item: Item, facts: dict[str, Any], sales: User, clerk: User
) -> None:
    case = a_case(company, [item])
    later = date(2026, 11, 24)
    assert overdue_cases(users=[sales.id], on=later - DAY) == 0
    assert overdue_cases(users=[sales.id], on=later) == 1
    assert overdue_cases(users=[clerk.id], on=later) == 0
    assert [row.id for row in cases_page(filters=CaseFilters(overdue=True), on=later).rows] == [case.id]
    answer_case(case=case.id, proposal=VALID, **facts)
    assert overdue_cases(users=[sales.id], on=later) == 0


def test_every_step_is_recorded_on_the_customers_timeline(
    company: Company, item: Item, facts: dict[str, Any], manager: User
) -> None:
    case = a_case(company, [item])
    assign_case(case=case.id, assignee=manager.id, **facts)
    move_deadline(case=case.id, due_on=ON, **facts)
    answer_case(case=case.id, proposal=VALID, **facts)
    close_case(case=case.id, proposal=VALID, **facts)
    reopen_case(case=case.id, **facts)
    verbs = Record.objects.filter(verb__startswith="case.").order_by("id").values_list("verb", flat=True)
    assert [verb.partition(".")[2] for verb in verbs] == list(
        CaseStep.objects.order_by("id").values_list("kind", flat=True)
    )


@pytest.mark.parametrize("table", ["case", "caseitem", "casestep", "casehold"])
def test_the_database_refuses_to_change_what_happened(company: Company, item: Item, table: str) -> None:
    a_case(company, [item])
    for statement in (
        f"update disputes_{table} set company_id = company_id",
        f"delete from disputes_{table}",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "thrown"},
        {"outcome": "valid"},
        {"kind": "closed", "outcome": "burnt"},
        {"kind": "opened"},
        {"kind": "answered", "outcome": "promised", "until_on": ON - DAY},
    ],
)
def test_the_database_refuses_steps_that_are_none(
    company: Company, item: Item, wrong: dict[str, Any]
) -> None:
    step = CaseStep.objects.get(case=a_case(company, [item]))
    fields = {
        field.attname: getattr(step, field.attname) for field in CaseStep._meta.fields if field.name != "id"
    }
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseStep.objects.create(**{**fields, "kind": "moved", **wrong})
