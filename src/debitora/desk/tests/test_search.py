"""The search box finds customers, numbers and amounts, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.test import Client

from debitora.kit.pg.company import serving
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.testing import a_customer, an_open_item

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _at_the_moment(moment: datetime) -> Iterator[None]:
    with clock_at(moment):
        yield


@pytest.fixture
def ledger(company: Company, other_company: Company, sales: User) -> None:
    """Two customers, one of them of the salesperson, with three items; and one of another company."""
    berg = a_customer(company.id, "10001", name="Berg & Co")
    anker = a_customer(company.id, "10002", name="Anker GmbH", salesperson_id=sales.id)
    an_open_item(company.id, berg, number="R-1", minor=119_000)
    an_open_item(company.id, berg, number="R-10", minor=500)
    an_open_item(company.id, anker, number="R-2", minor=119_000)
    with serving(other_company.id):
        theirs = a_customer(other_company.id, "10001", name="Berg secret")
        an_open_item(other_company.id, theirs, number="R-1", minor=119_000)


def _found(client: Client, text: str) -> tuple[set[str], set[str], set[str]]:
    answer = client.get("/c/acme/search/", {"q": text})
    assert answer.status_code == 200
    context = answer.context
    return (
        {row.name for row in context["customers"]},
        {row.number for row in context["items"].numbers},
        {row.number for row in context["items"].amounts},
    )


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1000", ({"Berg & Co", "Anker GmbH"}, set(), set())),
        ("r-", (set(), {"R-1", "R-10", "R-2"}, set())),
        ("R-1", (set(), {"R-1", "R-10"}, set())),
        ("1.190,00", (set(), set(), {"R-1", "R-2"})),
        ("1190", (set(), set(), {"R-1", "R-2"})),
        ("%", (set(), set(), set())),
        ("nothing like it", (set(), set(), set())),
        ("", (set(), set(), set())),
        ("\0", (set(), set(), set())),
    ],
)
def test_a_text_finds(client_of: SignIn, clerk: User, text: str, found: tuple[set[str], ...]) -> None:
    assert _found(client_of(clerk), text) == found


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(("text", "path"), [("berg", "customers"), ("5,00", "items"), ("10002", "customers")])
def test_a_single_answer_opens_at_once(client_of: SignIn, clerk: User, text: str, path: str) -> None:
    answer = client_of(clerk).get("/c/acme/search/", {"q": text})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"/c/acme/{path}/")


@pytest.mark.usefixtures("ledger")
def test_the_first_answer_has_the_focus(client_of: SignIn, clerk: User) -> None:
    text = client_of(clerk).get("/c/acme/search/", {"q": "r-"}).content.decode()
    assert text.count(" autofocus") == 1


@pytest.mark.usefixtures("ledger")
def test_a_salesperson_finds_hers_only(client_of: SignIn, sales: User) -> None:
    client = client_of(sales)
    assert _found(client, "berg") == (set(), set(), set())
    assert client.get("/c/acme/search/", {"q": "1190"}).status_code == 302
