"""Who is let into a page, and what the others are told: every way out of the gate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DataError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from debitora.kit.pg.company import current_company, serving
from debitora.people.gates import member, page
from debitora.people.models import Company
from debitora.people.rules import UnknownPermission, may

Sign = Callable[[Any], Client]


def test_a_misspelt_permission_neither_grants_nor_hides() -> None:
    with pytest.raises(UnknownPermission):
        page("items.vew")
    with pytest.raises(UnknownPermission):
        may("manager", "items.vew")


def test_a_page_outside_any_company_leads_to_the_companies(client_of: Sign, clerk: Any) -> None:
    answer = client_of(clerk).get("/items/")
    assert (answer.status_code, answer["Location"]) == (302, "/companies/")


def test_another_method_is_refused_with_those_that_there_are(client_of: Sign, clerk: Any) -> None:
    answer = client_of(clerk).post("/c/acme/items/")
    assert (answer.status_code, answer["Allow"]) == (405, "GET")


@pytest.mark.parametrize("address", ["/language/", "/account/sessions/end/", "/account/sessions/1/end/"])
def test_a_button_s_address_outside_of_companies_says_what_it_is_for(
    client_of: Sign, clerk: Any, address: str
) -> None:
    answer = client_of(clerk).get(address)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "It answers a button of its own page" in answer.content.decode()


def test_head_is_answered_as_get_and_never_taken_for_a_post(rf: RequestFactory, clerk: Any) -> None:
    seen: list[str | None] = []

    @page("items.view", methods=("GET", "POST"))
    def shown(request: HttpRequest) -> HttpResponse:
        seen.append(request.method)
        return HttpResponse("shown")

    request: Any = rf.head("/")
    request.person, request.company, request.role = clerk, Company(), "clerk"
    assert shown(request).status_code == 200
    assert seen == ["GET"]


def test_a_person_without_a_role_here_is_not_there(company: Company, stranger: Any, clerk: Any) -> None:
    request: Any = HttpRequest()
    request.company = company
    assert member(request, clerk.id) == (clerk, "clerk")
    for unknown in (stranger.id, 4711):
        with pytest.raises(Http404):
            member(request, unknown)


def test_what_is_not_granted_is_not_there(client_of: Sign, company: Company, stranger: Any) -> None:
    foreign, unknown = (client_of(stranger).get(f"/c/{code}/items/") for code in ("acme", "nowhere"))
    assert foreign.status_code == unknown.status_code == 404


def test_only_files_of_the_program_may_be_kept_by_a_browser(client_of: Sign, clerk: Any) -> None:
    client = client_of(clerk)
    assert client.get("/c/acme/items/")["Cache-Control"] == "no-store"
    assert client.get("/static/missing.js").get("Cache-Control") != "no-store"


def test_serving_another_company_ends_with_its_block(company: Company, other_company: Company) -> None:
    def told() -> str:
        with connection.cursor() as cursor:
            cursor.execute("select current_setting('app.company')")
            return str(cursor.fetchone()[0])

    with transaction.atomic():
        assert told() == str(company.id)
        with serving(other_company.id):
            assert told() == str(other_company.id)
        assert told() == str(company.id)


def test_a_fault_of_the_database_is_not_hidden_by_leaving_the_company(company: Company) -> None:
    with pytest.raises(DataError, match="division by zero"), transaction.atomic(), serving(company.id + 1):  # noqa: SIM117
        with connection.cursor() as cursor:
            cursor.execute("select 1 / 0")
    assert current_company.get() == company.id


def test_a_connection_that_fails_is_tried_once_more(db: None) -> None:
    """As after our own server was killed: it is started again, and asked where it listens now."""
    known = connection.get_connection_params()
    found = connection.get_new_connection({**known, "host": "/nowhere"})
    try:
        assert found.execute("select 1").fetchone() == (1,)
    finally:
        found.close()
