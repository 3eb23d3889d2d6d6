"""A case that ends with another due day: the items are due then, the part of one is held, and both come back with the case."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from debitora.disputes.actions import close_case, open_case, reopen_case
from debitora.disputes.actions.opening import Part
from debitora.disputes.rules.outcomes import Outcome, Proposal
from debitora.disputes.testing import ON, a_case
from debitora.people.models import Company
from debitora.receivables.actions.deferring import defer_items
from debitora.receivables.models import Item, ItemState
from debitora.receivables.queries.holds import holds_in_force
from debitora.values.money import Money

DUE, AGREED = date(2026, 11, 1), ON + timedelta(days=30)
PUT_OFF = Proposal(Outcome.NEW_DUE_DATE, AGREED)


def due() -> list[tuple[date, date | None]]:
    states = ItemState.objects.order_by("item_id")
    return [(one.due_on, one.listed_due_on) for one in states]


def test_every_item_of_the_case_is_due_on_the_agreed_day_and_again_before_when_the_case_is_opened(
    company: Company, items: list[Item], facts: dict[str, Any]
) -> None:
    case = a_case(company, items)
    close_case(case=case.id, proposal=PUT_OFF, **facts)
    assert due() == [(AGREED, DUE)] * 2
    reopen_case(case=case.id, **facts)
    assert due() == [(DUE, None)] * 2
    close_case(case=case.id, proposal=Proposal(Outcome.PROMISED, AGREED), **facts)
    assert due() == [(DUE, None)] * 2


def test_of_an_item_disputed_in_part_the_day_stays_and_the_part_is_held(
    company: Company, items: list[Item], facts: dict[str, Any]
) -> None:
    parts = [Part(items[0].id, Money(4_000, "EUR")), Part(items[1].id, Money(10_000, "EUR"))]
    case = open_case(
        customer=items[0].customer_id, parts=parts, reason="price", question="Is the price right?", **facts
    )
    close_case(case=case.id, proposal=PUT_OFF, **facts)
    assert due() == [(DUE, None), (AGREED, DUE)]
    held = holds_in_force(on=AGREED, customer=items[0].customer_id)
    assert [(one.item, one.amount_minor, one.reason) for one in held] == [
        (items[0].id, 4_000, "agreement"),
        (items[1].id, 10_000, "agreement"),
    ]


def test_a_day_agreed_since_outlives_the_opening_of_an_older_case(
    company: Company, items: list[Item], facts: dict[str, Any]
) -> None:
    case = a_case(company, items[:1])
    close_case(case=case.id, proposal=PUT_OFF, **facts)
    later = AGREED + timedelta(days=5)
    known = facts | {"company": company.id}
    defer_items(items=[items[0].id], due_on=later, **known)
    reopen_case(case=case.id, **facts)
    assert due() == [(later, DUE), (DUE, None)]
