"""Today: lists that wait, are being applied, or came to their end, so that nobody has to stay and watch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

from debitora.disputes.actions import answer_case
from debitora.disputes.rules.outcomes import Outcome, Proposal
from debitora.disputes.testing import a_case
from debitora.dunning.rules.policy import Claims, Interest
from debitora.dunning.testing import a_strategy
from debitora.exchange.actions import confirm_list, fail_import
from debitora.exchange.testing import MOMENT, TESTS, a_list_of, applied, previewed
from debitora.kit.runtime import clock_at
from debitora.messaging.actions.incoming import Brought, take_mails
from debitora.people.models import Company
from debitora.receivables.testing import a_customer, an_open_item
from debitora.trail.rules import Actor

Sign = Callable[[Any], Client]
PAGE = "/c/acme/"
STATUTORY = Claims(interest=Interest.STATUTORY)


def seen(client: Client, *, hours: int = 1) -> str:
    with clock_at(MOMENT + timedelta(hours=hours)):
        answer = client.get(PAGE)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(("hours", "shown"), [(1, True), (23, True), (25, False)])
def test_a_list_that_was_applied_is_told_for_a_day(
    client_of: Sign, company: Company, clerk: Any, hours: int, shown: bool
) -> None:
    applied(company, a_list_of(range(1, 4)), name="friday.csv")
    page = seen(client_of(clerk), hours=hours)
    assert ("friday.csv" in page) == shown
    assert ("3 opened, 0 changed, 0 settled" in page) == shown


def test_what_waits_or_is_being_applied_stands_before_what_is_done(
    client_of: Sign, company: Company, clerk: Any
) -> None:
    waiting = previewed(company, a_list_of([1]), name="waits.csv", source="Shop")
    running = previewed(company, a_list_of([2]), name="runs.csv", source="Till")
    applied(company, a_list_of([3]), name="done.csv")
    confirm_list(company=company, list_import=running.id, confirmed=True, by=TESTS, at=MOMENT)
    page = seen(client_of(clerk), hours=1)
    assert page.index("runs.csv") < page.index("waits.csv") < page.index("done.csv")
    assert "being applied" in page
    assert f"/c/acme/imports/{waiting.id}/" in page


def test_a_list_that_could_not_be_applied_says_so(client_of: Sign, company: Company, clerk: Any) -> None:
    found = previewed(company, a_list_of([1]), name="late.csv")
    confirm_list(company=company, list_import=found.id, confirmed=True, by=TESTS, at=MOMENT)
    fail_import(company=company, list_import=found.id, problem="ledger_moved_on", at=MOMENT)
    page = seen(client_of(clerk))
    assert page.index("late.csv") < page.index("applying broke off")


def test_salespeople_are_not_told_of_lists(client_of: Sign, company: Company, sales: Any) -> None:
    applied(company, a_list_of([1]), name="friday.csv")
    assert "friday.csv" not in seen(client_of(sales))


def test_a_new_company_is_led_one_step_at_a_time(client_of: Sign, company: Company, manager: Any) -> None:
    page = seen(client_of(manager))
    assert page.count(">next<") == 1
    assert (
        page.index("Import the open-item list") < page.index(">next<") < page.index("Look at what is overdue")
    )
    applied(company, a_list_of([1]))
    page = seen(client_of(manager))
    assert page.count(">next<") == 1
    assert page.index("Look at what is overdue") < page.index(">next<")


def test_who_may_add_rates_is_told_of_tables_that_end_where_interest_is_claimed(
    client_of: Sign, company: Company, clerk: Any, manager: Any
) -> None:
    told = "Interest is claimed by tables that end soon or have ended:"
    a_strategy(company, kind="business", base="nl-business", claims=Claims(lump_sum=True))
    assert told not in seen(client_of(manager))
    a_strategy(company, kind="business", base="nl-business", name="Dutch", claims=STATUTORY)
    page = seen(client_of(manager))
    assert told in page
    assert "/settings/rates/#nl_commercial" in page
    assert "/settings/rates/#at_base" not in page
    assert told not in seen(client_of(clerk))


def test_what_clarification_waits_for_stands_on_the_first_page(
    client_of: Sign, company: Company, clerk: Any, sales: Any, auditor: Any
) -> None:
    customer = a_customer(company.id, "1", salesperson_id=sales.id)
    case = a_case(company, [an_open_item(company.id, customer, number="R-1")])
    mails = [
        f"From: {one}@payer.example\nSubject: Invoice\n\nIt is paid.\n".encode() for one in ("one", "two")
    ]
    brought = [Brought(f"{len(one)}.eml", sha256(one).hexdigest(), len(one), one) for one in mails]
    take_mails(company=company.id, brought=brought, by=TESTS, at=MOMENT)
    page = seen(client_of(clerk))
    assert "2 mails wait in the inbox" in page
    assert "waits to be closed" not in page
    answer_case(
        company=company, case=case.id, proposal=Proposal(Outcome.VALID), on=MOMENT.date(), by=Actor(sales.id, "user", "sales"), at=MOMENT
    )  # fmt: skip
    assert "1 case is answered and waits to be closed" in seen(client_of(clerk))
    for other in (sales, auditor):
        page = seen(client_of(other))
        assert "in the inbox" not in page
        assert "waits to be closed" not in page
