"""W12, W14, W15, W16, W28: forged forms, forged returns, forged hosts; headers and cookies of every address."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from debitora.documents.models import Blob
from debitora.documents.queries import read_bytes
from debitora.kit.pg.company import serving
from debitora.messaging.models import Intent
from tests.security.addresses import EVERY, WRITE, Address, combinations
from tests.security.conftest import signed_in_client
from tests.security.population import House
from tests.security.watching import Watched, body_of, wrong_headers

Sign = Callable[[str], Watched]
PLACES = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "https:///evil.example",
    "\thttps://evil.example",
)


@pytest.mark.parametrize(
    "address",
    [*WRITE, *(one for one in EVERY if one.name.startswith("account_") or one.name == "people:language")],
    ids=str,
)
def test_w12_a_form_from_elsewhere_is_refused(acme: House, address: Address) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in_client(acme, "manager").cookies
    values = next(combinations(address, acme.company.id))
    answer = client.post(address.path("acme", values), {"confirmed": "on", "reason": "forged"})
    assert answer.status_code == 403


def test_w12_a_visitor_s_login_is_checked_too(acme: House) -> None:
    answer = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "x", "password": "y"})
    assert answer.status_code == 403


@pytest.mark.parametrize("place", PLACES)
def test_w14_after_signing_in_one_stays_here(acme: House, place: str) -> None:
    given = {"login": acme.people["clerk"].login, "password": "correct horse battery", "next": place}
    answer = Client().post("/account/login/", given)
    assert answer.status_code == 302
    assert _stays(answer.headers["Location"]), answer.headers["Location"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("path", ["/language/", "/account/logout/", "/account/again/"])
def test_w14_no_way_back_leads_out(acme: House, place: str, path: str) -> None:
    client = signed_in_client(acme, "clerk")
    given = {"language": "de", "password": "correct horse battery", "next": place}
    answer = client.post(path, given)
    assert _stays(answer.headers.get("Location", "/"))


def _stays(location: str) -> bool:
    """Whether a browser takes it for a path of ours."""
    return bool(re.match(r"/(?![/\\])[^\\]*$", location))


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "evil.example:80"]
)
def test_w15_an_unknown_host_is_no_host_of_ours(acme: House, host: str) -> None:
    for path in ("/", "/account/login/", "/c/acme/", "/companies/"):
        answer = Client(headers={"host": host}).get(path)
        assert answer.status_code == 400
        assert host.encode() not in answer.content
        assert wrong_headers(answer) == []


def test_w15_a_forwarded_host_is_not_believed(acme: House) -> None:
    headers = {
        "x-forwarded-host": "evil.example",
        "forwarded": "host=evil.example",
        "x-forwarded-proto": "https",
    }
    answer = Client(headers=headers).get("/c/acme/items/")
    assert answer.headers["Location"].startswith("/c/acme/account/login/")


def test_w15_links_in_mails_lead_to_the_fixed_address_or_nowhere(acme: House) -> None:
    with serving(acme.company.id):
        bodies = [read_bytes(blob) for blob in Blob.objects.filter(id__in=Intent.objects.values("body_id"))]
    assert bodies
    for body in bodies:
        links = re.findall(rb"https?://[^\s\"'<>]+", body)
        assert [
            link for link in links if not link.startswith((settings.BASE_URL.encode(), b"http://www.w3.org/"))
        ] == []


@pytest.mark.parametrize("address", EVERY, ids=str)
def test_w16_every_answer_carries_the_headers(acme: House, address: Address) -> None:
    """To a visitor and to a manager, in the company and, where there is such a thing, outside of it."""
    values = next(combinations(address, acme.company.id))
    for client in (Client(), signed_in_client(acme, "manager")):
        for path in (address.path("acme", values), address.path("acme", values).removeprefix("/c/acme")):
            answer: Any = client.get(path)
            answer.body = body_of(answer)
            assert wrong_headers(answer) == [], path


def test_w28_cookies_are_kept_from_scripts_and_strangers(acme: House) -> None:
    client = Client()
    client.get("/account/login/")
    given = {"login": acme.people["clerk"].login, "password": "correct horse battery"}
    before = dict(client.cookies)
    answer = client.post("/account/login/", given)
    assert answer.cookies
    for name in {*before, *answer.cookies}:
        cookie = client.cookies[name]
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name
        assert cookie["path"] == "/", name
        assert not cookie["domain"], name


def test_w28_the_session_changes_at_sign_in_and_ends_at_sign_out(acme: House) -> None:
    client = Client()
    client.post("/language/", {"language": "de", "next": "/"})
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    given = {"login": acme.people["clerk"].login, "password": "correct horse battery"}
    client.post("/account/login/", given)
    signed_in = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert signed_in != before
    client.post("/account/logout/")
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = signed_in
    assert thief.get("/c/acme/").status_code == 302


def test_over_tls_cookies_and_transport_are_bound_to_it() -> None:
    """Settings follow the base URL, so they are read in a process of their own."""
    names = (
        "SESSION_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_NAME CSRF_COOKIE_SECURE SECURE_HSTS_SECONDS"
    )
    told = subprocess.run(
        [sys.executable, "-c", f"from debitora.config import settings as s; print(*(getattr(s, n) for n in {names.split()}))"],
        env={**os.environ, "DEBITORA_BASE_URL": "https://ar.example", "PYTHONPATH": "src"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.split() == ["__Host-debitora", "True", "__Host-csrf", "True", "31536000"]
