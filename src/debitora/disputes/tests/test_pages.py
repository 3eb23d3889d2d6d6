"""Cases over HTTP: opened from an item or a list, answered by the salesperson, closed by the clerk, and dunning reacts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from debitora.disputes.models import Case, CaseState
from debitora.disputes.testing import MOMENT, a_case
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.models import HoldRelease, Item
from debitora.receivables.testing import a_customer, an_open_item

ClientOf = Callable[[User], Client]
BOARD = "/c/acme/clarification/"
ASKED = {"reason": "price", "amount": "40", "question": "40 were agreed, she says."}


@pytest.fixture(autouse=True)
def that_day() -> Iterator[None]:
    """The clock of the pages stands on the day of the tests."""
    with clock_at(MOMENT):
        yield


@pytest.fixture
def item(company: Company, sales: User) -> Item:
    customer = a_customer(company.id, name="Miller Ltd", salesperson_id=sales.id)
    return an_open_item(company.id, customer, number="R-1")


def text(client: Client, path: str, status: int = 200, **headers: Any) -> str:
    answer = client.get(path, **headers)
    assert answer.status_code == status
    return answer.content.decode()


def test_a_clerk_opens_sales_answers_the_clerk_closes(
    item: Item, client_of: ClientOf, clerk: User, sales: User
) -> None:
    office, seller = client_of(clerk), client_of(sales)
    assert "Nothing has to be clarified" in text(office, BOARD)
    assert "Clarify" in text(office, f"/c/acme/items/{item.id}/cases/")
    assert "Miller Ltd" in text(office, f"/c/acme/items/{item.id}/clarification/")
    assert office.post(f"/c/acme/items/{item.id}/clarification/", ASKED).status_code == 303
    case = Case.objects.get().id
    page = f"{BOARD}{case}/"
    assert "40 were agreed" in text(seller, page)
    assert "Close the case" not in text(seller, page)
    wrong = seller.post(f"{page}answer/", {"outcome": "credit_expected"})
    assert wrong.status_code == 422
    assert "This outcome needs a last day." in wrong.content.decode()
    answer = {"outcome": "credit_expected", "until": "+2", "amount": "30", "note": "My mistake."}
    assert seller.post(f"{page}answer/", answer).status_code == 303
    assert seller.post(f"{page}closure/", answer).status_code == 403
    assert "My mistake." in text(office, page)
    assert "Answered" in text(office, BOARD)
    assert office.post(f"{page}closure/", {"outcome": "valid"}).status_code == 303
    assert HoldRelease.objects.count() == 1
    assert (
        "Somebody has closed that case"
        in office.post(f"{page}closure/", {"outcome": "valid"}, follow=True).content.decode()
    )
    assert office.post(f"{page}reopening/").status_code == 303
    assert CaseState.objects.get().state == "open"
    assert "That case is open" in office.post(f"{page}reopening/", follow=True).content.decode()


def test_several_items_of_one_customer_become_one_case(
    company: Company, item: Item, client_of: ClientOf, clerk: User
) -> None:
    other = an_open_item(company.id, item.customer_id, number="R-2")
    foreign = an_open_item(company.id, a_customer(company.id, "10009"), number="F-1")
    office, path = client_of(clerk), f"{BOARD}opening/"
    assert "Clarify" in text(office, "/c/acme/items/")
    refused = office.post(path, {"chosen": [item.id, foreign.id]}, follow=True).content.decode()
    assert "one customer in one currency" in refused
    assert "200.00" in office.post(path, {"chosen": [item.id, other.id]}).content.decode()
    asked = {"chosen": [item.id, other.id], "reason": "quantity", "question": "Half came."}
    assert office.post(path, asked).status_code == 303
    assert CaseState.objects.get().amount_minor == 20_000
    again = office.post(path, asked, follow=True).content.decode()
    assert "stands in case" in again
    assert Case.objects.count() == 1
    assert office.post(path, {"chosen": [4711]}).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": "100.01"}, "That is more than is open."),
        ({"amount": "-5"}, "This is not an amount in EUR."),
        ({"amount": "much"}, "This is not an amount in EUR."),
        ({"due_on": "31.02."}, "This is not a day."),
        ({"due_on": "17.11.2026"}, "This day is past."),
        ({"question": "  "}, "required"),
        ({"reason": "weather"}, "Select a valid choice"),
        ({"assignee": "4711"}, "Select a valid choice"),
    ],
)
def test_nonsense_is_said_at_its_field_and_opens_nothing(
    item: Item, client_of: ClientOf, clerk: User, wrong: dict[str, str], said: str
) -> None:
    answer = client_of(clerk).post(f"/c/acme/items/{item.id}/clarification/", {**ASKED, **wrong})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Case.objects.exists()


def test_handed_on_and_given_another_day(
    company: Company, item: Item, client_of: ClientOf, clerk: User, manager: User, auditor: User
) -> None:
    page, office = f"{BOARD}{a_case(company, [item]).id}/", client_of(clerk)
    for assignee in (auditor.id, "nobody"):
        assert office.post(f"{page}assignment/", {"assignee": assignee}).status_code == 422
    handed = {"assignee": manager.id, "due_on": "+3", "note": "Please look."}
    assert office.post(f"{page}assignment/", handed).status_code == 303
    assert CaseState.objects.get().assignee_id == manager.id
    assert office.post(f"{page}deadline/", {"due_on": ""}).status_code == 422
    assert office.post(f"{page}deadline/", {"due_on": "24.12.2026"}).status_code == 303
    assert "24/12/2026" in text(office, page)
    office.post(f"{page}closure/", {"outcome": "valid"})
    for what, sent in (
        ("assignment", handed),
        ("deadline", {"due_on": "+1"}),
        ("answer", {"outcome": "valid"}),
    ):
        told = office.post(f"{page}{what}/", sent, follow=True).content.decode()
        assert "Somebody has closed that case" in told


def test_another_salesperson_and_another_company_see_nothing(
    company: Company, item: Item, client_of: ClientOf, sales: User, stranger: User
) -> None:
    foreign = an_open_item(company.id, a_customer(company.id, "10009", name="Hidden Ltd"), number="F-1")
    hidden = a_case(company, [foreign])
    seller = client_of(sales)
    assert "Hidden Ltd" not in text(seller, f"{BOARD}?state=all")
    for path in (f"{BOARD}{hidden.id}/", f"/c/acme/items/{foreign.id}/cases/"):
        text(seller, path, 404)
    assert seller.post(f"{BOARD}{hidden.id}/answer/", {"outcome": "valid"}).status_code == 404
    text(client_of(stranger), f"{BOARD}{hidden.id}/", 404)


def test_an_auditor_reads_and_does_nothing(
    company: Company, item: Item, client_of: ClientOf, auditor: User
) -> None:
    page, looking = f"{BOARD}{a_case(company, [item]).id}/", client_of(auditor)
    shown = text(looking, page)
    assert "40 were agreed" in shown
    assert "Close the case" not in shown
    for what in ("answer", "closure", "assignment", "deadline", "reopening"):
        assert looking.post(f"{page}{what}/", {"outcome": "valid"}).status_code == 403


def test_the_board_narrows_pages_and_exports(
    company: Company, item: Item, client_of: ClientOf, clerk: User, sales: User
) -> None:
    case = a_case(company, [item])
    office = client_of(clerk)
    for query, there in (
        ("", True),
        (f"?owner={sales.id}", True),
        (f"?owner={clerk.id}", False),
        ("?reason=quality", False),
        ("?outcome=valid", False),
        ("?overdue=yes", False),
        ("?state=closed", False),
        ("?state=all&text=Mill&sort=-amount", True),
        ("?text=R-1&column=number&column=items&column=outcome", True),
        ("?after=nonsense&sort=nonsense&state=nonsense", True),
    ):
        assert (f"{BOARD}{case.id}/" in text(office, BOARD + query)) is there, query
    assert "No case fits" in text(office, f"{BOARD}?reason=quality")
    for kind in ("csv", "xlsx"):
        exported = office.get(f"{BOARD}export/{kind}/")
        assert exported.status_code == 200
    assert b"Miller Ltd" in b"".join(office.get(f"{BOARD}export/csv/"))
    text(office, f"{BOARD}export/pdf/", 404)


def test_sheet_item_timeline_and_first_page_tell_of_the_case(
    company: Company, item: Item, client_of: ClientOf, sales: User
) -> None:
    case, seller = a_case(company, [item]), client_of(sales)
    customer = f"/c/acme/customers/{item.customer_id}/"
    assert f"{customer}cases/" in text(seller, customer)
    for path in (f"{customer}cases/", f"/c/acme/items/{item.id}/cases/"):
        assert f"{BOARD}{case.id}/" in text(seller, path)
    assert "Case opened" in text(seller, f"{customer}timeline/?about=cases")
    assert "waits for your answer" not in text(seller, "/c/acme/")
    with clock_at(MOMENT.replace(day=25)):
        assert "1 case waits for your answer" in text(seller, "/c/acme/")
        assert "Overdue" in text(seller, f"{BOARD}?owner={sales.id}&overdue=yes")


def test_the_panel_is_the_same_without_the_frame(
    company: Company, item: Item, client_of: ClientOf, clerk: User
) -> None:
    page, office = f"{BOARD}{a_case(company, [item]).id}/", client_of(clerk)
    in_panel = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "panel"}
    shown = text(office, page, **in_panel)
    assert "<html" not in shown
    assert "hx-post" in shown
    answer = office.post(f"{page}closure/", {"outcome": "valid"}, **in_panel)
    assert answer.headers["HX-Refresh"] == "true"
    gone = office.post(f"/c/acme/items/{item.id}/clarification/", ASKED, **in_panel)
    assert gone.headers["HX-Refresh"] == "true"
    assert Case.objects.count() == 2


def test_what_is_settled_cannot_be_clarified(
    company: Company, item: Item, client_of: ClientOf, clerk: User
) -> None:
    credit = an_open_item(company.id, item.customer_id, number="G-1", minor=-100)
    told = client_of(clerk).get(f"/c/acme/items/{credit.id}/clarification/", follow=True).content.decode()
    assert "nothing to clarify" in told


def test_the_board_says_how_many_it_finds_and_what_they_dispute(
    company: Company, item: Item, client_of: ClientOf, clerk: User, sales: User
) -> None:
    office, seller = client_of(clerk), client_of(sales)
    assert office.post(f"/c/acme/items/{item.id}/clarification/", ASKED).status_code == 303
    other = an_open_item(company.id, a_customer(company.id, "20002", name="Nobody's"), number="R-2")
    a_case(company, [other])
    assert "2 cases</strong>" not in text(office, BOARD)  # the sums stand behind the count
    shown = text(office, BOARD)
    assert "2 cases · " in shown
    assert "1 case · EUR\u00a040.00" in text(office, f"{BOARD}?opener={clerk.id}")
    assert "No case fits" in text(office, f"{BOARD}?opener={sales.id}")
    assert "1 case · EUR\u00a040.00" in text(seller, BOARD)
    assert "Opened by" in text(seller, f"{BOARD}?opener={clerk.id}")
