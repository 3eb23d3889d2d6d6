"""What the frame says on every page: where work waits, and that sending is locked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from debitora.config.context import frame
from debitora.dunning.testing import a_late_payer, a_ready_company, a_run
from debitora.exchange.testing import a_list_of, previewed
from debitora.messaging.actions import lock_sending, unlock_sending
from debitora.messaging.testing import MOMENT, TESTS, a_queued_letter
from debitora.people.models import Company
from debitora.receivables.testing import a_customer, an_open_item

Sign = Callable[[Any], Client]
BANNER = 'class="alarm"'


@pytest.fixture
def waiting(company: Company) -> Company:
    """A company with a run to approve, a list that waits and a letter to print."""
    ready = a_ready_company(company)
    a_late_payer(ready, "10001", minors=(11_900,))
    a_run(ready)
    previewed(ready, a_list_of([1]))
    customer = a_customer(ready.id, number="20001", street="Weg 1", city="Ulm")
    a_queued_letter(ready.id, customer, [an_open_item(ready.id, customer, number="B-1")])
    return ready


def counts_on(page: str) -> Mapping[str, str]:
    """What a screen reader says of each place of the navigation where work waits."""
    found = re.findall(r'nav-text">([^<]+)</span><span class="nav-count">(\d+)<span[^>]*>([^<]+)<', page)
    return {place: count + words for place, count, words in found}


@pytest.mark.parametrize("role", ["clerk", "manager"])
def test_the_navigation_counts_what_waits_for_those_who_may_do_it(
    waiting: Company, client_of: Sign, request: pytest.FixtureRequest, role: str
) -> None:
    page = client_of(request.getfixturevalue(role)).get("/c/acme/customers/").content.decode()
    assert counts_on(page) == {"Lists": "1 waiting", "Dunning": "1 waiting", "Deliveries": "1 waiting"}


@pytest.mark.parametrize("role", ["sales", "auditor"])
def test_nothing_waits_for_those_who_only_look(
    waiting: Company, client_of: Sign, request: pytest.FixtureRequest, role: str
) -> None:
    page = client_of(request.getfixturevalue(role)).get("/c/acme/customers/").content.decode()
    assert counts_on(page) == {}


def test_no_count_where_nothing_waits(company: Company, client_of: Sign, clerk: Any) -> None:
    assert counts_on(client_of(clerk).get("/c/acme/customers/").content.decode()) == {}


@pytest.mark.parametrize(("role", "may_look"), [("clerk", True), ("auditor", True), ("sales", False)])
def test_a_lock_of_sending_is_said_on_every_page_and_leads_to_its_reason(
    company: Company, client_of: Sign, request: pytest.FixtureRequest, role: str, may_look: bool
) -> None:
    client = client_of(request.getfixturevalue(role))
    assert BANNER not in client.get("/c/acme/").content.decode()
    lock_sending(company=company.id, note="Wrong letterhead", by=TESTS, at=MOMENT)
    for address in ("/c/acme/", "/c/acme/items/", "/c/acme/customers/"):
        page = client.get(address).content.decode()
        assert BANNER in page
        assert f"by {TESTS.label}" in page
        assert ('href="/c/acme/settings/sending/"' in page) is may_look
    unlock_sending(company=company.id, by=TESTS, at=MOMENT)
    assert BANNER not in client.get("/c/acme/").content.decode()


def test_the_banner_speaks_german(company: Company, client_of: Sign, clerk: Any) -> None:
    lock_sending(company=company.id, note="", by=TESTS, at=MOMENT)
    page = client_of(clerk).get("/c/acme/items/", headers={"accept-language": "de"}).content.decode()
    assert "Der Versand ist gesperrt" in page
    assert "18.11.2026" in page


def test_another_companys_lock_and_work_are_not_shown(
    waiting: Company, stranger: Any, client_of: Sign
) -> None:
    lock_sending(company=waiting.id, note="", by=TESTS, at=MOMENT)
    page = client_of(stranger).get("/c/umbra/customers/").content.decode()
    assert BANNER not in page
    assert counts_on(page) == {}


def test_a_page_without_a_frame_asks_nothing_and_the_lock_is_one_query(
    company: Company, clerk: Any, rf: Any
) -> None:
    request = rf.get("/c/acme/items/")
    request.person, request.company, request.role = clerk, company, "clerk"
    list(frame(request)["companies"])
    with CaptureQueriesContext(connection) as asked:
        context = frame(request)
    assert not [one for one in asked if "messaging" in one["sql"] or "dunning" in one["sql"]]
    with CaptureQueriesContext(connection) as asked:
        assert context["send_lock"]() is None
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("/c/acme/", "Today"),
        ("/c/acme/aging/", "Open items"),
        ("/c/acme/notices/without-recipient/", "Dunning"),
        ("/c/acme/settings/sending/", "Deliveries"),
        ("/c/acme/settings/people/", "Settings"),
    ],
)
def test_the_navigation_marks_the_place_that_the_crumb_names(
    company: Company, client_of: Sign, manager: Any, address: str, place: str
) -> None:
    page = client_of(manager).get(address).content.decode()
    assert re.findall(r'aria-current="page">.*?nav-text">([^<]+)<', page) == [place]
