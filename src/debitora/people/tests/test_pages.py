from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

Sign = Callable[[Any], Client]


def test_a_visitor_is_asked_to_sign_in_and_comes_back(client: Client, company: Any, clerk: Any) -> None:
    answer = client.get("/c/acme/")
    assert answer.status_code == 302
    assert answer["Location"] == "/c/acme/account/login/?next=/c/acme/"
    page = client.get(answer["Location"])
    assert page.status_code == 200
    done = client.post(
        "/account/login/", {"login": "clerk-acme", "password": "correct horse battery", "next": "/c/acme/"}
    )
    assert (done.status_code, done["Location"]) == (302, "/c/acme/")


def test_a_wrong_password_says_so_without_telling_whether_the_login_exists(
    client: Client, clerk: Any
) -> None:
    wrong = client.post("/account/login/", {"login": "clerk-acme", "password": "no"})
    nobody = client.post("/account/login/", {"login": "nobody", "password": "no"})
    assert wrong.status_code == nobody.status_code == 200
    assert wrong.context["form"].errors == nobody.context["form"].errors


def test_the_only_company_is_opened_at_once(client_of: Sign, clerk: Any) -> None:
    assert client_of(clerk).get("/companies/")["Location"] == "/c/acme/"


@pytest.mark.parametrize("place", ["//evil.example/", "https://evil.example/", "javascript:alert(1)"])
def test_w14_the_language_switch_leads_nowhere_else(client_of: Sign, clerk: Any, place: str) -> None:
    answer = client_of(clerk).post("/language/", {"language": "de", "next": place})
    assert answer["Location"] == "/"


def test_pages_speak_the_chosen_language(client_of: Sign, manager: Any) -> None:
    client = client_of(manager)
    assert "People" in client.get("/c/acme/settings/people/").content.decode()
    client.post("/language/", {"language": "de", "next": "/"})
    assert "Personen" in client.get("/c/acme/settings/people/").content.decode()


def test_a_manager_adds_a_person_who_can_then_sign_in(client_of: Sign, manager: Any, client: Client) -> None:
    given = {
        "login": "erika", "name": "Erika Muster", "email": "e@m.example", "language": "de", "role": "clerk",
        "password": "eine gute Kasse",
    }  # fmt: skip
    assert client_of(manager).post("/c/acme/settings/people/new/", given).status_code == 302
    assert (
        client.post("/account/login/", {"login": "erika", "password": "eine gute Kasse"}).status_code == 302
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [({"password": "short"}, "password"), ({"login": "clerk-acme"}, "login"), ({"role": "owner"}, "role")],
)
def test_what_cannot_be_is_said_beside_its_field(
    client_of: Sign, manager: Any, clerk: Any, change: dict[str, str], field: str
) -> None:
    given = {
        "login": "neu",
        "name": "Neu",
        "language": "de",
        "role": "clerk",
        "password": "eine gute Kasse",
    } | change
    answer = client_of(manager).post("/c/acme/settings/people/new/", given)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert answer.context["form"]["name"].value() == "Neu"


def test_the_last_manager_stays_one(client_of: Sign, manager: Any) -> None:
    answer = client_of(manager).post(f"/c/acme/settings/people/{manager.id}/role/", {"role": "clerk"})
    assert answer.status_code == 422
    client_of(manager).post(f"/c/acme/settings/people/{manager.id}/grant/end/")
    assert client_of(manager).get("/c/acme/settings/people/").status_code == 200


def test_h13_a_role_taken_away_counts_from_the_next_request(
    client_of: Sign, manager: Any, clerk: Any
) -> None:
    hers = client_of(clerk)
    assert hers.get("/c/acme/").status_code == 200
    client_of(manager).post(f"/c/acme/settings/people/{clerk.id}/grant/end/")
    assert hers.get("/c/acme/").status_code == 404


def test_w18_a_salesperson_cannot_raise_herself(client_of: Sign, sales: Any, manager: Any) -> None:
    answer = client_of(sales).post(f"/c/acme/settings/people/{sales.id}/role/", {"role": "manager"})
    assert answer.status_code == 403


def test_w01_a_foreign_company_looks_like_one_that_is_not_there(
    client_of: Sign, stranger: Any, company: Any, clerk: Any
) -> None:
    client = client_of(stranger)
    foreign, unknown = client.get("/c/acme/"), client.get("/c/nowhere/")
    assert foreign.status_code == unknown.status_code == 404
    person = client.get(f"/c/umbra/settings/people/{clerk.id}/role/")
    assert person.status_code == 404
